import { testParams } from '@dao-gov/node/testing';
import { expect, test } from 'vitest';
import { worthClaiming } from './task.ts';

test('a claim is worth its stake from where it wins more than it loses', () => {
  // 1,800 to win, 300 to lose: 300 / 2,100.
  expect(worthClaiming(testParams)).toBe(143);
  const { rewards, penalties } = testParams;
  expect(worthClaiming({ rewards: { ...rewards, proposer: 0, bounty: 0 }, penalties })).toBe(1_000);
  expect(worthClaiming({ rewards, penalties: { ...penalties, rejectedProposer: 0 } })).toBe(0);
});
