/**
 * The sending half of the consensus protocol towards one member: one long-lived stream, and a bounded queue before it.
 * What is sent while the peer is away is dropped, and so is what waited too long: consensus resends what still counts,
 * and an old vote is worth nothing. A peer that takes nothing for a while gets a new stream, and none of the backlog.
 */
import type { Connection, Stream } from '@libp2p/interface';
import type { Clock } from '../ports/clock.ts';
import {
  CONSENSUS_FRAME_MS_MAX,
  CONSENSUS_QUEUE_BYTES_MAX,
  CONSENSUS_QUEUE_FRAMES_MAX,
  CONSENSUS_STALL_MS,
  DIAL_TIMEOUT_MS,
  SEND_CHUNK_BYTES,
  STREAM_RETRY_MS_MAX,
} from './constants.ts';
import { redialDelayMs } from './dialler.ts';
import { frameQueue } from './frame-queue.ts';
import type { Tally } from './tally.ts';

export interface ConsensusLink {
  /** The connection that carries the stream from now on. */
  attach(connection: Connection): void;
  /** The peer is gone, and what waited for it goes too. */
  detach(): void;
  readonly isAttached: boolean;
  /** Sends in order with the other frames of this tick. The array must not change any more. */
  send(frame: Uint8Array): void;
}

export interface ConsensusLinkOptions {
  readonly protocol: string;
  readonly tally: Tally;
  readonly clock: Clock;
  readonly random: () => number;
}

export function consensusLink({ protocol, tally, clock, random }: ConsensusLinkOptions): ConsensusLink {
  const queue = frameQueue({ framesMax: CONSENSUS_QUEUE_FRAMES_MAX, bytesMax: CONSENSUS_QUEUE_BYTES_MAX });
  let connection: Connection | undefined;
  let stream: Stream | undefined;
  let cancelRetry: (() => void) | undefined;
  let cancelStall: (() => void) | undefined;
  let failures = 0;
  let flushing = false;

  /** Looks again after a while: a stream whose buffer has not shrunk by then is given up with what waits for it. */
  const watchForStall = (watched: Stream): void => {
    if (cancelStall) return;
    const bufferedBefore = watched.writeBufferLength;
    cancelStall = clock.at(clock.monotonicMs() + CONSENSUS_STALL_MS, () => {
      cancelStall = undefined;
      if (stream !== watched || !watched.writableNeedsDrain) return;
      if (watched.writeBufferLength < bufferedBefore) return watchForStall(watched);
      tally.dropped('stalled', queue.clear());
      watched.abort(new Error('the peer takes nothing'));
    });
  };
  const stopWatching = (): void => {
    cancelStall?.();
    cancelStall = undefined;
  };

  const flush = (): void => {
    flushing = false;
    tally.dropped('too_old', queue.expire(clock.monotonicMs() - CONSENSUS_FRAME_MS_MAX));
    while (stream?.writeStatus === 'writable' && !stream.writableNeedsDrain) {
      const chunk = queue.take(SEND_CHUNK_BYTES);
      if (!chunk) return;
      try {
        stream.send(chunk.bytes);
        tally.sent(chunk.frames, chunk.bytes.length);
      } catch (error) {
        // The stream has just closed; its 'close' event opens the next one.
        tally.dropped('not_connected', chunk.frames);
        stream.abort(error instanceof Error ? error : new Error('send failed'));
      }
    }
    if (stream?.writableNeedsDrain) watchForStall(stream);
  };
  /** At the end of this tick, so that everything that one step of consensus says leaves in one write. */
  const flushSoon = (): void => {
    if (flushing) return;
    flushing = true;
    queueMicrotask(flush);
  };

  const retry = (over: Connection): void => {
    if (connection !== over) return;
    failures += 1;
    cancelRetry?.();
    // The connection stands, so trying costs little; a peer that wakes up must not wait for its streams.
    const delayMs = Math.min(STREAM_RETRY_MS_MAX, redialDelayMs(failures, random));
    cancelRetry = clock.at(clock.monotonicMs() + delayMs, () => void open(over));
  };
  const open = async (over: Connection): Promise<void> => {
    cancelRetry = undefined;
    if (connection !== over || over.status !== 'open') return;
    try {
      const opened = await over.newStream([protocol], { signal: AbortSignal.timeout(DIAL_TIMEOUT_MS) });
      if (connection !== over) {
        opened.abort(new Error('the peer left while the stream was opened'));
        return;
      }
      opened.addEventListener('drain', () => {
        if (stream === opened) stopWatching();
        flushSoon();
      });
      opened.addEventListener('close', () => {
        if (stream === opened) {
          stream = undefined;
          stopWatching();
        }
        retry(over);
      });
      if (opened.status !== 'open') {
        retry(over);
        return;
      }
      stream = opened;
      flushSoon();
    } catch {
      retry(over);
    }
  };

  return {
    get isAttached() {
      return connection !== undefined;
    },
    attach(next) {
      connection = next;
      failures = 0;
      void open(next);
    },
    detach() {
      connection = undefined;
      stream = undefined;
      stopWatching();
      cancelRetry?.();
      cancelRetry = undefined;
      tally.dropped('not_connected', queue.clear());
    },
    send(frame) {
      if (!connection) {
        tally.dropped('not_connected');
        return;
      }
      tally.dropped('queue_full', queue.push(frame, clock.monotonicMs()));
      flushSoon();
    },
  };
}
