import { describe, expect, it } from 'vitest';
import { processorGrowth, RECOVERY_WINDOW_MS, recoveredAfterMs } from './kill.ts';

describe('the processor that survivors have', () => {
  it.each([
    ['is shared out anew on a small machine', 7, 2, 2, 1.4],
    ['is the same where each node has a core of its own', 7, 2, 8, 1],
    ['grows to one core at most', 4, 3, 2, 2],
    ['stays where nobody dies', 7, 0, 2, 1],
  ])('%s', (_, nodes, killed, cores, growth) => expect(processorGrowth(nodes, killed, cores)).toBeCloseTo(growth));
});

describe('recovery', () => {
  const every = (ms: number, from: number, to: number): number[] =>
    Array.from({ length: Math.floor((to - from) / ms) }, (_, index) => from + index * ms);

  it('is at once where the blocks never slowed down', () =>
    expect(recoveredAfterMs(every(100, 0, 10_000), { at: 5_000, end: 10_000, target: 9 })).toBe(0));

  it('is when the blocks come fast again, not with the first one after the stall', () => {
    const moments = [...every(100, 0, 5_000), 5_900, ...every(100, 8_000, 20_000)];
    expect(recoveredAfterMs(moments, { at: 5_000, end: 20_000, target: 10 })).toBe(3_000);
  });

  it('needs a whole window before the end', () => {
    const moments = every(100, 9_000, 10_000 + RECOVERY_WINDOW_MS / 2);
    expect(recoveredAfterMs(moments, { at: 5_000, end: 10_000, target: 10 })).toBeNull();
  });

  it('never comes without blocks', () =>
    expect(recoveredAfterMs([1, 2], { at: 5, end: 100_000, target: 0.5 })).toBeNull());
});
