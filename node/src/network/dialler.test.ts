import { beforeEach, describe, expect, test } from 'vitest';
import { REDIAL_MS_MAX, REDIAL_MS_MIN } from './constants.ts';
import { createDialler, type Dialler, redialDelayMs } from './dialler.ts';
import { type ManualClock, manualClock } from './manual-clock.fixture.ts';

const KEY = 'aa'.repeat(32);

describe('the dialler', () => {
  let clock: ManualClock;
  let dialler: Dialler;
  /** Clock times of the dials. */
  let dials: number[];
  let outcome: 'refused' | 'connected';

  beforeEach(() => {
    clock = manualClock();
    dials = [];
    outcome = 'refused';
    dialler = createDialler({
      targets: [KEY],
      clock,
      random: () => 0.5,
      dial: async (key) => {
        dials.push(clock.monotonicMs());
        if (outcome === 'refused') throw new Error('connection refused');
        dialler.onConnected(key);
      },
    });
  });
  const gaps = (): readonly number[] => dials.slice(1).map((atMs, index) => atMs - (dials[index] ?? 0));

  test('doubles the pause after each failure, up to the limit, and never gives up', async () => {
    dialler.start();
    await clock.advance(60_000);
    expect(gaps().slice(0, 6)).toEqual([300, 600, 1_200, 1_500, 1_500, 1_500]);
    expect(dials.length).toBeGreaterThan(15);
  });

  test('is quick again after a connection that had lasted', async () => {
    dialler.start();
    await clock.advance(20_000);
    outcome = 'connected';
    await clock.advance(5_000);
    const before = dials.length;
    await clock.advance(60_000);
    expect(dials).toHaveLength(before);
    dialler.onDisconnected(KEY);
    const lostAtMs = clock.monotonicMs();
    await clock.advance(1_000);
    expect(dials.at(-1)).toBe(lostAtMs + 150);
  });

  test('is slower each time where connections do not last', async () => {
    outcome = 'connected';
    dialler.start();
    const pauses: number[] = [];
    await clock.advance(1_000);
    for (let round = 0; round < 6; round += 1) {
      dialler.onDisconnected(KEY);
      const lostAtMs = clock.monotonicMs();
      const before = dials.length;
      while (dials.length === before) await clock.advance(50);
      pauses.push((dials.at(-1) ?? 0) - lostAtMs);
    }
    expect(pauses).toEqual([300, 600, 1_200, 1_500, 1_500, 1_500]);
  });

  test('dials at once when told that the way is free', async () => {
    dialler.start();
    await clock.advance(30_000);
    const before = clock.monotonicMs();
    dialler.retryNow(KEY);
    await clock.advance(0);
    expect(dials.at(-1)).toBe(before);
  });

  test('leaves no timer when it stops', async () => {
    dialler.start();
    await clock.advance(1_000);
    dialler.stop();
    const before = dials.length;
    expect(clock.timers()).toBe(0);
    await clock.advance(60_000);
    expect(dials).toHaveLength(before);
  });

  test('ignores peers that others dial', async () => {
    dialler.onConnected('bb'.repeat(32));
    dialler.onDisconnected('bb'.repeat(32));
    dialler.retryNow('bb'.repeat(32));
    expect(clock.timers()).toBe(0);
  });
});

test.each([0, 0.25, 0.999])('jitter %f keeps a delay between half and the whole of its step', (random) => {
  for (let failures = 0; failures < 40; failures += 1) {
    const step = Math.min(REDIAL_MS_MAX, REDIAL_MS_MIN * 2 ** failures);
    const delay = redialDelayMs(failures, () => random);
    expect(delay).toBeGreaterThanOrEqual(step / 2);
    expect(delay).toBeLessThanOrEqual(step);
  }
});
