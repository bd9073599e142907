import type { Economics } from '@dao-gov/node/protocol';
import { expect, test } from 'vitest';
import { createI18n } from '../lib/i18n/use-i18n.ts';
import { economicRules } from './economic-rules.ts';

const params: Economics['params'] = {
  gasPrice: 1,
  gasLimitMin: 200,
  alpha: 500,
  beta: 500,
  votingMode: 'sealed',
  commitWindowMs: 4_000,
  revealWindowMs: 4_000,
  stepDeadlineMs: 3_000,
  challengeWindowMs: 60_000,
  roundsMax: 3,
  proposalStakeMin: 100,
  voteStakeMin: 60,
  rewards: {
    proposer: 800,
    bounty: 1_000,
    proposerReputation: 5,
    supporter: 300,
    supporterReputation: 1,
    voteGasRebate: 700,
  },
  penalties: {
    opponent: 50,
    opponentReputation: 1,
    rejectedProposer: 300,
    rejectedProposerReputation: 5,
    rejectedSupporter: 100,
    rejectedSupporterReputation: 1,
  },
  staking: {
    bondMin: 1_000,
    validatorsMin: 4,
    unbondDelayMs: 120_000,
    evidenceAgeMs: 60_000,
    slashShare: 500,
    reporterShare: 100,
    proposerGasShare: 0,
  },
  heartbeatMs: 5_000,
  incidentHeartbeatMs: 500,
  confidence: { proposalStakeMax: 2_000, voteStakeMax: 500, bonusShare: 250, lossShare: 1_000 },
  falsification: {
    supporterLoss: 500,
    toChallenger: 1_000,
    failedBondTo: 'treasury',
    proposerReputation: 10,
    supporterReputation: 2,
    challengerReputation: 5,
    failedChallengerReputation: 5,
    outcomeReportsMin: 2,
  },
  work: { stepReward: 100, gasRebateMax: 400, epochBudget: 100_000 },
  government: { motionWindowMs: 30_000, epochSpending: 10_000 },
  reboot: { cooldownMs: 600_000 },
};

const rulesIn = (locale: 'en-US' | 'zh-CN'): ReadonlyMap<string, string> =>
  new Map(
    economicRules({ params, genesisBalance: 20_000 }, createI18n(locale)).map(({ label, value }) => [label, value]),
  );

test('states the figures of the parameters, with penalties as losses', () => {
  const rules = rulesIn('en-US');
  expect(rules.get('Initial funds of an agent')).toBe('20,000');
  expect(rules.get('Gas price × minimum limit')).toBe('1 × 200');
  expect(rules.get('Passed: proposer')).toBe('+800 tokens, +5 reputation');
  expect(rules.get('Passed: supporter gets back')).toBe('70% of the vote’s gas');
  expect(rules.get('Rejected: proposer')).toBe('-300 tokens, -5 reputation');
  expect(rules.get('Support / participation needed')).toBe('> 50% / ≥ 50%');
});

test('states the same rules in Chinese', () => {
  expect(rulesIn('zh-CN').size).toBe(rulesIn('en-US').size);
  expect(rulesIn('zh-CN').get('通过：提案人奖励')).toBe('+800 代币，+5 信誉');
});
