import { expect, test } from 'vitest';
import { createI18n } from '../lib/i18n/use-i18n.ts';
import { rangeText, settingText } from './parameter-units.ts';

test.each([
  ['rewards.bounty', 1_200, '1,200 tokens'],
  ['rewards.proposerReputation', 5, '5 points'],
  ['alpha', 500, '50%'],
  ['confidence.bonusShare', 250, '25%'],
  ['challengeWindowMs', 90_000, '1m 30s'],
  ['gasLimitMin', 200, '200 gas'],
  ['gasPrice', 1, '1 for each gas'],
  ['roundsMax', 3, '3'],
  ['votingMode', 'sealed', 'sealed'],
  ['falsification.failedBondTo', 'treasury', 'the treasury'],
])('%s of %s reads %s', (name, value, text) => {
  expect(settingText(name, value, createI18n('en-US'))).toBe(text);
});

test.each([
  ['rewards.bounty', { min: 0, max: 50_000 }, '0 to 50,000 tokens'],
  ['alpha', { min: 500, max: 900 }, '50% to 90%'],
  ['heartbeatMs', { min: 500, max: 60_000 }, '500ms to 1m'],
])('%s within %j reads %s', (name, bound, text) => {
  expect(rangeText(name, bound, createI18n('en-US'))).toBe(text);
});
