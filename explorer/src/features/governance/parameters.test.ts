import type { MotionView, Params } from '@dao-gov/node/protocol';
import { PARAM_BOUNDS } from '@dao-gov/node/protocol';
import { expect, test } from 'vitest';
import { catalogues } from '../../lib/i18n/translate.ts';
import { parameterRows } from './parameters.ts';

const params = { alpha: 600, rewards: { bounty: 1_200 }, staking: { bondMin: 1_000 } } as unknown as Params;
const motion = (number: number, name: string, enactedEpoch: number, over: Partial<MotionView> = {}) =>
  ({
    ...{ number, enactedEpoch, proposalId: `motion ${number}`, status: 'passed', enactment: 'enacted' },
    ...{ decidedAtMs: number, changes: [{ name, value: 1, current: 1 }] },
    ...over,
  }) as MotionView;

test('a parameter is named by its path, with bounds where governance may set it', () => {
  expect(parameterRows(params, []).map(({ name, value, bound }) => [name, value, bound])).toEqual([
    ['alpha', 600, { min: 500, max: 900 }],
    ['rewards.bounty', 1_200, { min: 0, max: 50_000 }],
    ['staking.bondMin', 1_000, null],
  ]);
});

test('the motion that took effect last is the one that changed it', () => {
  const [alpha, bounty] = parameterRows(params, [
    motion(3, 'alpha', 2),
    motion(2, 'alpha', 5),
    motion(4, 'alpha', 0, { enactment: 'waiting' }),
    motion(5, 'rewards.bounty', 6, { enactment: 'refused' }),
  ]);
  expect(alpha?.changed).toEqual({ motion: 2, proposalId: 'motion 2', epoch: 5 });
  expect(bounty?.changed).toBeNull();
});

test('every parameter that may be changed has a name', () => {
  expect(Object.keys(PARAM_BOUNDS).filter((name) => !(`param.of.${name}` in catalogues['en-US']))).toEqual([]);
});
