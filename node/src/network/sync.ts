/** Request and response: one stream each, closed by both sides when the answer has arrived. */
import type { Connection, Stream, StreamHandler } from '@libp2p/interface';
import { NetworkError, type NodeKey } from '../ports/network.ts';
import { PEER_MESSAGE_BYTES_MAX } from '../protocol/constants.ts';
import {
  SYNC_REQUEST_BYTES_MAX,
  SYNC_REQUESTS_MAX,
  SYNC_REQUESTS_PER_PEER_MAX,
  SYNC_SERVE_TIMEOUT_MS,
} from './constants.ts';
import { FrameTooLargeError, reasonOf } from './errors.ts';
import { keyOf } from './identity.ts';
import { receiveOne, sendLast } from './stream-io.ts';
import type { Tally } from './tally.ts';

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
  readonly stopped: AbortSignal;
  readonly tally: Tally;
  readonly onFault: (from: NodeKey, error: unknown) => void;
}

/** Answers requests of any connected peer, a bounded number at a time; what is above is refused, not queued. */
export function syncServer({ answer, stopped, tally, onFault }: SyncServerOptions): StreamHandler {
  const underWay = new Map<NodeKey, number>();
  let total = 0;

  const serve = async (from: NodeKey, stream: Stream): Promise<void> => {
    const signal = AbortSignal.any([AbortSignal.timeout(SYNC_SERVE_TIMEOUT_MS), stopped]);
    const request = await receiveOne(stream, SYNC_REQUEST_BYTES_MAX, signal);
    tally.received(request.length);
    const response = await answer(from, request);
    if (response.length > PEER_MESSAGE_BYTES_MAX) throw new FrameTooLargeError(response.length, PEER_MESSAGE_BYTES_MAX);
    await sendLast(stream, response, signal);
    tally.sent(1, response.length);
  };

  return async (stream, connection) => {
    const from = keyOf(connection.remotePeer);
    const running = from === undefined ? 0 : (underWay.get(from) ?? 0);
    if (from === undefined || running >= SYNC_REQUESTS_PER_PEER_MAX || total >= SYNC_REQUESTS_MAX) {
      tally.dropped('rate_limited');
      stream.abort(new Error('too many requests at a time'));
      return;
    }
    underWay.set(from, running + 1);
    total += 1;
    try {
      await serve(from, stream);
    } catch (error) {
      stream.abort(asError(error));
      onFault(from, error);
    } finally {
      const left = (underWay.get(from) ?? 1) - 1;
      if (left > 0) underWay.set(from, left);
      else underWay.delete(from);
      total -= 1;
    }
  };
}
