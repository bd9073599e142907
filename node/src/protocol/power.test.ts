import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { votingPowers } from '../vm/power.ts';
import { cappedPowers, honestPower, quorumPower } from './power.ts';

const COUNT_MAX = 49;
const bonds = fc.array(fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 1_000_000_000 })), {
  minLength: 1,
  maxLength: COUNT_MAX,
});
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const faultsOf = (count: number): number => Math.floor((count - 1) / 3);
const strongest = (powers: readonly number[], count: number): number =>
  sum([...powers].sort((a, b) => b - a).slice(0, count));

describe('cappedPowers', () => {
  it('never lets floor((n-1)/3) validators reach a third', () => {
    fc.assert(
      fc.property(bonds, (given) => {
        const powers = cappedPowers(given);
        expect(3 * strongest(powers, faultsOf(given.length))).toBeLessThan(sum(powers));
      }),
    );
  });

  it('lets the rest form a quorum when that many fail', () => {
    fc.assert(
      fc.property(bonds, (given) => {
        const powers = cappedPowers(given);
        const alive = sum(powers) - strongest(powers, faultsOf(given.length));
        expect(alive).toBeGreaterThanOrEqual(quorumPower(sum(powers)));
      }),
    );
  });

  it('takes nobody more than the bond, keeps the order, and caps everybody alike', () => {
    fc.assert(
      fc.property(bonds, (given) => {
        const powers = cappedPowers(given);
        const cap = Math.max(...powers);
        expect(powers).toEqual(given.map((bond) => Math.min(bond, cap)));
      }),
    );
  });

  it('takes the highest cap that is safe', () => {
    fc.assert(
      fc.property(bonds, (given) => {
        const cap = Math.max(...cappedPowers(given));
        if (cap === Math.max(...given)) return;
        const higher = given.map((bond) => Math.min(bond, cap + 1));
        expect(3 * strongest(higher, faultsOf(given.length))).toBeGreaterThanOrEqual(sum(higher));
      }),
    );
  });

  it('is what the virtual machine works out, for every number of validators', () => {
    for (let count = 1; count <= COUNT_MAX; count += 1) {
      const given = Array.from({ length: count }, (_, index) => 1 + ((index * 7_919) % 1_009) ** 2);
      expect(cappedPowers(given)).toEqual(votingPowers(given));
    }
    fc.assert(
      fc.property(bonds, (given) => {
        expect(cappedPowers(given)).toEqual(votingPowers(given));
      }),
    );
  });
});

describe('quorumPower', () => {
  it('is the smallest integer strictly greater than two thirds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000_000 }), (total) => {
        const quorum = quorumPower(total);
        expect(3 * quorum).toBeGreaterThan(2 * total);
        expect(3 * (quorum - 1)).toBeLessThanOrEqual(2 * total);
        expect(quorum + honestPower(total)).toBeGreaterThan(total);
      }),
    );
  });
});
