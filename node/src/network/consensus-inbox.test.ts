import type { Connection, Stream } from '@libp2p/interface';
import { beforeEach, describe, expect, test } from 'vitest';
import { silentTelemetry } from '../ports/telemetry.ts';
import { type ConsensusInbox, consensusInbox } from './consensus-inbox.ts';
import { BAN_POINTS, FRAME_ARRIVAL_MS_MAX, SLEEP_MS } from './constants.ts';
import { encodeFrame } from './frame.ts';
import { peerIdOf } from './identity.ts';
import { seatAt } from './libp2p.fixture.ts';
import { type ManualClock, manualClock } from './manual-clock.fixture.ts';
import { createTally } from './tally.ts';

class IncomingStream extends EventTarget {
  isOpen = true;
  receive(bytes: Uint8Array): void {
    if (this.isOpen) this.dispatchEvent(Object.assign(new Event('message'), { data: bytes }));
  }
  abort(): void {
    this.isOpen = false;
    this.dispatchEvent(new Event('close'));
  }
}

describe('the consensus inbox', () => {
  const member = seatAt(1, 0).key;
  let clock: ManualClock;
  let inbox: ConsensusInbox;
  let heard: string[];
  let faults: string[];
  let wakes: number;

  const open = (key = member): IncomingStream => {
    const stream = new IncomingStream();
    void inbox.onStream(stream as unknown as Stream, { remotePeer: peerIdOf(key) } as unknown as Connection);
    return stream;
  };
  const frame = (text: string): Uint8Array => encodeFrame(new TextEncoder().encode(text));

  beforeEach(() => {
    clock = manualClock();
    heard = [];
    faults = [];
    wakes = 0;
    inbox = consensusInbox({
      isMember: (key) => key === member,
      isValidator: () => true,
      onMessage: (_from, bytes) => heard.push(new TextDecoder().decode(bytes)),
      blame: (_key, fault) => faults.push(fault),
      onWake: () => {
        wakes += 1;
      },
      tally: createTally(silentTelemetry),
      clock,
    });
  });

  test('hears nothing of what arrived while the process was paused, and everything that comes after', async () => {
    const stream = open();
    stream.receive(frame('before'));
    await clock.advance(SLEEP_MS);
    stream.receive(frame('awake all the time'));
    clock.sleep(SLEEP_MS + 1_000);
    for (let index = 0; index < 100; index += 1) stream.receive(frame(`history ${index}`));
    expect([stream.isOpen, wakes]).toEqual([false, 1]);
    open().receive(frame('after'));
    await clock.advance(SLEEP_MS);
    expect(heard).toEqual(['before', 'awake all the time', 'after']);
    expect([faults, wakes]).toEqual([[], 1]);
  });

  test('blames a peer that trickles a message, not one that is between two', async () => {
    const stream = open();
    stream.receive(frame('whole'));
    await clock.advance(2 * FRAME_ARRIVAL_MS_MAX);
    expect(faults).toEqual([]);
    const slow = frame('a message that never ends');
    for (const byte of slow.subarray(0, -1)) {
      stream.receive(Uint8Array.of(byte));
      await clock.advance(Math.ceil(FRAME_ARRIVAL_MS_MAX / (slow.length - 2)));
    }
    expect([faults, stream.isOpen]).toEqual([['stalled'], false]);
  });

  test('blames a peer that opens one stream after another, and listens to the newest', () => {
    const streams = Array.from({ length: BAN_POINTS + 1 }, () => open());
    expect(streams.map(({ isOpen }) => isOpen)).toEqual([...Array(BAN_POINTS).fill(false), true]);
    expect(faults).toHaveLength(BAN_POINTS);
    streams.at(-1)?.receive(frame('newest'));
    expect(heard).toEqual(['newest']);
  });

  test('is not spoken to by strangers', () => {
    const stream = open(seatAt(2, 0).key);
    expect([stream.isOpen, faults]).toEqual([false, ['excess']]);
  });
});
