import { type ChainStore, StoreError } from '../ports/index.ts';
import type { Genesis } from '../protocol/genesis.ts';
import { headerHash } from '../protocol/hashing.ts';
import { genesisHeader, genesisState, stateOf } from '../vm/index.ts';
import type { FinalTip } from './block-tree.ts';

/**
 * Where the chain on disk ends, with the state rebuilt and checked against the block that certifies it. A new store is
 * bound to its genesis first.
 *
 * @throws StoreError WRONG_GENESIS, CORRUPT
 */
export async function loadTip(store: ChainStore, genesis: Genesis): Promise<FinalTip> {
  const header = genesisHeader(genesis);
  const hash = headerHash(header);
  const initial = genesisState(genesis);
  await store.initialise(hash, new Map(initial.entries('')));
  const tip = await store.tip();
  if (!tip || tip.height === 0) return { header, hash, state: initial };
  const stored = await store.blockAt(tip.height);
  const entries: (readonly [string, string])[] = [];
  for await (const entry of store.state()) entries.push(entry);
  const state = stateOf(entries);
  if (!stored || state.root() !== stored.block.header.stateRoot) {
    const { location } = store;
    const advice = `delete ${location} and let the node sync again`;
    throw new StoreError('CORRUPT', `the state does not match block ${tip.height}; ${advice}`, { path: location });
  }
  return { header: stored.block.header, hash: tip.hash, state };
}
