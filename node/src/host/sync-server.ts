/** Answers what peers ask for. Everything is bounded by count and bytes; what is not held is left out. */
import type { ConsensusState } from '../consensus/index.ts';
import type { ChainStore } from '../ports/index.ts';
import { encodeBlock } from '../protocol/ssz.ts';
import type { Block, Certificate, FinalityProof, Hash } from '../protocol/types.ts';
import {
  decodeSyncRequest,
  encodeSyncResponse,
  FETCH_VIEWS_MAX,
  SYNC_BLOCKS_MAX,
  type SyncRequest,
  type SyncResponse,
} from '../protocol/wire.ts';
import type { BlockTree } from './block-tree.ts';
import { SYNC_ANSWER_BYTES_MAX } from './constants.ts';
import type { Mempool } from './mempool.ts';

export interface SyncSource {
  readonly store: ChainStore;
  readonly tree: BlockTree;
  readonly pool: Mempool;
  readonly core: ConsensusState;
}

/** @throws DecodeError on a malformed request, which the network answers by closing the stream */
export async function answerSync(source: SyncSource, bytes: Uint8Array): Promise<Uint8Array> {
  return encodeSyncResponse(await answer(source, decodeSyncRequest(bytes)));
}

async function answer(source: SyncSource, request: SyncRequest): Promise<SyncResponse> {
  switch (request.type) {
    case 'status': {
      const { header, hash } = source.tree.tip;
      return { type: 'status', height: header.height, hash, view: source.core.view };
    }
    case 'blocks':
      return finalRange(source.store, request.fromHeight, Math.min(request.count, SYNC_BLOCKS_MAX));
    case 'block':
      return { type: 'block', block: await blockByHash(source, request.hash) };
    case 'certificates':
      return { type: 'certificates', certificates: certificates(source.core, request) };
    case 'evidence':
      return { type: 'evidence', blobs: await blobs(source, request.hashes) };
  }
}

async function finalRange(store: ChainStore, from: number, count: number): Promise<SyncResponse> {
  const blocks: Block[] = [];
  let finality: FinalityProof | null = null;
  let bytes = 0;
  for (let height = from; height < from + count; height += 1) {
    const stored = await store.blockAt(height);
    // One proof, one epoch: the asker knows the next one's validators only after the last block of this one.
    if (!stored || stored.block.header.epoch !== (blocks[0] ?? stored.block).header.epoch) break;
    bytes += encodeBlock(stored.block).length;
    if (blocks.length > 0 && bytes > SYNC_ANSWER_BYTES_MAX) break;
    blocks.push(stored.block);
    finality = stored.finality;
  }
  return { type: 'blocks', blocks, finality };
}

async function blockByHash({ store, tree, core }: SyncSource, hash: Hash): Promise<Block | null> {
  const held = core.blocks.get(hash) ?? tree.get(hash)?.block;
  if (held) return held;
  const height = await store.heightOf(hash);
  return height === undefined ? null : ((await store.blockAt(height))?.block ?? null);
}

function certificates(
  core: ConsensusState,
  { epoch, fromView, toView }: Extract<SyncRequest, { type: 'certificates' }>,
): Certificate[] {
  if (epoch !== core.config.epoch) return [];
  const found: Certificate[] = [];
  for (let view = fromView; view <= Math.min(toView, fromView + FETCH_VIEWS_MAX - 1); view += 1) {
    const round = core.rounds.get(view);
    if (round?.notarization) found.push(round.notarization);
    if (round?.nullification) found.push(round.nullification);
  }
  return found;
}

async function blobs({ store, pool }: SyncSource, hashes: readonly Hash[]): Promise<Uint8Array[]> {
  const found: Uint8Array[] = [];
  for (const hash of hashes) {
    const blob = pool.blob(hash) ?? (await store.evidence(hash));
    if (blob) found.push(blob);
  }
  return found;
}
