/** Transactions in the name of a testnet's agents: their wallets lie in the folders of the nodes. */
import { existsSync, readFileSync } from 'node:fs';
import { type AgentClock, DaoExecutor, remoteLedger, silentSink } from '@dao-gov/agent-runtime';
import type { ApiClient } from '@dao-gov/node/client';
import { fromHex, type Wallet, walletOf } from '@dao-gov/node/protocol';
import type { Testnet } from './testnet.ts';

/** A 32-byte secret of a node's folder; undefined where the node has none. */
export function secretOf(testnet: Testnet, node: number, key: 'wallet' | 'validator'): Uint8Array | undefined {
  const file = testnet.keyFile(node, key);
  return existsSync(file) ? fromHex(readFileSync(file, 'utf8').trim(), 32) : undefined;
}

/** The wallet of a node's agent; undefined for a node without one. */
export function walletOfNode(testnet: Testnet, node: number): Wallet | undefined {
  const secret = secretOf(testnet, node, 'wallet');
  return secret && walletOf(secret);
}

const clock: AgentClock = {
  monotonicMs: () => performance.now(),
  at: (monotonicMs, callback) => {
    const timer = setTimeout(callback, Math.max(0, monotonicMs - performance.now()));
    return () => clearTimeout(timer);
  },
};

/**
 * What an agent performs its intents with, over a node's gateway: it follows each until it is final. To be stopped.
 * @throws LedgerError when the node does not answer
 */
export async function executorOf(client: ApiClient, wallet: Wallet): Promise<DaoExecutor> {
  const ledger = await remoteLedger(client, wallet.address);
  return new DaoExecutor({ ledger, wallet, clock, sink: silentSink });
}
