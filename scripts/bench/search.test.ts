import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { highestThatHolds } from './search.ts';

const upTo =
  (limit: number, asked: number[] = []) =>
  async (rate: number) => {
    asked.push(rate);
    return rate <= limit;
  };

describe('the search for the highest rate that holds', () => {
  it('doubles, then halves the gap', async () => {
    const asked: number[] = [];
    expect(await highestThatHolds({ from: 100, most: 10_000, precision: 0.1 }, upTo(430, asked))).toBe(425);
    expect(asked).toEqual([100, 200, 400, 800, 600, 500, 450, 425]);
  });

  it('goes down where the first rate is too much already', async () =>
    expect(await highestThatHolds({ from: 400, most: 800, precision: 0.1 }, upTo(60))).toBeCloseTo(60, -1));

  it('stops at the most that may be asked for', async () =>
    expect(await highestThatHolds({ from: 100, most: 300, precision: 0.1 }, upTo(1e9))).toBe(300));

  it('says that nothing holds', async () =>
    expect(await highestThatHolds({ from: 8, most: 300, precision: 0.1 }, async () => false)).toBeNull());

  it('is never above the limit, and within the precision below it', () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 5_000 }), fc.integer({ min: 1, max: 1_000 }), async (limit, from) => {
        const found = await highestThatHolds({ from, most: 10_000, precision: 0.1 }, upTo(limit));
        expect(found).not.toBeNull();
        expect(found ?? 0).toBeLessThanOrEqual(limit);
        expect((found ?? 0) * 1.1 + 1e-9).toBeGreaterThanOrEqual(Math.min(limit, 10_000));
      }),
    ));
});
