import { describe, expect, test } from 'vitest';
import { ROLES, type Role } from '../../../protocol/roles.ts';
import { developmentGenesis, testParams } from '../../../testing/chain-kit.ts';
import { claimed, passVote, solve, untilWindowEnds } from '../../../testing/dispute-kit.ts';
import { proposalOf, unanimous } from '../../../testing/incident-kit.ts';
import { confidenceBonus, confidenceLoss } from './confidence.ts';

const accounts = Object.fromEntries(ROLES.map((role) => [role, { stake: 20_000 }]));
const PROPOSER: Role = 'probability_oracle';
/** Share of right answers, in thousandths, of always naming one of the most common nodes: a guess. */
const GUESS = 308;

/** Tokens that a claim with this stake gains, gas and work apart, when it is right or wrong. */
function gainOf(stake: number, right: boolean): number {
  const work = { ...testParams.work, stepReward: 0, gasRebateMax: 0 };
  const { chain, incidentId, proposalId } = claimed({ accounts, stake, params: { work } });
  const held = () => chain.account(PROPOSER).balance + chain.account(PROPOSER).stake;
  const before = held();
  passVote(chain, proposalId, unanimous(right ? 'For' : 'Against'));
  if (right) {
    solve(chain, incidentId);
    chain.block([], untilWindowEnds(chain, incidentId));
  }
  expect(proposalOf(chain, proposalId).released).toBe(true);
  return held() - before;
}

const expected = (stake: number, accuracy: number): number =>
  (accuracy * gainOf(stake, true) + (1_000 - accuracy) * gainOf(stake, false)) / 1_000;

describe('a stake above the minimum', () => {
  const { proposalStakeMin } = testParams;
  const most = testParams.confidence.proposalStakeMax;

  test('earns more when the claim is right and costs more when it is wrong, within bounds', () => {
    expect([gainOf(proposalStakeMin, true), gainOf(most, true)]).toEqual([1_800, 1_800 + 475]);
    expect([gainOf(proposalStakeMin, false), gainOf(most, false)]).toEqual([-300, -300 - 1_900]);
  });

  test('makes a guess lose in expectation, though a guess at the minimum would not, and pays who is nearly sure', () => {
    expect(expected(proposalStakeMin, GUESS)).toBeGreaterThan(0);
    expect(expected(most, GUESS)).toBeLessThan(0);
    expect(expected(most, GUESS)).toBeCloseTo(0.308 * 2_275 - 0.692 * 2_200, 6);
    expect(expected(most, 799)).toBeLessThan(expected(proposalStakeMin, 799));
    expect(expected(most, 801)).toBeGreaterThan(expected(proposalStakeMin, 801));
  });

  test('counts for voters too', () => {
    expect(confidenceBonus(testParams, 220, 'voteStakeMin')).toBe(50);
    expect(confidenceLoss(testParams, 220, 'voteStakeMin')).toBe(200);
  });

  test('is nothing below a minimum that was raised meanwhile', () => {
    const raised = { ...developmentGenesis().params, proposalStakeMin: 500 };
    expect(confidenceBonus(raised, 100, 'proposalStakeMin') + confidenceLoss(raised, 100, 'proposalStakeMin')).toBe(0);
  });
});
