import { beforeEach, describe, expect, test } from 'vitest';
import { BAN_MEMORY_MS, BAN_MS_MAX, BAN_MS_MIN, BAN_POINTS, POINTS_FORGIVEN_PER_SECOND } from './constants.ts';
import { type ManualClock, manualClock } from './manual-clock.fixture.ts';
import { createStanding, FAULT_POINTS, type NetworkFault, type Standing } from './standing.ts';

describe('the standing of a peer', () => {
  let clock: ManualClock;
  let standing: Standing;
  const faultsUntilBan = (fault: NetworkFault): number => {
    for (let count = 1; ; count += 1) if (standing.blame('peer', fault) > 0) return count;
  };

  beforeEach(() => {
    clock = manualClock();
    standing = createStanding(clock);
  });

  test.each(Object.entries(FAULT_POINTS))('ends after enough of %s', (fault, points) => {
    expect(faultsUntilBan(fault as NetworkFault)).toBe(Math.ceil(BAN_POINTS / points));
  });

  test('forgives with time', async () => {
    for (let hour = 0; hour < 100; hour += 1) {
      expect(standing.blame('peer', 'malformed')).toBe(0);
      await clock.advance((FAULT_POINTS.malformed / POINTS_FORGIVEN_PER_SECOND) * 1_000);
    }
  });

  test('blames each for its own faults only', () => {
    for (let peer = 0; peer < 50; peer += 1) expect(standing.blame(`peer ${peer}`, 'malformed')).toBe(0);
  });

  test('bans longer each time, up to a limit, until the past is forgotten', async () => {
    const bans = Array.from({ length: 6 }, () => standing.blame('peer', 'flood'));
    expect(bans).toEqual([1, 2, 4, 8, 12, 12].map((times) => times * BAN_MS_MIN));
    expect(bans.at(-1)).toBe(BAN_MS_MAX);
    await clock.advance(BAN_MEMORY_MS + 1);
    expect(standing.blame('peer', 'flood')).toBe(BAN_MS_MIN);
  });
});
