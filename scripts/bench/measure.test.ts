import { describe, expect, it } from 'vitest';
import { serves } from './measure.ts';

describe('whether a rate is served', () => {
  it.each([
    ['when all of it becomes final', { txPerSecond: 100, transactionsPerBlock: 10, seconds: 10 }, 100, true],
    ['when the last block is just outside', { txPerSecond: 94, transactionsPerBlock: 10, seconds: 5 }, 100, true],
    ['not when a tenth is left behind', { txPerSecond: 90, transactionsPerBlock: 10, seconds: 10 }, 100, false],
    ['with few transactions, one may be outside', { txPerSecond: 1.8, transactionsPerBlock: 1, seconds: 5 }, 2, true],
    ['not when nothing comes', { txPerSecond: 0, transactionsPerBlock: 0, seconds: 10 }, 10, false],
  ])('%s', (_, figures, rate, served) => expect(serves(figures, rate)).toBe(served));
});
