/** What must hold after everything: one chain on all nodes, nothing lost, nobody signed twice. */
import type { Hash } from '@dao-gov/node/protocol';
import type { Load } from '../bench/load.ts';
import { sampleNode } from '../bench/metrics.ts';
import { clientOf } from '../testnet/api.ts';
import type { Testnet } from '../testnet/testnet.ts';

/** Blocks of one page of the gateway. */
const PAGE_BLOCKS = 200;
const DOUBLE_SIGNS = 'dao_gov_equivocations_seen_total';

/** One node's hashes of blocks 1 to `height`; the place in the list is the height less 1. */
async function hashesOf(testnet: Testnet, node: number, height: number): Promise<readonly Hash[]> {
  const hashes: Hash[] = [];
  let before: string | undefined = String(height + 1);
  while (before !== undefined) {
    const { items, next } = await clientOf(testnet, node).blocks({ limit: PAGE_BLOCKS, before });
    for (const block of items) if (block.height > 0) hashes[block.height - 1] = block.hash;
    before = next ?? undefined;
  }
  return hashes;
}

/** Heights up to the shortest chain at which two chains differ. */
export function forksOf(chains: readonly (readonly Hash[])[]): readonly number[] {
  const common = Math.min(...chains.map(({ length }) => length));
  return Array.from({ length: common }, (_, index) => index + 1).filter(
    (height) => new Set(chains.map((chain) => chain[height - 1])).size > 1,
  );
}

export interface Compared {
  readonly height: number;
  readonly forks: readonly number[];
}

/** Compares every block on all nodes up to the height that all have. */
export async function compareChains(testnet: Testnet): Promise<Compared> {
  const heights = await Promise.all(testnet.nodes.map(async (node) => (await clientOf(testnet, node).chain()).height));
  const height = Math.min(...heights);
  const chains = await Promise.all(testnet.nodes.map((node) => hashesOf(testnet, node, height)));
  return { height, forks: forksOf(chains) };
}

/**
 * Accepted transactions that no block of node `node` holds at the end; those that were final once and are gone are
 * among them.
 */
export async function lostTransactions(testnet: Testnet, node: number, load: Load): Promise<readonly Hash[]> {
  const wanted = [...load.submissions.values()].filter(({ acceptedAt }) => acceptedAt !== null).map(({ hash }) => hash);
  const { height } = await clientOf(testnet, node).chain();
  const found = new Set<Hash>();
  const busy = load.blocks.filter((block) => block.transactionCount > 0 && block.height <= height);
  for (const { height: at } of busy) {
    for (const { hash } of (await clientOf(testnet, node).block(at)).transactions) found.add(hash);
  }
  return wanted.filter((hash) => !found.has(hash));
}

/** Double signatures that the nodes have counted since each was started last. */
export async function doubleSigns(testnet: Testnet, nodes: readonly number[]): Promise<number> {
  const samples = await Promise.all(nodes.map((node) => sampleNode(testnet, node)));
  return samples.reduce((sum, { metrics }) => sum + (metrics.get(DOUBLE_SIGNS) ?? 0), 0);
}
