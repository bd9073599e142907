/** The agents' wallets as the load's senders: each signs transfers with the nonces in order. */
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
  walletOf,
} from '@dao-gov/node/protocol';
import type { Testnet } from '../testnet/testnet.ts';

/** Gas of a transfer with one blob is 210; the rest of a limit comes back. */
const GAS_LIMIT = 220;

export interface Signed {
  readonly hash: Hash;
  readonly transaction: Transaction;
  readonly blobs: readonly Uint8Array[];
}

export interface Sender {
  /** Number of the node that the transactions go to first. */
  readonly home: number;
  /** The next transfer of one token to the next agent. */
  next(): Signed;
}

/** One sender for each node with an agent. @param payloadBytes size of the evidence blob; 0 for none */
export function sendersOf(testnet: Testnet, chainId: string, payloadBytes: number): readonly Sender[] {
  const keyFile = (node: number): string => join(dirname(testnet.configFile(node)), 'wallet.key');
  const wallets = testnet.nodes
    .filter((node) => existsSync(keyFile(node)))
    .map((node) => ({ node, wallet: walletOf(fromHex(readFileSync(keyFile(node), 'utf8').trim(), 32)) }));
  return wallets.map(({ node, wallet }, index) => {
    const to = wallets[(index + 1) % wallets.length]?.wallet.address ?? '';
    return { home: node, next: signing(wallet, { chainId, to, payloadBytes }) };
  });
}

interface Transfers {
  readonly chainId: string;
  readonly to: string;
  readonly payloadBytes: number;
}

function signing(wallet: Wallet, { chainId, to, payloadBytes }: Transfers): () => Signed {
  const args = canonicalText({ to, amount: 1 });
  let nonce = 0;
  return () => {
    const blobs = payloadBytes > 0 ? [new Uint8Array(randomBytes(payloadBytes))] : [];
    const transaction = wallet.sign({
      chainId,
      type: 'transfer',
      sender: wallet.address,
      publicKey: wallet.publicKey,
      nonce: nonce++,
      gasPrice: 1,
      gasLimit: GAS_LIMIT,
      args,
      evidence: blobs.map(evidenceHash),
    });
    return { hash: transactionHash(transaction), transaction, blobs };
  };
}
