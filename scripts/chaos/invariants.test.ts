import { describe, expect, it } from 'vitest';
import { forksOf } from './invariants.ts';

describe('forks', () => {
  it.each([
    [
      'one chain',
      [
        ['a', 'b'],
        ['a', 'b'],
      ],
      [],
    ],
    ['a shorter chain is no fork', [['a', 'b', 'c'], ['a']], []],
    [
      'another block',
      [
        ['a', 'b', 'c'],
        ['a', 'x', 'c'],
        ['a', 'b', 'c'],
      ],
      [2],
    ],
    [
      'a block that one chain lacks',
      [
        ['a', 'b', 'c'],
        ['a', undefined as unknown as string, 'c'],
      ],
      [2],
    ],
  ])('%s', (_name, chains, forks) => expect(forksOf(chains)).toEqual(forks));
});
