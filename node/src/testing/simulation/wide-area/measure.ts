/**
 * Latency and traffic of consensus across regions, in simulated milliseconds. Distances, jitter, losses and disks are
 * simulated; what the nodes do is the real code. Computation takes no simulated time, so that the figures are those of
 * machines that are fast against the distances. The same seed gives the same figures.
 */
import { transactionHash } from '../../../protocol/hashing.ts';
import type { Hash } from '../../../protocol/types.ts';
import { startWideCluster, type WideCluster } from './cluster.ts';
import { threeHopsMs } from './quorum-hops.ts';
import { delayMatrix } from './regions.ts';

export interface WideAreaOptions {
  readonly validators: number;
  readonly seed: number;
  /** Simulated seconds that are measured. */
  readonly seconds: number;
  /** Transfers a second, over all wallets. */
  readonly rate: number;
}

export interface WideAreaSample {
  readonly validators: number;
  /** Simulated seconds that were measured. */
  readonly seconds: number;
  /** The least that three hops take, of each leader. */
  readonly floorMs: readonly number[];
  /** Start of building to the synced commit, at the proposer. */
  readonly finalityMs: readonly number[];
  /** Handing in to the commit, both at the node beside the client. */
  readonly submitToFinalMs: readonly number[];
  readonly blocks: number;
  readonly transactions: number;
  /** Transfers that were handed in and are not final at the end. */
  readonly unfinished: number;
  /** Of consensus, over all nodes. */
  readonly messages: number;
  readonly bytes: number;
  /** Of gossiped transactions, over all nodes. */
  readonly gossipMessages: number;
}

/** Simulated milliseconds before anything counts: nodes connect, and the first blocks pass. */
const WARM_UP_MS = 3_000;
/** Simulated milliseconds that the last transfers get to become final. */
const DRAIN_MS_MAX = 20_000;
const DRAIN_LOOK_MS = 250;

class Recorder {
  readonly finalityMs: number[] = [];
  readonly submitToFinalMs: number[] = [];
  readonly waiting = new Map<Hash, { readonly node: number; readonly atMs: number; readonly counts: boolean }>();
  blocks = 0;
  transactions = 0;
  measuring = false;

  submitted(hash: Hash, node: number, atMs: number): void {
    this.waiting.set(hash, { node, atMs, counts: this.measuring });
  }

  /** @param hashes transactions of a block that became final at a node */
  final(node: number, hashes: readonly Hash[], nowMs: number): void {
    if (node === 0 && this.measuring) {
      this.blocks += 1;
      this.transactions += hashes.length;
    }
    for (const hash of hashes) {
      const one = this.waiting.get(hash);
      if (one?.node !== node) continue;
      this.waiting.delete(hash);
      if (one.counts) this.submitToFinalMs.push(nowMs - one.atMs);
    }
  }
}

/** Steady transfers for a time, the wallets in turn. */
async function load(cluster: WideCluster, recorder: Recorder, rate: number, forMs: number): Promise<void> {
  const everyMs = 1_000 / rate;
  const count = Math.max(1, Math.round(forMs / everyMs));
  for (let sent = 0; sent < count; sent += 1) {
    const wallet = sent % cluster.wallets;
    const atMs = cluster.time.nowMs;
    const node = wallet % cluster.nodes.length;
    const submitting = cluster.submit(wallet).then((hash) => recorder.submitted(hash, node, atMs));
    await cluster.time.run(forMs / count);
    await submitting;
  }
}

/** One cluster from its start to its end. @throws what a node could not go on after */
export async function measureWideArea(options: WideAreaOptions): Promise<WideAreaSample> {
  const { validators, seed, seconds, rate } = options;
  const recorder = new Recorder();
  const cluster: WideCluster = await startWideCluster(validators, seed, {
    onFinalityMs: (ms) => {
      if (recorder.measuring) recorder.finalityMs.push(ms);
    },
    onFinal: (node, { block }) => recorder.final(node, block.transactions.map(transactionHash), cluster.time.nowMs),
  });
  const { links, time } = cluster;
  await load(cluster, recorder, rate, WARM_UP_MS);
  const before = { ...links.consensus, gossip: links.gossip.messages };
  recorder.measuring = true;
  await load(cluster, recorder, rate, seconds * 1_000);
  recorder.measuring = false;
  const messages = links.consensus.messages - before.messages;
  const bytes = links.consensus.bytes - before.bytes;
  const gossipMessages = links.gossip.messages - before.gossip;
  for (let drained = 0; recorder.waiting.size > 0 && drained < DRAIN_MS_MAX; drained += DRAIN_LOOK_MS) {
    await time.run(DRAIN_LOOK_MS);
  }
  await cluster.stop();
  const { finalityMs, submitToFinalMs, blocks, transactions, waiting } = recorder;
  return {
    ...{ validators, seconds, floorMs: threeHopsMs(delayMatrix(validators)), finalityMs, submitToFinalMs },
    ...{ blocks, transactions, unfinished: waiting.size, messages, bytes, gossipMessages },
  };
}
