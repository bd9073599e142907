import { describe, expect, it } from 'vitest';
import { benchSettings } from './network.ts';

describe('timers of a network for measuring', () => {
  it.each([4, 7])('are those of the local preset with %i validators', (validators) =>
    expect(benchSettings(validators).timing).toEqual({ leaderTimeoutMs: 320, advanceTimeoutMs: 1_000, resendMs: 500 }),
  );

  it('grow with the square of the validators, and as asked', () => {
    expect(benchSettings(14).timing.leaderTimeoutMs).toBe(1_280);
    expect(benchSettings(7, 3).timing.resendMs).toBe(1_500);
  });
});
