/** Request and response: one stream each, closed by both sides when the answer has arrived. */
import type { Connection, Stream, StreamHandler } from '@libp2p/interface';
import type { Clock } from '../ports/clock.ts';
import { NetworkError, type NodeKey } from '../ports/network.ts';
import { PEER_MESSAGE_BYTES_MAX } from '../protocol/constants.ts';
import {
  SYNC_ANSWER_BYTES_MIN,
  SYNC_BYTES_BURST,
  SYNC_BYTES_PER_SECOND,
  SYNC_RECEIVE_TIMEOUT_MS,
  SYNC_REQUEST_BYTES_MAX,
  SYNC_REQUESTS_MAX,
  SYNC_REQUESTS_PER_PEER_MAX,
  SYNC_SERVE_TIMEOUT_MS,
  SYNC_STRANGER_REQUESTS_MAX,
} from './constants.ts';
import { FrameTooLargeError, reasonOf } from './errors.ts';
import { keyOf } from './identity.ts';
import { perPeer } from './per-peer.ts';
import type { NetworkFault } from './standing.ts';
import { closed, receiveOne, sendLast } from './stream-io.ts';
import type { Tally } from './tally.ts';
import { tokenBucket } from './token-bucket.ts';

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

export interface SyncRequestOptions {
  readonly connection: Connection;
  readonly protocol: string;
  readonly to: NodeKey;
  readonly timeoutMs: number;
  /** Ends every request when the node stops. */
  readonly stopped: AbortSignal;
  readonly tally: Tally;
}

function requestFault(error: unknown, { to, stopped }: SyncRequestOptions, timeout: AbortSignal): NetworkError {
  if (stopped.aborted) return new NetworkError('NOT_STARTED', 'the network has stopped');
  if (error instanceof FrameTooLargeError) return new NetworkError('MESSAGE_TOO_LARGE', `${to}: ${error.message}`);
  if (timeout.aborted) return new NetworkError('PEER_TIMEOUT', `${to} did not answer in time`);
  return new NetworkError('PEER_CLOSED', `${to}: ${reasonOf(error)}`);
}

/** @throws NetworkError */
export async function requestSync(request: Uint8Array, options: SyncRequestOptions): Promise<Uint8Array> {
  const { connection, protocol, timeoutMs, stopped, tally } = options;
  if (request.length > SYNC_REQUEST_BYTES_MAX) {
    throw new NetworkError('MESSAGE_TOO_LARGE', `a request has at most ${SYNC_REQUEST_BYTES_MAX} bytes`);
  }
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([timeout, stopped]);
  let stream: Stream | undefined;
  try {
    stream = await connection.newStream([protocol], { signal });
    const answer = receiveOne(stream, PEER_MESSAGE_BYTES_MAX, signal);
    // Awaited below; without this, a failing send would leave its rejection unhandled.
    answer.catch(() => {});
    await sendLast(stream, request, signal);
    tally.sent(1, request.length);
    const bytes = await answer;
    tally.received(bytes.length);
    return bytes;
  } catch (error) {
    stream?.abort(asError(error));
    throw requestFault(error, options, timeout);
  }
}

export interface SyncServerOptions {
  readonly answer: (from: NodeKey, request: Uint8Array) => Promise<Uint8Array>;
  readonly isMember: (key: NodeKey) => boolean;
  readonly stopped: AbortSignal;
  readonly blame: (key: NodeKey, fault: NetworkFault, reason: string) => void;
  readonly onFault: (from: NodeKey, error: unknown) => void;
  readonly tally: Tally;
  readonly clock: Clock;
}

/** Requests under way, counted so that no peer and no crowd of strangers takes the places of the others. */
function places(isMember: (key: NodeKey) => boolean) {
  const underWay = new Map<NodeKey, number>();
  let total = 0;
  let strangers = 0;
  return {
    take(key: NodeKey): boolean {
      const running = underWay.get(key) ?? 0;
      if (running >= SYNC_REQUESTS_PER_PEER_MAX || total >= SYNC_REQUESTS_MAX) return false;
      if (!isMember(key) && strangers >= SYNC_STRANGER_REQUESTS_MAX) return false;
      underWay.set(key, running + 1);
      total += 1;
      if (!isMember(key)) strangers += 1;
      return true;
    },
    free(key: NodeKey): void {
      const left = (underWay.get(key) ?? 1) - 1;
      if (left > 0) underWay.set(key, left);
      else underWay.delete(key);
      total -= 1;
      if (!isMember(key)) strangers -= 1;
    },
  };
}

