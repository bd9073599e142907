import { measureExecution } from '@dao-gov/node/testing';
import { describe, expect, it } from 'vitest';
import { growthOf, isLogarithmic } from './execution.ts';

const size = (accounts: number, depth: number) => ({ accounts, depth, keyUs: depth * 5 });

describe('growth with the state', () => {
  it.each([
    ['logarithmic', [size(1_000_000, 22), size(100, 9), size(10_000, 15)], true],
    ['as the square of the logarithm', [size(100, 9), size(1_000_000, 81)], false],
    ['linear', [size(100, 10), size(10_000, 1_000)], false],
  ])('is told to be %s', (_, costs, logarithmic) => {
    const growth = growthOf(costs);
    expect(growth && isLogarithmic(growth)).toBe(logarithmic);
  });

  it('is unknown of one size', () => {
    expect(growthOf([size(100, 9), size(100, 9)])).toBeUndefined();
  });

  it('is logarithmic in what is measured', () => {
    const costs = [100, 3_000].map((accounts) =>
      measureExecution({ accounts, transactions: 100, touched: 50, rounds: 1 }),
    );
    const growth = growthOf(costs);
    expect(growth && isLogarithmic(growth)).toBe(true);
    for (const { keys, nodes } of costs) expect(nodes).toBeGreaterThan(keys);
    expect(costs[1]?.nodes).toBeGreaterThan(costs[0]?.nodes ?? Number.NaN);
  });
});
