/** `testnet bond` and `testnet unbond`: the stake of a validator, moved by the wallet of its operator. */
import { bondSigningRoot, signAsValidator, type Validators, validatorKeyOf, type Wallet } from '@dao-gov/node/protocol';
import { clientOf } from './api.ts';
import { type Testnet, TestnetError } from './testnet.ts';
import { executorOf, secretOf, walletOfNode } from './wallets.ts';

export interface Bonding {
  readonly node: number;
  readonly validator: string;
  readonly owner: string;
  readonly transaction: string;
  readonly height: number;
  /** Tokens afterwards: what counts from the next epoch on, and what waits for its release. */
  readonly bond: number;
  readonly unbonding: number;
  readonly status: string;
  /** The epoch that the new bond counts in first. */
  readonly epoch: number;
}

const bonderOf = ({ validators, others }: Validators, key: string) =>
  [...validators, ...others].find((one) => one.key === key);

/** Validators beyond seven belong to the agents of the first seven, so the wallet may lie in another folder. */
function operatorOf(testnet: Testnet, node: number, owner: string | undefined): Wallet {
  const wallets = [node, ...testnet.nodes].flatMap((one) => walletOfNode(testnet, one) ?? []);
  const wallet = owner === undefined ? walletOfNode(testnet, node) : wallets.find(({ address }) => address === owner);
  if (wallet) return wallet;
  const why = owner === undefined ? 'nobody bonds for it, and it has no wallet of its own' : `it belongs to ${owner}`;
  throw new TestnetError(`no wallet to move the bond of node ${node}: ${why}`);
}

/**
 * Moves tokens between the operator's balance and the validator's bond, and waits until that is final.
 * @throws TestnetError with the reason when the contract or the node refuses
 */
export async function moveBond(
  testnet: Testnet,
  node: number,
  verb: 'bond' | 'unbond',
  amount: number,
): Promise<Bonding> {
  const secret = secretOf(testnet, node, 'validator');
  if (!secret) throw new TestnetError(`node ${node} is a full node: it has no bond`);
  const via = [node, ...testnet.nodes].find((one) => testnet.pid(one) !== null);
  if (via === undefined) throw new TestnetError('no node is running: npm run testnet -- up');
  const client = clientOf(testnet, via);
  const validator = validatorKeyOf(secret);
  const owner = bonderOf(await client.validators(), validator)?.owner.address;
  const wallet = operatorOf(testnet, node, owner);
  const { chainId } = await client.chain();
  // Whoever left wholly comes back as a new one, with the proof that the key is its own.
  const entry = verb === 'bond' &&
    owner === undefined && {
      name: `node-${node}`,
      possession: signAsValidator(secret, bondSigningRoot(chainId, validator, wallet.address)),
    };
  const executor = await executorOf(client, wallet);
  const outcome = await executor.perform({ type: verb, args: { validator, amount, ...entry }, evidence: [] });
  executor.stop();
  if (!outcome.ok) throw new TestnetError(`${outcome.code}: ${outcome.detail}`);
  const { transaction, height } = outcome.receipt;
  const [now, { epoch }] = await Promise.all([client.validators(), client.block(height)]);
  const { bond = 0, unbonding = 0, status = 'gone' } = bonderOf(now, validator) ?? {};
  return {
    ...{ node, validator, owner: wallet.address, transaction, height },
    ...{ bond, unbonding, status, epoch: epoch + 1 },
  };
}
