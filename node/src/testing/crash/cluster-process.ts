/**
 * A process that lives once: it starts a cluster on whatever the life before left on disk, proves that the chain goes
 * on and that every transfer ran once, and then kills itself at a crash point.
 * Usage: cluster-process DIRECTORY RECORDS POINT|none starting|running
 */
import { mkdirSync, openSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { utf8Bytes } from '../../protocol/bytes.ts';
import { canonicalText } from '../../protocol/canonical.ts';
import { type AdmissionCode, AdmissionError } from '../../protocol/errors.ts';
import { evidenceHash, transactionHash } from '../../protocol/hashing.ts';
import type { Hash } from '../../protocol/types.ts';
import type { TransactionEnvelope } from '../../protocol/wire.ts';
import { testAgent } from '../chain-kit.ts';
import { cheaplySigned } from '../simulation/cheap-keys.ts';
import { DoomedCluster } from './doomed-cluster.ts';
import { readRecords, writeRecord } from './records.ts';

/** Blocks that must follow a start before it counts as recovered. */
const BLOCKS_AFTER_START = 2;
const LOOK_MS = 10;
/** How a node answers what it has, or has executed. */
const REFUSED_AGAIN: ReadonlySet<AdmissionCode> = new Set<AdmissionCode>(['TX_KNOWN', 'TX_NONCE_USED']);
/** A machine may be busy; a cluster that hangs must not. */
const RECOVERY_MS_MAX = 60_000;

const [directory = '', recordsFile = '', point = 'none', phase = 'running'] = process.argv.slice(2);
const sender = testAgent('fault_mapper');
const receiver = testAgent('solution_engineer');

mkdirSync(directory, { recursive: true });
const records = openSync(recordsFile, 'a');
let armed = phase === 'starting';

function die(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exit(1);
}

const cluster = new DoomedCluster({
  directory,
  records,
  onFatal: die,
  reach: (reached) => {
    if (!armed || reached !== point) return;
    writeRecord(records, { type: 'killed', point });
    process.kill(process.pid, 'SIGKILL');
  },
});

const envelopeOf = (nonce: number): TransactionEnvelope => {
  const blob = utf8Bytes(`observation ${nonce}`);
  const transaction = cheaplySigned({
    chainId: cluster.genesis.chainId,
    type: 'transfer',
    sender: sender.wallet.address,
    publicKey: sender.wallet.publicKey,
    nonce,
    gasPrice: 1,
    gasLimit: 1_000,
    args: canonicalText({ to: receiver.wallet.address, amount: 1 }),
    evidence: [evidenceHash(blob)],
  });
  return { transaction, blobs: [blob] };
};

/** A client that knows nothing of the crash sends again whatever it ever sent. What ran already must be refused. */
async function submit(nonce: number): Promise<void> {
  for (const node of cluster.nodes) {
    try {
      await node.submit(envelopeOf(nonce));
    } catch (error) {
      if (!(error instanceof AdmissionError) || !REFUSED_AGAIN.has(error.code)) throw error;
    }
  }
}

function transfersOf(chain: string): number {
  return readRecords(recordsFile).filter((record) => record.type === 'transfer' && record.chain === chain).length;
}

async function transfer(): Promise<Hash> {
  const chain = cluster.genesis.chainId;
  const nonce = transfersOf(chain);
  writeRecord(records, { type: 'transfer', chain, nonce });
  await submit(nonce);
  return transactionHash(envelopeOf(nonce).transaction);
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + RECOVERY_MS_MAX;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`${what} did not happen in ${RECOVERY_MS_MAX} ms`);
    await pause(LOOK_MS);
  }
}

/** Every node has executed every transfer that was ever sent on this chain, once. */
async function assertOnce(count: number): Promise<void> {
  const wanted = Array.from({ length: count }, (_, nonce) => transactionHash(envelopeOf(nonce).transaction));
  for (const node of cluster.nodes) {
    const { height, state } = node.final();
    const found: Hash[] = [];
    for (let at = 1; at <= height; at += 1) {
      for (const transaction of (await node.store.blockAt(at))?.block.transactions ?? []) {
        found.push(transactionHash(transaction));
        if (!(await node.store.hasEvidence(transaction.evidence[0] ?? ''))) throw new Error(`no evidence at ${at}`);
      }
    }
    if (found.sort().join() !== wanted.toSorted().join()) throw new Error(`${node.name}: ${found} are not ${wanted}`);
    const start = cluster.genesis.agents.find(({ address }) => address === receiver.wallet.address)?.balance ?? 0;
    const balance = state.get('account', receiver.wallet.address)?.balance;
    if (balance !== start + count) throw new Error(`${node.name}: balance ${balance} after ${count} transfers`);
  }
}

async function recover(): Promise<void> {
  const from = Math.max(...cluster.nodes.map((node) => node.final().height));
  for (let nonce = 0; nonce < transfersOf(cluster.genesis.chainId); nonce += 1) await submit(nonce);
  const last = await transfer();
  await until('the chain going on', async () => {
    for (const node of cluster.nodes) {
      if (node.final().height < from + BLOCKS_AFTER_START || !(await node.store.placeOf(last))) return false;
    }
    return true;
  });
  const chain = cluster.genesis.chainId;
  const transfers = transfersOf(chain);
  await assertOnce(transfers);
  writeRecord(records, { type: 'recovered', chain, height: from + BLOCKS_AFTER_START, transfers });
}

try {
  writeRecord(records, { type: 'life', point });
  await cluster.start();
  await recover();
  if (point === 'none') {
    await cluster.stop();
    process.exit(0);
  }
  if (armed) throw new Error(`the start did not pass ${point}`);
  armed = true;
  if (point.startsWith('discard.') || point.startsWith('genesis.')) await cluster.reset();
  for (;;) {
    const last = await transfer();
    await until(`point ${point}`, async () => (await cluster.nodes[0]?.store.placeOf(last)) !== undefined);
  }
} catch (error) {
  die(error);
}
