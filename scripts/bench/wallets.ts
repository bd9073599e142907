/** Wallets as the load's senders: each signs transfers with the nonces in order, ahead of time where it is asked to. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  canonicalText,
  evidenceHash,
  fromHex,
  type Hash,
  type Transaction,
  transactionHash,
  type Wallet,
} from '@dao-gov/node/protocol';
import { clientOf, waitFor } from '../testnet/api.ts';
import type { Testnet } from '../testnet/testnet.ts';
import { nodeHttp } from './http.ts';
import { nativeWallet } from './native-wallet.ts';

/** Gas of a transfer with one blob is 210; the rest of a limit comes back. */
const GAS_LIMIT = 220;
/** Tokens that a wallet of the load is given: for tens of thousands of transfers, and the agents can pay for all. */
const FUNDS = 10_000_000;
/** Milliseconds for the transfers that fund the wallets to become final on every node. */
const FUNDED_MS_MAX = 120_000;

export interface Signed {
  readonly hash: Hash;
  readonly transaction: Transaction;
  /** The request's body, as text. */
  readonly body: string;
}

export interface Sender {
  /** Number of the node that the transactions go to first. */
  readonly home: number;
  /** The next transfer of one token to the next wallet. */
  next(): Signed;
  /** Signs so many transfers now, for `next` to hand out. */
  prepare(count: number): void;
  /** A transfer to look at; it is never sent. */
  example(): Transaction;
}

interface Transfers {
  readonly chainId: string;
  readonly to: string;
  readonly amount?: number;
  readonly payloadBytes: number;
}

/** One sender for each node with an agent, with the agent's wallet. @param payloadBytes of the evidence blob; 0 for none */
export function sendersOf(testnet: Testnet, chainId: string, payloadBytes: number): readonly Sender[] {
  const wallets = agentWallets(testnet);
  return sendersWith(
    wallets.map(({ wallet }) => wallet),
    wallets.map(({ node }) => node),
    { chainId, payloadBytes },
  );
}

/**
 * More senders than there are agents: new wallets, given tokens by the agents, at home on all nodes in turn. A pool
 * takes a limited number of one sender's transactions, so a fast load needs many senders.
 */
export async function fundedSenders(
  testnet: Testnet,
  chainId: string,
  { count, payloadBytes }: { readonly count: number; readonly payloadBytes: number },
): Promise<readonly Sender[]> {
  const wallets = Array.from({ length: count }, () => nativeWallet(new Uint8Array(randomBytes(32))));
  const agents = agentWallets(testnet);
  await Promise.all(
    agents.map(async ({ node, wallet }, index) => {
      const http = nodeHttp(testnet.url(node));
      let nonce = (await clientOf(testnet, node).account(wallet.address)).nextNonce;
      for (const to of wallets.filter((_, at) => at % agents.length === index)) {
        const { body } = sign(wallet, nonce++, { chainId, to: to.address, amount: FUNDS, payloadBytes: 0 });
        const refused = await http.submit(body);
        if (refused !== null) throw new Error(`a wallet of the load could not be funded: ${refused}`);
      }
      http.close();
    }),
  );
  await everywhere(
    testnet,
    wallets.slice(-agents.length).map(({ address }) => address),
  );
  const homes = wallets.map((_, index) => (index % testnet.nodes.length) + 1);
  return sendersWith(wallets, homes, { chainId, payloadBytes });
}

/** Waits until the accounts are final at one node, and every node is as far as that one. */
async function everywhere(testnet: Testnet, addresses: readonly string[]): Promise<void> {
  const [first = 1] = testnet.nodes;
  const witness = clientOf(testnet, first);
  for (const address of addresses) {
    await waitFor(`wallet ${address} of the load`, FUNDED_MS_MAX, () => witness.account(address));
  }
  const { height } = await witness.chain();
  for (const node of testnet.nodes) {
    const client = clientOf(testnet, node);
    await waitFor(
      `node ${node} at height ${height}`,
      FUNDED_MS_MAX,
      async () => (await client.chain()).height >= height,
    );
  }
}

function agentWallets(testnet: Testnet): readonly { readonly node: number; readonly wallet: Wallet }[] {
  const keyFile = (node: number): string => join(dirname(testnet.configFile(node)), 'wallet.key');
  return testnet.nodes
    .filter((node) => existsSync(keyFile(node)))
    .map((node) => ({ node, wallet: nativeWallet(fromHex(readFileSync(keyFile(node), 'utf8').trim(), 32)) }));
}

const sendersWith = (
  wallets: readonly Wallet[],
  homes: readonly number[],
  shared: Omit<Transfers, 'to'>,
): readonly Sender[] =>
  wallets.map((wallet, index) => {
    const transfers = { ...shared, to: wallets[(index + 1) % wallets.length]?.address ?? '' };
    const ready: Signed[] = [];
    let nonce = 0;
    const signNext = (): Signed => sign(wallet, nonce++, transfers);
    let example: Transaction | undefined;
    return {
      home: homes[index] ?? 1,
      next: () => ready.shift() ?? signNext(),
      prepare: (count) => {
        while (ready.length < count) ready.push(signNext());
      },
      example: () => {
        example ??= sign(wallet, nonce, transfers).transaction;
        return example;
      },
    };
  });

function sign(wallet: Wallet, nonce: number, { chainId, to, amount = 1, payloadBytes }: Transfers): Signed {
  const blobs = payloadBytes > 0 ? [new Uint8Array(randomBytes(payloadBytes))] : [];
  const transaction = wallet.sign({
    chainId,
    type: 'transfer',
    sender: wallet.address,
    publicKey: wallet.publicKey,
    nonce,
    gasPrice: 1,
    gasLimit: GAS_LIMIT,
    args: canonicalText({ to, amount }),
    evidence: blobs.map(evidenceHash),
  });
  const encoded = blobs.map((blob) => Buffer.from(blob).toString('base64'));
  return { hash: transactionHash(transaction), transaction, body: JSON.stringify({ transaction, blobs: encoded }) };
}
