/** Answers what peers ask for. Everything is bounded by count and bytes; what is not held is left out. */
import type { ConsensusState } from '../consensus/index.ts';
import type { ChainStore } from '../ports/index.ts';
import { decodeBlockHeader } from '../protocol/ssz.ts';
import type { Block, Certificate, FinalityProof, Hash } from '../protocol/types.ts';
import {
  decodeSyncRequest,
  encodeBlocksResponse,
  encodeSyncResponse,
  FETCH_VIEWS_MAX,
  SYNC_BLOCKS_MAX,
  type SyncRequest,
  type SyncResponse,
} from '../protocol/wire.ts';
import type { BlockTree } from './block-tree.ts';
import { SYNC_ANSWER_BYTES_MAX, SYNC_DESCENDANTS_MAX } from './constants.ts';
import type { Mempool } from './mempool.ts';

export interface SyncSource {
  readonly store: ChainStore;
  readonly tree: BlockTree;
  readonly pool: Mempool;
  readonly core: ConsensusState;
}

/** @throws DecodeError on a malformed request, which the network answers by closing the stream */
export async function answerSync(source: SyncSource, bytes: Uint8Array): Promise<Uint8Array> {
  const request = decodeSyncRequest(bytes);
  if (request.type === 'blocks') {
    return finalRange(source.store, request.fromHeight, Math.min(request.count, SYNC_BLOCKS_MAX));
  }
  return encodeSyncResponse(await answer(source, request));
}

async function answer(source: SyncSource, request: Exclude<SyncRequest, { type: 'blocks' }>): Promise<SyncResponse> {
  switch (request.type) {
    case 'status':
      return statusOf(source.tree, source.core);
    case 'block':
      return { type: 'block', block: await blockByHash(source, request.hash) };
    case 'certificates':
      return { type: 'certificates', certificates: certificates(source.core, request) };
    case 'evidence':
      return { type: 'evidence', blobs: await blobs(source, request.hashes) };
  }
}

/** Where this node stands: the answer to a question, and what followers are told unasked. */
export function statusOf({ tip }: BlockTree, { view }: ConsensusState): SyncResponse {
  return { type: 'status', height: tip.header.height, hash: tip.hash, view };
}

/** Blocks of one epoch, so that one validator set verifies them. */
async function finalRange(store: ChainStore, from: number, count: number): Promise<Uint8Array> {
  const found = withinAnswer(await store.blockBytes(from, count));
  const proofAt = async (height: number): Promise<FinalityProof | null> =>
    (await store.blockAt(height))?.finality ?? null;
  for (let length = found.length; length > 0; length -= 1) {
    const finality = await proofAt(from + length - 1);
    if (finality && finality.descendants.length <= SYNC_DESCENDANTS_MAX) {
      return encodeBlocksResponse(found.slice(0, length), finality);
    }
  }
  return encodeBlocksResponse(found, await proofAt(from + found.length - 1));
}

/** As many of the blocks as one answer may hold, at least one, and none of a later epoch than the first. */
function withinAnswer(blocks: readonly Uint8Array[]): readonly Uint8Array[] {
  const epochOf = (block: Uint8Array | undefined): number | undefined => block && decodeBlockHeader(block).epoch;
  const epoch = epochOf(blocks[0]);
  const isOneEpoch = epochOf(blocks.at(-1)) === epoch;
  let bytes = 0;
  const end = blocks.findIndex((block, index) => {
    bytes += block.length;
    return index > 0 && (bytes > SYNC_ANSWER_BYTES_MAX || (!isOneEpoch && epochOf(block) !== epoch));
  });
  return end < 0 ? blocks : blocks.slice(0, end);
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
