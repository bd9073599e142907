import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRejectedByVotes, participationThousandths, supportThousandths, type Tally, verdictOf } from './decision.ts';

const tally = (
  weightFor: number,
  weightAgainst: number,
  weightAbstain: number,
  eligible: number,
  rule: Partial<Tally> = {},
): Tally => ({ weightFor, weightAgainst, weightAbstain, eligible, alpha: 500, beta: 500, ...rule });

describe('verdictOf', () => {
  test.each([
    { name: 'nobody has voted, everybody may', of: tally(0, 0, 0, 6), remaining: 6, verdict: undefined },
    { name: 'nobody has voted, nobody may', of: tally(0, 0, 0, 6), remaining: 0, verdict: 'rejected' },
    { name: 'half for, half still out', of: tally(3, 0, 0, 6), remaining: 3, verdict: undefined },
    { name: 'more than half for', of: tally(4, 0, 0, 6), remaining: 2, verdict: 'passed' },
    { name: 'a tie', of: tally(3, 3, 0, 6), remaining: 0, verdict: 'rejected' },
    { name: 'half against: a tie at best', of: tally(0, 3, 0, 6), remaining: 3, verdict: 'rejected' },
    { name: 'just under half against', of: tally(0, 2, 0, 6), remaining: 4, verdict: undefined },
    { name: 'abstentions count as taking part', of: tally(2, 1, 3, 6), remaining: 0, verdict: 'passed' },
    { name: 'all for, but too few', of: tally(2, 0, 0, 6), remaining: 0, verdict: 'rejected' },
    { name: 'all for, exactly enough', of: tally(3, 0, 0, 6), remaining: 0, verdict: 'passed' },
    { name: 'too few can still come', of: tally(1, 0, 0, 6), remaining: 1, verdict: 'rejected' },
    { name: 'support is safe, participation is not', of: tally(2, 0, 0, 6), remaining: 1, verdict: undefined },
    { name: 'only abstentions', of: tally(0, 0, 6, 6), remaining: 0, verdict: 'rejected' },
    {
      name: 'two thirds wanted, two thirds are not more',
      of: tally(4, 2, 0, 6, { alpha: 667 }),
      remaining: 0,
      verdict: 'rejected',
    },
    { name: 'more than all cannot be', of: tally(6, 0, 0, 6, { alpha: 1_000 }), remaining: 0, verdict: 'rejected' },
    { name: 'nothing wanted, one for', of: tally(1, 5, 0, 6, { alpha: 0, beta: 0 }), remaining: 0, verdict: 'passed' },
    { name: 'an electorate of nobody', of: tally(0, 0, 0, 0), remaining: 0, verdict: 'rejected' },
  ])('$name: $verdict', ({ of, remaining, verdict }) => {
    expect(verdictOf(of, remaining)).toBe(verdict);
  });

  test('weights near the largest exact integer are compared exactly', () => {
    const half = 2 ** 52 - 1;
    expect(verdictOf(tally(half, half, 0, 2 * half), 0)).toBe('rejected');
    expect(verdictOf(tally(half, half - 1, 0, 2 * half), 0)).toBe('passed');
  });

  test('is reached early exactly when no way of casting the rest gives another outcome', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 4 });
    const small = fc.integer({ min: 0, max: 20 });
    const thousandths = fc.integer({ min: 0, max: 1_000 });
    fc.assert(
      fc.property(
        small,
        small,
        small,
        weights,
        thousandths,
        thousandths,
        small,
        (a, b, c, out, alpha, beta, absent) => {
          const remaining = out.reduce((sum, weight) => sum + weight, 0);
          const now = tally(a, b, c, a + b + c + remaining + absent, { alpha, beta });
          const outcomes = new Set(allWays(now, out).map((final) => verdictOf(final, 0)));
          const verdict = verdictOf(now, remaining);
          if (verdict !== undefined) expect([...outcomes]).toEqual([verdict]);
          else expect(outcomes.size).toBe(2);
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** Every way in which these weights can still vote or stay away. */
function allWays(now: Tally, [weight, ...others]: readonly number[]): readonly Tally[] {
  if (weight === undefined) return [now];
  return [
    now,
    { ...now, weightFor: now.weightFor + weight },
    { ...now, weightAgainst: now.weightAgainst + weight },
    { ...now, weightAbstain: now.weightAbstain + weight },
  ].flatMap((next) => allWays(next, others));
}

describe('isRejectedByVotes', () => {
  test.each([
    { name: 'more against', of: tally(2, 4, 0, 6), fined: true },
    { name: 'one against, the rest abstains', of: tally(0, 1, 5, 6), fined: true },
    { name: 'a majority that was not large enough', of: tally(4, 2, 0, 6, { alpha: 700 }), fined: true },
    { name: 'a tie', of: tally(3, 3, 0, 6), fined: false },
    { name: 'nobody took a side', of: tally(0, 0, 6, 6), fined: false },
    { name: 'nobody voted', of: tally(0, 0, 0, 6), fined: false },
    { name: 'against, but too few voted', of: tally(0, 2, 0, 6), fined: false },
    { name: 'for, but too few voted', of: tally(2, 0, 0, 6), fined: false },
  ])('$name: $fined', ({ of, fined }) => {
    expect(isRejectedByVotes(of)).toBe(fined);
  });
});

test('shares are rounded down, and 0 of nothing', () => {
  expect(supportThousandths(tally(2, 1, 0, 6))).toBe(666);
  expect(supportThousandths(tally(0, 0, 3, 6))).toBe(0);
  expect(participationThousandths(tally(2, 1, 1, 6))).toBe(666);
  expect(participationThousandths(tally(0, 0, 0, 0))).toBe(0);
});
