/**
 * The live stream. A follower has no queue: it has a height, and each time its socket takes more, the next frame is
 * made for it (or taken from those that are shared). So a slow reader costs nothing, and one that falls too far behind
 * is told to load everything anew.
 */

import type { Clock, NodeView, TelemetrySink } from '../ports/index.ts';
import {
  STREAM_HEARTBEAT_MS,
  STREAM_LAG_BLOCKS_MAX,
  STREAM_MISSED_HEARTBEATS_MAX,
  STREAM_RETRY_MS,
  STREAM_STATUS_INTERVAL_MS,
  STREAMS_MAX,
  STREAMS_PER_ADDRESS_MAX,
} from './constants.ts';
import { BlockFrames, frameOf, type StreamEvents } from './frames.ts';
import { HttpProblem } from './problems.ts';
import type { ChainReads } from './reads.ts';
import type { LogComposer } from './views/log.ts';

export interface StreamDeps {
  readonly node: NodeView;
  readonly reads: ChainReads;
  readonly log: LogComposer;
  readonly clock: Clock;
  readonly telemetry: TelemetrySink;
  readonly streamsMax?: number;
}

export interface StreamRequest {
  readonly remote: string;
  /** Height after which to resume. */
  readonly after?: number;
  /** Closes the socket of a reader that no longer reads. */
  readonly abort: () => void;
}

/** One reader. */
interface Follower {
  readonly request: StreamRequest;
  /** Height of the last block that was sent. */
  height: number;
  /** Number of the last status that was sent. */
  status: number;
  /** Frames that go before anything else. */
  first: string | undefined;
  /** Set by each heartbeat, cleared when a frame was taken. */
  heartbeatsDue: number;
  /** Why the stream ends, once that is decided; then whether that was said. */
  ending: string | null;
  told: boolean;
  wake: (() => void) | undefined;
}

