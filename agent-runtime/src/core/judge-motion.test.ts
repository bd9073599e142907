import { fileURLToPath } from 'node:url';
import type { MotionRecord, ParamChange } from '@dao-gov/node/protocol';
import { testParams } from '@dao-gov/node/testing';
import { describe, expect, test } from 'vitest';
import { judgeMotion, type MotionCircumstances } from './judge-motion.ts';
import { DEFAULT_POLICY, readAgentPolicy } from './policy.ts';

const ME = 'aa'.repeat(20);
const MOVER = 'bb'.repeat(20);
const THIRD = 'cc'.repeat(20);

/** As the testnet's: a stake answers for the fine. */
const PARAMS = { ...testParams, voteStakeMin: 60 };

const circumstances: MotionCircumstances = {
  self: ME,
  account: { balance: 20_000, stake: 0, locked: 0 },
  params: PARAMS,
  treasury: { balance: 200_000 },
  policy: DEFAULT_POLICY.motions,
};

const motionWith = (subject: Partial<MotionRecord>): MotionRecord => ({
  ...{ proposalId: 'dd'.repeat(32), incidentId: '', number: 1, proposer: MOVER, stake: 100, status: 'voting' },
  reason: { en: 'The yearly audit of the contracts.', zh: '合约年度审计。' },
  ...{ openedAtMs: 0, commitEndsAtMs: 0, revealEndsAtMs: 0, decidedAtMs: 0, settled: false, released: false },
  ...{ alpha: 500, beta: 500, electorate: [], weightFor: 0, weightAgainst: 0, weightAbstain: 0 },
  ...{ kind: 'parameters', changes: [], to: '', amount: 0, enactment: '', enactedEpoch: 0 },
  ...subject,
});

const onChanges = (changes: readonly ParamChange[], own: Partial<MotionCircumstances> = {}) =>
  judgeMotion(motionWith({ changes }), { ...circumstances, ...own });
const onPayment = (payment: Partial<MotionRecord>) =>
  judgeMotion(motionWith({ kind: 'spending', to: THIRD, amount: 1_000, ...payment }), circumstances);

describe('parameters', () => {
  test.each<[string, readonly ParamChange[], string, RegExp]>([
    ['a moderate change', [{ name: 'rewards.bounty', value: 1_200 }], 'For', /Inside the bounds/],
    ['exactly half as much again', [{ name: 'rewards.bounty', value: 1_500 }], 'For', /Inside the bounds/],
    ['more at once', [{ name: 'rewards.bounty', value: 1_501 }], 'Against', /more than 50 % at once/],
    [
      'one of two that is too much',
      [
        { name: 'rewards.bounty', value: 1_100 },
        { name: 'rewards.supporter', value: 0 },
      ],
      'Against',
      /supporter/,
    ],
    ['out of bounds', [{ name: 'alpha', value: 499 }], 'Against', /Out of bounds/],
    ['unknown', [{ name: 'treasury', value: 1 }], 'Against', /Out of bounds/],
    ['inconsistent with the rest', [{ name: 'confidence.bonusShare', value: 510 }], 'Against', /Out of bounds/],
    ['open votes', [{ name: 'votingMode', value: 'open' }], 'Against', /follow the early/],
    ['where bonds go', [{ name: 'falsification.failedBondTo', value: 'proposer' }], 'Abstain', /no rule/],
  ])('%s', (_, changes, option, reason) => {
    const judged = onChanges(changes);
    expect(judged.option).toBe(option);
    expect(judged.reason.en).toMatch(reason);
    expect(judged.reason.zh).not.toBe('');
  });

  test('a window that leaves no time is refused, a longer one is not', () => {
    const params = { ...PARAMS, commitWindowMs: 2_000 };
    expect(onChanges([{ name: 'commitWindowMs', value: 1_500 }], { params })).toMatchObject({ option: 'Against' });
    expect(onChanges([{ name: 'commitWindowMs', value: 2_500 }], { params })).toMatchObject({ option: 'For' });
  });

  test('what would price the voter out is refused, and what becomes cheaper is not', () => {
    // Five incidents of five transactions, and a vote's stake each.
    const enough = 5 * (5 * 200 + 70);
    const account = { balance: enough - 50, stake: 100, locked: 50 };
    const dearer = [{ name: 'voteStakeMin', value: 70 }];
    expect(onChanges(dearer, { account })).toMatchObject({ option: 'For' });
    const poor = { ...account, balance: account.balance - 1 };
    expect(onChanges(dearer, { account: poor })).toMatchObject({
      option: 'Against',
      reason: { en: expect.stringContaining('no longer pay') },
    });
    expect(onChanges([{ name: 'gasLimitMin', value: 150 }], { account: poor })).toMatchObject({ option: 'For' });
  });
});

describe('payments', () => {
  test.each<[string, Partial<MotionRecord>, string]>([
    ['a small one with a reason', {}, 'For'],
    ['a twentieth of the treasury', { amount: 10_000 }, 'For'],
    ['more than that', { amount: 10_001 }, 'Against'],
    ['without a reason', { reason: { en: 'please', zh: '请' } }, 'Against'],
    ['to the mover', { to: MOVER }, 'Against'],
    ['to the voter', { to: ME }, 'Abstain'],
  ])('%s', (_, payment, option) => {
    expect(onPayment(payment).option).toBe(option);
  });
});

test('the file in the repository states the defaults', () => {
  const file = fileURLToPath(new URL('../../../config/agent-policy.json', import.meta.url));
  expect(readAgentPolicy(file)).toEqual(DEFAULT_POLICY);
});
