import { expect, test } from 'vitest';
import { createI18n } from '../lib/i18n/use-i18n.ts';
import { settingText } from './parameter-units.ts';

test.each([
  ['rewards.bounty', 1_200, '1,200 tokens'],
  ['rewards.proposerReputation', 5, '5 points'],
  ['alpha', 500, '50%'],
  ['confidence.bonusShare', 250, '25%'],
  ['challengeWindowMs', 90_000, '1m 30s'],
  ['gasLimitMin', 200, '200 gas'],
  ['roundsMax', 3, '3'],
  ['votingMode', 'sealed', 'sealed'],
  ['falsification.failedBondTo', 'treasury', 'the treasury'],
])('%s of %s reads %s', (name, value, text) => {
  expect(settingText(name, value, createI18n('en-US'))).toBe(text);
});
