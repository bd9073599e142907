/** Asks peers: one question, the peers tried one after the other, the first useful answer wins. */
import type { Network, NodeKey, TelemetrySink } from '../ports/index.ts';
import { DecodeError } from '../protocol/errors.ts';
import { evidenceHash, headerHash } from '../protocol/hashing.ts';
import type { Block, Certificate, FinalityProof, Hash } from '../protocol/types.ts';
import {
  decodeSyncResponse,
  encodeSyncRequest,
  FETCH_EVIDENCE_MAX,
  type SyncRequest,
  type SyncResponse,
} from '../protocol/wire.ts';
import { REQUEST_TIMEOUT_MS } from './constants.ts';

type Answer<T extends SyncRequest['type']> = Extract<SyncResponse, { type: T }> & {
  /** Length of the answer as it came. */
  readonly bytes: number;
};

/** Blocks as a peer gave them: nothing is verified yet but their numbering. */
export interface BlockRange {
  readonly peer: NodeKey;
  /** Height of the first. */
  readonly from: number;
  readonly blocks: readonly Block[];
  /** What it says makes the last one final. */
  readonly finality: FinalityProof;
  readonly bytes: number;
}

export class PeersClient {
  private readonly network: Network;
  private readonly telemetry: TelemetrySink;
  private turn = 0;

  constructor(network: Network, telemetry: TelemetrySink) {
    this.network = network;
    this.telemetry = telemetry;
  }

  /** One peer's answer; undefined when it has none, is slow, or talks nonsense. */
  async ask<T extends SyncRequest['type']>(
    peer: NodeKey,
    request: Extract<SyncRequest, { type: T }>,
  ): Promise<Answer<T> | undefined> {
    try {
      const bytes = await this.network.requestSync(peer, encodeSyncRequest(request), REQUEST_TIMEOUT_MS);
      const response = decodeSyncResponse(bytes);
      // The type was compared just now.
      return response.type === request.type ? ({ ...response, bytes: bytes.length } as Answer<T>) : undefined;
    } catch (error) {
      if (error instanceof DecodeError) this.network.blame?.(peer, 'malformed');
      this.telemetry.log('debug', 'peer did not answer', { peer, request: request.type, error: String(error) });
      return undefined;
    }
  }

  /** All connected peers, `first` in front, the others from a different one each time. */
  private order(first: NodeKey | null): NodeKey[] {
    const keys = this.peers();
    this.turn += 1;
    const rotated = keys.map((_, index) => keys[(index + this.turn) % keys.length] as NodeKey); // index within
    return first && keys.includes(first) ? [first, ...rotated.filter((key) => key !== first)] : rotated;
  }

  async block(hash: Hash, first: NodeKey | null): Promise<Block | undefined> {
    for (const peer of this.order(first)) {
      const block = (await this.ask(peer, { type: 'block', hash }))?.block;
      if (block && headerHash(block.header) === hash) return block;
    }
    return undefined;
  }

  /** Certificates are verified by consensus, which takes what it can use. */
  async certificates(
    epoch: number,
    fromView: number,
    toView: number,
    first: NodeKey | null,
  ): Promise<readonly Certificate[]> {
    for (const peer of this.order(first)) {
      const found = (await this.ask(peer, { type: 'certificates', epoch, fromView, toView }))?.certificates;
      if (found && found.length > 0) return found;
    }
    return [];
  }

  /** As many of the blobs as peers hold, by hash. */
  async evidence(wanted: readonly Hash[], first: NodeKey | null): Promise<ReadonlyMap<Hash, Uint8Array>> {
    const found = new Map<Hash, Uint8Array>();
    for (const peer of this.order(first)) {
      const missing = wanted.filter((hash) => !found.has(hash));
      if (missing.length === 0) break;
      for (let from = 0; from < missing.length; from += FETCH_EVIDENCE_MAX) {
        const hashes = missing.slice(from, from + FETCH_EVIDENCE_MAX);
        for (const blob of (await this.ask(peer, { type: 'evidence', hashes }))?.blobs ?? []) {
          const hash = evidenceHash(blob);
          if (missing.includes(hash)) found.set(hash, blob);
        }
      }
    }
    return found;
  }

  /** Final blocks from one peer, `from` first and one after the other; undefined when it gives anything else. */
  async range(peer: NodeKey, from: number, count: number): Promise<BlockRange | undefined> {
    const answer = await this.ask(peer, { type: 'blocks', fromHeight: from, count });
    if (!answer?.finality || answer.blocks.length === 0 || answer.blocks.length > count) return undefined;
    const { blocks, finality, bytes } = answer;
    return blocks.every(({ header }, index) => header.height === from + index)
      ? { peer, from, blocks, finality, bytes }
      : undefined;
  }

  /** How far a peer is; undefined when it does not say. */
  async height(peer: NodeKey): Promise<number | undefined> {
    return (await this.ask(peer, { type: 'status' }))?.height;
  }

  peers(): readonly NodeKey[] {
    return this.network.peers().map(({ key }) => key);
  }
}
