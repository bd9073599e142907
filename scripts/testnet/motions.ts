/** `testnet change` and `testnet pay`: a motion by the wallet of a node's agent, followed until the agents have decided. */
import type { CallArgs, MotionView } from '@dao-gov/node/protocol';
import { clientOf, waitFor } from './api.ts';
import { type Testnet, TestnetError } from './testnet.ts';
import { executorOf, walletOfNode } from './wallets.ts';

type Change = CallArgs['propose_parameters']['changes'][number];

/** A change of one parameter, or a payment out of the treasury to a node's agent or an address. */
export type Motion =
  | { readonly kind: 'change'; readonly change: Change }
  | { readonly kind: 'pay'; readonly to: string; readonly amount: number };

/** Longer than any window that a testnet's preset has. */
const DECIDED_MS_MAX = 600_000;
const NODE_PATTERN = /^\d{1,2}$/;

/** A parameter's value as it is typed: whole numbers are numbers. */
export const typedValue = (text: string): Change['value'] => (/^\d{1,16}$/.test(text) ? Number(text) : text);

function addressOf(testnet: Testnet, to: string): string {
  if (!NODE_PATTERN.test(to)) return to;
  const wallet = walletOfNode(testnet, Number(to));
  if (!wallet) throw new TestnetError(`node ${to} has no agent to pay`);
  return wallet.address;
}

/**
 * Makes the motion and waits for its decision.
 * @param onOpen called once with the motion as it is being voted on
 * @throws TestnetError with the reason when the contract refuses it
 */
export async function makeMotion(
  testnet: Testnet,
  node: number,
  motion: Motion,
  reason: string,
  onOpen: (motion: MotionView) => void,
): Promise<MotionView> {
  const wallet = walletOfNode(testnet, node);
  if (!wallet) throw new TestnetError(`node ${node} has no agent that could make a motion`);
  const via = [node, ...testnet.nodes].find((one) => testnet.pid(one) !== null);
  if (via === undefined) throw new TestnetError('no node is running: npm run testnet -- up');
  const client = clientOf(testnet, via);
  const { params } = await client.economics();
  const terms = { stake: params.proposalStakeMin, reason: { en: reason, zh: reason } };
  const executor = await executorOf(client, wallet);
  const outcome = await executor.perform(
    motion.kind === 'change'
      ? { type: 'propose_parameters', args: { ...terms, changes: [motion.change] }, evidence: [] }
      : {
          type: 'propose_spending',
          args: { ...terms, to: addressOf(testnet, motion.to), amount: motion.amount },
          evidence: [],
        },
  );
  executor.stop();
  if (!outcome.ok) throw new TestnetError(`${outcome.code}: ${outcome.detail}`);
  const opened = outcome.receipt.events.find(({ name }) => name === 'MotionOpened');
  const number = Number(opened?.data.number);
  let told = false;
  return waitFor(`the decision on motion ${number}`, DECIDED_MS_MAX, async () => {
    const found = (await client.motions()).items.find((one) => one.number === number);
    if (found && !told) onOpen(found);
    told ||= found !== undefined;
    return found?.status === 'passed' || found?.status === 'rejected' ? found : undefined;
  });
}