/** Answers wait until what the peer was sent before is paid off: one that asks without end is slowed, not served. */
function pace({ clock, stopped }: Pick<SyncServerOptions, 'clock' | 'stopped'>) {
  const bucketOf = perPeer(() =>
    tokenBucket({ perSecond: SYNC_BYTES_PER_SECOND, burst: SYNC_BYTES_BURST, debtMax: Number.POSITIVE_INFINITY }),
  );
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel = clock.at(clock.monotonicMs() + ms, resolve);
      stopped.addEventListener('abort', () => {
        cancel();
        resolve();
      });
    });
  return {
    spend: (key: NodeKey, bytes: number): void => {
      bucketOf(key).take(Math.max(bytes, SYNC_ANSWER_BYTES_MIN), clock.monotonicMs());
    },
    turn: async (key: NodeKey): Promise<void> => {
      while (!stopped.aborted && bucketOf(key).take(0, clock.monotonicMs()) !== 'pass') await pause(PACE_MS);
    },
  };
}
/** Milliseconds between two looks at whether an answer may go. */
const PACE_MS = 50;

/** A signal that aborts on the node's clock, unless it is called off. */
function deadline(clock: Clock, ms: number): { readonly signal: AbortSignal; readonly cancel: () => void } {
  const controller = new AbortController();
  const cancel = clock.at(clock.monotonicMs() + ms, () => controller.abort(new Error('too slow')));
  return { signal: controller.signal, cancel };
}

/** Answers requests of any connected peer, a bounded number at a time; what is above is refused, not queued. */
export function syncServer(options: SyncServerOptions): StreamHandler {
  const { answer, isMember, stopped, blame, onFault, tally, clock } = options;
  const place = places(isMember);
  const paced = pace(options);

  const serve = async (from: NodeKey, stream: Stream): Promise<void> => {
    const receiving = deadline(clock, SYNC_RECEIVE_TIMEOUT_MS);
    const sending = deadline(clock, SYNC_SERVE_TIMEOUT_MS);
    try {
      const signal = AbortSignal.any([receiving.signal, stopped]);
      const request = await receiveOne(stream, SYNC_REQUEST_BYTES_MAX, signal);
      receiving.cancel();
      tally.received(request.length);
      await paced.turn(from);
      const response = await answer(from, request);
      paced.spend(from, response.length);
      if (response.length > PEER_MESSAGE_BYTES_MAX) {
        throw new Error(`an answer of ${response.length} bytes is above the limit of a message`);
      }
      const ending = AbortSignal.any([sending.signal, stopped]);
      await sendLast(stream, response, ending);
      tally.sent(1, response.length);
      // Who asks has closed its side long before; one that keeps streams open keeps its places taken.
      await closed(stream, ending);
    } catch (error) {
      if (error instanceof FrameTooLargeError) blame(from, 'oversized', error.message);
      else if (receiving.signal.aborted) blame(from, 'stalled', 'asks for a stream and never for anything');
      else if (sending.signal.aborted) blame(from, 'stalled', 'never takes its answer');
      throw error;
    } finally {
      receiving.cancel();
      sending.cancel();
    }
  };

  return async (stream, connection) => {
    const from = keyOf(connection.remotePeer);
    if (from === undefined || !place.take(from)) {
      tally.dropped('rate_limited');
      stream.abort(new Error('too many requests at a time'));
      if (from !== undefined) blame(from, 'excess', 'asks too much at a time');
      return;
    }
    try {
      await serve(from, stream);
    } catch (error) {
      stream.abort(asError(error));
      onFault(from, error);
    } finally {
      place.free(from);
    }
  };
}
