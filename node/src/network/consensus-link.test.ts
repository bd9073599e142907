import type { Connection, Stream } from '@libp2p/interface';
import { beforeEach, describe, expect, test } from 'vitest';
import { silentTelemetry } from '../ports/telemetry.ts';
import { type ConsensusLink, consensusLink } from './consensus-link.ts';
import { CONSENSUS_QUEUE_FRAMES_MAX, CONSENSUS_STALL_MS, STREAM_RETRY_MS_MAX } from './constants.ts';
import { type ManualClock, manualClock } from './manual-clock.fixture.ts';
import { createTally, type Tally } from './tally.ts';

/** A stream whose other end can be slow: it takes `room` bytes before it wants to be waited for. */
class SlowStream extends EventTarget {
  readonly sent: Uint8Array[] = [];
  status = 'open';
  writeStatus = 'writable';
  writableNeedsDrain = false;
  writeBufferLength = 5;
  room = Number.POSITIVE_INFINITY;

  send(bytes: Uint8Array): boolean {
    if (this.writeStatus !== 'writable') throw new Error('closed');
    this.sent.push(bytes);
    this.room -= bytes.length;
    this.writableNeedsDrain = this.room <= 0;
    return !this.writableNeedsDrain;
  }
  drain(room: number): void {
    this.room = room;
    this.writableNeedsDrain = false;
    this.dispatchEvent(new Event('drain'));
  }
  abort(): void {
    this.status = 'aborted';
    this.writeStatus = 'closed';
    this.dispatchEvent(new Event('close'));
  }
}

describe('the consensus link', () => {
  let clock: ManualClock;
  let tally: Tally;
  let link: ConsensusLink;
  let opened: SlowStream[];
  let refuse: boolean;

  const connection = (): Connection =>
    ({
      status: 'open',
      newStream: async () => {
        if (refuse) throw new Error('protocol not supported');
        const stream = new SlowStream();
        opened.push(stream);
        return stream as unknown as Stream;
      },
    }) as unknown as Connection;
  const frame = (text: string): Uint8Array => new TextEncoder().encode(text);
  const sentOn = (index: number): readonly string[] =>
    opened[index]!.sent.map((bytes) => new TextDecoder().decode(bytes));

  beforeEach(() => {
    clock = manualClock();
    tally = createTally(silentTelemetry);
    link = consensusLink({ protocol: '/test', tally, clock, random: () => 0 });
    opened = [];
    refuse = false;
  });

  test('sends the frames of one tick in one write, in order', async () => {
    link.attach(connection());
    await clock.advance(0);
    for (const text of ['a', 'b', 'c']) link.send(frame(text));
    await clock.advance(0);
    link.send(frame('d'));
    await clock.advance(0);
    expect(sentOn(0)).toEqual(['abc', 'd']);
    expect(tally.counters()).toMatchObject({ messagesSent: 4, bytesSent: 4, dropped: 0 });
  });

  test('keeps what is said while the stream opens', async () => {
    link.attach(connection());
    link.send(frame('early'));
    await clock.advance(0);
    expect(sentOn(0)).toEqual(['early']);
  });

  test('waits for a slow peer, and drops the oldest when too much waits', async () => {
    link.attach(connection());
    await clock.advance(0);
    opened[0]!.room = 1;
    link.send(frame('first '));
    await clock.advance(0);
    for (let index = 0; index < CONSENSUS_QUEUE_FRAMES_MAX + 2; index += 1) link.send(frame(`${index} `));
    await clock.advance(0);
    expect(sentOn(0)).toEqual(['first ']);
    expect(tally.counters().dropped).toBe(2);
    opened[0]!.drain(Number.POSITIVE_INFINITY);
    await clock.advance(0);
    expect(sentOn(0)[1]).toMatch(/^2 3 4 /);
    expect(sentOn(0).join('')).toMatch(new RegExp(` ${CONSENSUS_QUEUE_FRAMES_MAX + 1} $`));
  });

  test('opens a new stream when the old one breaks, and sends what is not too old', async () => {
    link.attach(connection());
    await clock.advance(0);
    opened[0]!.abort();
    refuse = true;
    link.send(frame('stale'));
    await clock.advance(10_000);
    expect(opened).toHaveLength(1);
    refuse = false;
    link.send(frame('kept'));
    await clock.advance(STREAM_RETRY_MS_MAX);
    expect(opened).toHaveLength(2);
    expect(sentOn(1)).toEqual(['kept']);
  });

  test('gives a stream up that takes nothing, with all that waits for it', async () => {
    link.attach(connection());
    await clock.advance(0);
    opened[0]!.room = 1;
    link.send(frame('stuck'));
    await clock.advance(CONSENSUS_STALL_MS - 100);
    link.send(frame('behind'));
    expect(opened[0]!.status).toBe('open');
    await clock.advance(100 + STREAM_RETRY_MS_MAX);
    expect(opened[0]!.status).toBe('aborted');
    link.send(frame('fresh'));
    await clock.advance(0);
    expect(sentOn(1)).toEqual(['fresh']);
  });

  test('is patient with a stream that takes little by little', async () => {
    link.attach(connection());
    await clock.advance(0);
    opened[0]!.room = 1;
    link.send(frame('slow'));
    await clock.advance(0);
    for (let left = 4; left > 0; left -= 1) {
      opened[0]!.writeBufferLength = left;
      await clock.advance(CONSENSUS_STALL_MS);
    }
    expect(opened[0]!.status).toBe('open');
    await clock.advance(2 * CONSENSUS_STALL_MS);
    expect(opened[0]!.status).toBe('aborted');
  });

  test('drops and counts while the peer is away, and forgets what waited', async () => {
    link.send(frame('nobody'));
    link.attach(connection());
    link.send(frame('waiting'));
    link.detach();
    await clock.advance(60_000);
    expect(tally.counters()).toMatchObject({ messagesSent: 0, dropped: 2 });
    expect(clock.timers()).toBe(0);
    link.attach(connection());
    link.send(frame('back'));
    await clock.advance(0);
    expect(sentOn(opened.length - 1)).toEqual(['back']);
  });
});
