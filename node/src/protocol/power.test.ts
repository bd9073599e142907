import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cappedPowers, faultsTolerated, honestPower, quorumPower } from './power.ts';

const bond = fc.oneof(
  fc.integer({ min: 1, max: 20 }),
  fc.integer({ min: 1, max: 1_000_000 }),
  // Few rich ones among many poor ones is what the cap is for.
  fc.integer({ min: 1, max: Math.floor(Number.MAX_SAFE_INTEGER / 49) }),
);
const bonds = fc.array(bond, { minLength: 1, maxLength: 49 });

const total = (powers: readonly number[]): bigint => powers.reduce((sum, power) => sum + BigInt(power), 0n);
const strongest = (powers: readonly number[], count: number): bigint =>
  total([...powers].sort((a, b) => b - a).slice(0, count));
const isSafe = (powers: readonly number[]): boolean =>
  3n * strongest(powers, faultsTolerated(powers.length)) < total(powers);

describe('cappedPowers', () => {
  test.each(Array.from({ length: 49 }, (_, index) => index + 1))('of %i equal bonds are the bonds', (count) => {
    const equal = Array.from({ length: count }, () => 10_000);
    expect(cappedPowers(equal)).toEqual(equal);
    expect(isSafe(equal)).toBe(true);
  });

  test.each([
    { name: 'nobody to tolerate', bonds: [1, 1_000_000, 5], powers: [1, 1_000_000, 5] },
    { name: 'one of four rich', bonds: [1_000, 10, 10, 10], powers: [14, 10, 10, 10] },
    { name: 'one of four rich, the rest as poor as can be', bonds: [1_000, 1, 1, 1], powers: [1, 1, 1, 1] },
    { name: 'two of seven rich', bonds: [900, 800, 10, 10, 10, 10, 10], powers: [12, 12, 10, 10, 10, 10, 10] },
    { name: 'two of four rich, each too strong alone', bonds: [500, 500, 1, 1], powers: [1, 1, 1, 1] },
    { name: 'mild differences', bonds: [12, 11, 10, 10, 10, 10, 10], powers: [12, 11, 10, 10, 10, 10, 10] },
  ])('$name', ({ bonds, powers }) => {
    expect(cappedPowers(bonds)).toEqual(powers);
  });

  test('no f validators together reach a third, and no power is above its bond', () => {
    fc.assert(
      fc.property(bonds, (bonds) => {
        const powers = cappedPowers(bonds);
        expect(isSafe(powers)).toBe(true);
        powers.forEach((power, index) => {
          expect(power).toBeGreaterThanOrEqual(1);
          expect(power).toBeLessThanOrEqual(bonds[index] ?? 0);
        });
      }),
      { numRuns: 500 },
    );
  });

  test('the cap is the highest that is safe', () => {
    fc.assert(
      fc.property(bonds, (bonds) => {
        const powers = cappedPowers(bonds);
        const cap = Math.max(...powers);
        if (cap === Math.max(...bonds)) return;
        expect(isSafe(bonds.map((bond) => Math.min(bond, cap + 1)))).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test('a validator keeps its power wherever it stands in the list', () => {
    fc.assert(
      fc.property(bonds, (bonds) => {
        expect(cappedPowers([...bonds].reverse())).toEqual([...cappedPowers(bonds)].reverse());
      }),
    );
  });

  test.each([[0], [-1], [0.5], [Number.MAX_SAFE_INTEGER + 1]])('a bond of %d gives no power', (bond) => {
    expect(() => cappedPowers([10, bond])).toThrow(RangeError);
  });
});

describe('quorumPower', () => {
  test('is the smallest integer strictly greater than two thirds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (total) => {
        const quorum = quorumPower(total);
        expect(3n * BigInt(quorum) > 2n * BigInt(total)).toBe(true);
        expect(3n * BigInt(quorum - 1) <= 2n * BigInt(total)).toBe(true);
        expect(BigInt(quorum) + BigInt(honestPower(total)) > BigInt(total)).toBe(true);
      }),
    );
  });
});
