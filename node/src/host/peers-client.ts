/** Asks peers: one question, the peers tried one after the other, the first useful answer wins. */
import type { Network, NodeKey, TelemetrySink } from '../ports/index.ts';
import { DecodeError } from '../protocol/errors.ts';
import { evidenceHash, headerHash } from '../protocol/hashing.ts';
import type { Block, Certificate, Hash } from '../protocol/types.ts';
import {
  decodeSyncResponse,
  encodeSyncRequest,
  FETCH_EVIDENCE_MAX,
  type SyncRequest,
  type SyncResponse,
} from '../protocol/wire.ts';
import { REQUEST_TIMEOUT_MS } from './constants.ts';

type Answer<T extends SyncRequest['type']> = Extract<SyncResponse, { type: T }>;

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
      return response.type === request.type ? (response as Answer<T>) : undefined; // compared just now
    } catch (error) {
      if (error instanceof DecodeError) this.network.blame?.(peer, 'malformed');
      this.telemetry.log('debug', 'peer did not answer', { peer, request: request.type, error: String(error) });
      return undefined;
    }
  }

  /** All connected peers, `first` in front, the others from a different one each time. */
  private order(first: NodeKey | null): NodeKey[] {
    const keys = this.network.peers().map(({ key }) => key);
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

  /** The peer that claims the highest final block above `height`, leaving out those in `except`. */
  async ahead(
    height: number,
    except: ReadonlySet<NodeKey>,
  ): Promise<{ readonly key: NodeKey; readonly height: number } | undefined> {
    const statuses = await Promise.all(
      this.network
        .peers()
        .filter(({ key }) => !except.has(key))
        .map(async ({ key }) => ({ key, status: await this.ask(key, { type: 'status' }) })),
    );
    let best: { key: NodeKey; height: number } | undefined;
    for (const { key, status } of statuses) {
      if (status && status.height > Math.max(height, best?.height ?? 0)) best = { key, height: status.height };
    }
    return best;
  }
}
