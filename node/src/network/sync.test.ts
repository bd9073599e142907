import type { Connection, Stream, StreamHandler } from '@libp2p/interface';
import { beforeEach, describe, expect, test } from 'vitest';
import { silentTelemetry } from '../ports/telemetry.ts';
import { PEER_MESSAGE_BYTES_MAX } from '../protocol/constants.ts';
import {
  SYNC_BYTES_BURST,
  SYNC_BYTES_PER_SECOND,
  SYNC_RECEIVE_TIMEOUT_MS,
  SYNC_REQUEST_BYTES_MAX,
  SYNC_REQUESTS_PER_PEER_MAX,
  SYNC_SERVE_TIMEOUT_MS,
  SYNC_STRANGER_REQUESTS_MAX,
} from './constants.ts';
import { encodeFrame } from './frame.ts';
import { peerIdOf } from './identity.ts';
import { seatAt } from './libp2p.fixture.ts';
import { type ManualClock, manualClock } from './manual-clock.fixture.ts';
import { syncServer } from './sync.ts';
import { createTally } from './tally.ts';

/** The serving end of a request. Its other end asks at once or never, and takes its answer or does not. */
class RequestStream extends EventTarget {
  readonly readableEnded = false;
  status = 'closed';
  sentBytes = 0;
  aborted: string | undefined;
  takes = true;

  send(bytes: Uint8Array): boolean {
    this.sentBytes += bytes.length;
    return this.takes;
  }
  close({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    if (this.takes) return Promise.resolve();
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  }
  abort(error: Error): void {
    this.aborted = error.message;
  }
  receive(bytes: Uint8Array): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data: bytes }));
  }
}

describe('the sync server', () => {
  const [member, stranger] = [seatAt(1, 0).key, seatAt(2, 0).key];
  let clock: ManualClock;
  let serve: StreamHandler;
  let faults: string[];
  let answerBytes: number;

  beforeEach(() => {
    clock = manualClock();
    faults = [];
    answerBytes = 10;
    serve = syncServer({
      answer: async () => new Uint8Array(answerBytes),
      isMember: (key) => key === member,
      stopped: new AbortController().signal,
      blame: (_key, fault) => faults.push(fault),
      onFault: () => {},
      tally: createTally(silentTelemetry),
      clock,
    });
  });

  const open = (key = member): RequestStream => {
    const stream = new RequestStream();
    void serve(stream as unknown as Stream, { remotePeer: peerIdOf(key) } as unknown as Connection);
    return stream;
  };
  const ask = async (key = member): Promise<RequestStream> => {
    const stream = open(key);
    stream.receive(encodeFrame(Uint8Array.of(1)));
    await clock.advance(0);
    return stream;
  };

  test('refuses and blames what one peer asks too much at a time', async () => {
    const streams = Array.from({ length: SYNC_REQUESTS_PER_PEER_MAX + 2 }, () => open());
    expect(streams.filter(({ aborted }) => aborted)).toHaveLength(2);
    expect(faults).toEqual(['excess', 'excess']);
  });

  test('keeps places for members from a crowd of strangers', async () => {
    const crowd = Array.from({ length: SYNC_STRANGER_REQUESTS_MAX + 3 }, (_, index) => open(seatAt(10 + index, 0).key));
    expect(crowd.filter(({ aborted }) => aborted)).toHaveLength(3);
    expect((await ask()).sentBytes).toBe(4 + answerBytes);
  });

  test('waits only so long for a request', async () => {
    const stream = open(stranger);
    stream.receive(encodeFrame(new Uint8Array(9)).subarray(0, 6));
    await clock.advance(SYNC_RECEIVE_TIMEOUT_MS - 1);
    expect(faults).toEqual([]);
    await clock.advance(1);
    expect([faults, stream.aborted]).toEqual([['stalled'], 'too slow']);
  });

  test('waits only so long until an answer is taken', async () => {
    const stream = open(stranger);
    stream.takes = false;
    stream.receive(encodeFrame(Uint8Array.of(1)));
    await clock.advance(SYNC_SERVE_TIMEOUT_MS - 1);
    expect([stream.sentBytes, faults]).toEqual([4 + answerBytes, []]);
    await clock.advance(1);
    expect([faults, stream.aborted]).toEqual([['stalled'], 'too slow']);
  });

  test('counts a stream that its other end keeps open as taken, and ends it in time', async () => {
    const streams = Array.from({ length: SYNC_REQUESTS_PER_PEER_MAX }, () => open());
    for (const stream of streams) {
      stream.status = 'open';
      stream.receive(encodeFrame(Uint8Array.of(1)));
    }
    await clock.advance(0);
    expect(streams.map(({ sentBytes }) => sentBytes)).toEqual(streams.map(() => 4 + answerBytes));
    expect((await ask()).aborted).toBe('too many requests at a time');
    await clock.advance(SYNC_SERVE_TIMEOUT_MS);
    expect(faults).toEqual(['excess', ...streams.map(() => 'stalled')]);
    expect((await ask()).sentBytes).toBe(4 + answerBytes);
  });

  test('blames a request that announces more than one may have', async () => {
    const stream = open(stranger);
    stream.receive(encodeFrame(new Uint8Array(SYNC_REQUEST_BYTES_MAX + 1)).subarray(0, 4));
    await clock.advance(0);
    expect([faults, stream.sentBytes]).toEqual([['oversized'], 0]);
  });

  test('lets one that asks without end wait for what it was sent, and nobody else', async () => {
    answerBytes = PEER_MESSAGE_BYTES_MAX;
    const atOnce = SYNC_BYTES_BURST / PEER_MESSAGE_BYTES_MAX;
    for (let count = 0; count <= atOnce; count += 1) expect((await ask(stranger)).sentBytes).toBeGreaterThan(0);
    const delayed = await ask(stranger);
    expect(delayed.sentBytes).toBe(0);
    expect((await ask()).sentBytes).toBeGreaterThan(0);
    await clock.advance((PEER_MESSAGE_BYTES_MAX / SYNC_BYTES_PER_SECOND) * 1_000 + 100);
    expect(delayed.sentBytes).toBeGreaterThan(0);
    expect([faults, clock.timers()]).toEqual([[], 0]);
  });
});