export class StreamHub {
  readonly #deps: StreamDeps;
  readonly #followers = new Set<Follower>();
  readonly #frames: BlockFrames;
  readonly #timers = new Map<'heartbeat' | 'status', () => void>();
  readonly #unsubscribe: () => void;
  /** Counts the wake-ups, so that none is lost between looking and sleeping. */
  #pulse = 0;
  #statusNumber = 0;
  #statusAtMs = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(deps: StreamDeps) {
    this.#deps = deps;
    this.#frames = new BlockFrames(deps.reads, deps.log);
    this.#unsubscribe = deps.node.subscribe(() => {
      this.#statusChanged();
      this.#wakeAll();
    });
  }

  get size(): number {
    return this.#followers.size;
  }

  /** @throws HttpProblem TOO_MANY_STREAMS, NOT_READY */
  open(request: StreamRequest): ReadableStream<Uint8Array> {
    if (this.#closed) throw new HttpProblem('NOT_READY', 'the node stops');
    const ofAddress = [...this.#followers].filter((one) => one.request.remote === request.remote).length;
    if (this.size >= (this.#deps.streamsMax ?? STREAMS_MAX) || ofAddress >= STREAMS_PER_ADDRESS_MAX) {
      throw new HttpProblem('TOO_MANY_STREAMS', 'too many streams are open', { headers: { 'retry-after': '10' } });
    }
    const follower = this.#follower(request);
    this.#followers.add(follower);
    this.#armHeartbeat();
    const encoder = new TextEncoder();
    return new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const frame = await this.#next(follower);
        if (!this.#followers.has(follower)) return; // the reader has gone meanwhile
        if (frame !== undefined) return controller.enqueue(encoder.encode(frame));
        this.#drop(follower);
        controller.close();
      },
      cancel: () => this.#drop(follower),
    });
  }

  /** Tells every follower to load everything anew, and ends its stream. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#unsubscribe();
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    for (const follower of this.#followers) follower.ending ??= 'the node starts anew';
    this.#wakeAll();
  }

  #follower(request: StreamRequest): Follower {
    const tip = this.#deps.node.final().height;
    const { after = tip } = request;
    const resumable = after <= tip && tip - after <= STREAM_LAG_BLOCKS_MAX;
    const reset = resumable ? '' : frameOf('reset', { reason: 'this node cannot resume there' }, '');
    const height = resumable ? after : tip;
    const first = `retry: ${STREAM_RETRY_MS}\n\n${reset}${frameOf('status', this.#status(), height)}`;
    const status = this.#statusNumber;
    return { request, height, status, first, heartbeatsDue: 0, ending: null, told: false, wake: undefined };
  }

  #drop(follower: Follower): void {
    this.#followers.delete(follower);
    follower.wake?.();
  }

  /** The next frame, as soon as there is one; undefined at the end of the stream. */
  async #next(follower: Follower): Promise<string | undefined> {
    for (;;) {
      const seen = this.#pulse;
      const frame = await this.#ready(follower);
      if (frame !== null) {
        follower.heartbeatsDue = 0;
        return frame;
      }
      if (seen !== this.#pulse) continue; // something happened while this was being found out
      await new Promise<void>((wake) => {
        follower.wake = wake;
      });
      follower.wake = undefined;
      if (!this.#followers.has(follower)) return undefined;
    }
  }

  /** A frame, undefined at the end, null while there is nothing to say. */
  async #ready(follower: Follower): Promise<string | undefined | null> {
    if (follower.first !== undefined) {
      const { first } = follower;
      follower.first = undefined;
      return first;
    }
    const lag = this.#deps.node.final().height - follower.height;
    if (lag > STREAM_LAG_BLOCKS_MAX) follower.ending ??= 'too slow: blocks were left out';
    if (follower.ending !== null) return this.#farewell(follower, follower.ending);
    if (lag > 0) {
      const frame = await this.#frame(follower.height + 1);
      if (frame !== undefined) follower.height += 1;
      return frame;
    }
    if (follower.status !== this.#statusNumber) {
      follower.status = this.#statusNumber;
      return frameOf('status', this.#status());
    }
    return follower.heartbeatsDue > 0 ? ': heartbeat\n\n' : null;
  }

  #farewell(follower: Follower, reason: string): string | undefined {
    if (follower.told) return undefined;
    follower.told = true;
    return frameOf('reset', { reason }, '');
  }

  /** Lines and event of a final block. Undefined when the block cannot be read, which ends the stream. */
  async #frame(height: number): Promise<string | undefined> {
    try {
      return await this.#frames.of(height);
    } catch (error) {
      this.#deps.telemetry.log('warn', 'a block could not be streamed', { height, error: String(error) });
      return undefined;
    }
  }

  #status(): StreamEvents['status'] {
    const { node } = this.#deps;
    return {
      height: node.final().height,
      view: node.consensus().view,
      pending: node.pending().length,
      peers: node.peers().length,
      ready: node.ready(),
    };
  }

  #statusChanged(): void {
    if (this.#timers.has('status')) return;
    const now = this.#deps.clock.monotonicMs();
    const dueMs = this.#statusAtMs + STREAM_STATUS_INTERVAL_MS;
    const announce = (): void => {
      this.#timers.delete('status');
      this.#statusAtMs = this.#deps.clock.monotonicMs();
      this.#statusNumber += 1;
      this.#wakeAll();
    };
    if (now >= dueMs) announce();
    else this.#timers.set('status', this.#deps.clock.at(dueMs, announce));
  }

  /** One timer for all followers, while there are any. */
  #armHeartbeat(): void {
    if (this.#timers.has('heartbeat') || this.#closed) return;
    const beat = (): void => {
      this.#timers.delete('heartbeat');
      for (const follower of this.#followers) {
        follower.heartbeatsDue += 1;
        if (follower.heartbeatsDue > STREAM_MISSED_HEARTBEATS_MAX) {
          this.#drop(follower);
          follower.request.abort();
        }
      }
      this.#wakeAll();
      if (this.#followers.size > 0) this.#armHeartbeat();
    };
    this.#timers.set('heartbeat', this.#deps.clock.at(this.#deps.clock.monotonicMs() + STREAM_HEARTBEAT_MS, beat));
  }

  #wakeAll(): void {
    this.#pulse += 1;
    for (const follower of this.#followers) follower.wake?.();
  }
}
