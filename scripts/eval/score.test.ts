import type { Truth } from '@dao-gov/agent-runtime/telemetry';
import { describe, expect, test } from 'vitest';
import { type Answer, constantBaseline, randomBaseline, reliability, score, summarise } from './score.ts';

const truth = (rootCause: string | null, rest: Partial<Truth> = {}): Truth => ({
  rootCause,
  alternatives: [],
  ...rest,
});

const answer = (candidates: Readonly<Record<string, number>>, rest: Partial<Answer> = {}): Answer => ({
  candidates: Object.entries(candidates).map(([node, probability]) => ({ node, probability })),
  ...{ abstained: false, faultKind: 'cpu', path: ['web', 'a'] },
  ...rest,
});

describe('score', () => {
  test.each<[string, Answer, Truth, number | null, boolean]>([
    ['first place', answer({ a: 0.6, b: 0.3 }), truth('a'), 1, true],
    ['second place', answer({ a: 0.3, b: 0.6 }), truth('a'), 2, false],
    ['a tie counts against', answer({ a: 0.5, b: 0.5 }), truth('a'), 2, false],
    ['ties of three', answer({ b: 0.3, a: 0.3, c: 0.3 }), truth('a'), 3, false],
    ['an alternative is as right', answer({ a: 0.5, b: 0.5 }), truth('a', { alternatives: ['b'] }), 1, true],
    ['absent', answer({ b: 1 }), truth('a'), null, false],
    ['an abstention wins nothing', answer({ a: 0.6 }, { abstained: true }), truth('a'), null, false],
    ['nothing broken, nothing claimed', answer({ a: 0.1 }, { abstained: true }), truth(null), null, true],
    ['nothing broken, something claimed', answer({ a: 0.6 }), truth(null), null, false],
  ])('%s', (_, given, expected, place, correct) => {
    expect(score(given, expected)).toMatchObject({ place, correct });
  });

  test('kind and path count only with the right node, and only where the truth tells', () => {
    const told = truth('a', { faultKind: 'cpu', path: ['web', 'a'] });
    expect(score(answer({ a: 1 }), told)).toMatchObject({ kindRight: true, pathRight: true });
    expect(score(answer({ b: 1, a: 0.1 }), told)).toMatchObject({ kindRight: false, pathRight: false });
    expect(score(answer({ a: 1 }), truth('a'))).toMatchObject({ kindRight: null, pathRight: null });
  });
});

describe('summary', () => {
  test('shares are of all cases', () => {
    const scored = [
      score(answer({ a: 0.8 }), truth('a')),
      score(answer({ b: 0.6, a: 0.4 }), truth('a')),
      score(answer({ b: 0.6 }), truth('a')),
      score(answer({ a: 0.1 }, { abstained: true }), truth('a')),
    ];
    const { brier, ...rest } = summarise(scored);
    expect(rest).toEqual({ cases: 4, top1: 0.25, top3: 0.5, avg5: 0.45, abstained: 1, kind: null, path: null });
    expect(brier).toBeCloseTo((0.2 ** 2 + 0.6 ** 2 + 0.6 ** 2 + 0.1 ** 2) / 4);
    expect(reliability(scored).map(({ cases }) => cases)).toEqual([1, 0, 0, 2, 1]);
  });

  test('a constant answer scores what the commonest causes make up, a random one what chance gives', () => {
    expect(constantBaseline(['a', 'a', 'b', 'c', 'd'].map((node) => truth(node)))).toEqual({ top1: 0.4, top3: 0.8 });
    expect(randomBaseline([2, 4])).toEqual({ top1: 0.375, top3: 0.875 });
  });
});
