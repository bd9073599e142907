/**
 * What the rules ask for, in tokens and points: the auditor's own reading of the parameters, held together with the
 * virtual machine's settlement by the bundles of the tests. Sums are rounded down, as on chain.
 */
import { INTEGER_MAX } from '../../constants.ts';
import type { Params } from '../../genesis.ts';
import type { VoteRecord } from '../../records.ts';
import type { CaseProposal } from '../case-records.ts';

export interface Payment {
  readonly to: string;
  readonly amount: number;
  readonly reason: string;
}

export interface Due {
  readonly amount: number;
  readonly points: number;
}

/** floor(amount * part / whole); 0 when `whole` is 0. */
export const shareOf = (amount: number, part: number, whole: number | bigint): number =>
  BigInt(whole) === 0n ? 0 : Number((BigInt(amount) * BigInt(part)) / BigInt(whole));

const extraOf = (stake: number, least: number, share: number): number =>
  shareOf(Math.max(0, stake - least), share, 1_000);

const capped = (...amounts: readonly number[]): number =>
  amounts.reduce((total, amount) => Math.min(INTEGER_MAX, total + amount), 0);

/** Rewards of a claim that passed, before anything is known about the treasury. */
export function rewardsDue({ record, ballots }: CaseProposal, params: Params): readonly Payment[] {
  const { rewards, confidence, proposalStakeMin, voteStakeMin } = params;
  const { proposer: to, stake, withheldFrom } = record;
  const supporterRewards = ({ voter, stake: staked, gasPaid }: VoteRecord): readonly Payment[] => {
    if (voter === withheldFrom) return [{ to: voter, amount: gasPaid, reason: 'vote_gas' }];
    return [
      { to: voter, amount: rewards.supporter, reason: 'supported_passed' },
      { to: voter, amount: shareOf(gasPaid, rewards.voteGasRebate, 1_000), reason: 'vote_gas' },
      { to: voter, amount: extraOf(staked, voteStakeMin, confidence.bonusShare), reason: 'confidence' },
    ];
  };
  const own: readonly Payment[] = [
    { to, amount: rewards.proposer, reason: 'proposal_passed' },
    { to, amount: rewards.bounty, reason: 'bounty' },
    { to, amount: extraOf(stake, proposalStakeMin, confidence.bonusShare), reason: 'confidence' },
  ];
  return [
    ...(to === withheldFrom ? [] : own),
    ...ballots.flatMap(({ vote }) => (vote?.option === 'For' ? supporterRewards(vote) : [])),
  ];
}

/** Each gets its share of what there is, rounded down; who gets nothing is not listed. */
export function funded(rewards: readonly Payment[], available: number | undefined): readonly Payment[] {
  const wanted = rewards.reduce((total, { amount }) => total + BigInt(amount), 0n);
  const scaled =
    available === undefined
      ? rewards
      : rewards.map((reward) => ({ ...reward, amount: shareOf(reward.amount, available, wanted) }));
  return scaled.filter(({ amount }) => amount > 0);
}

/** The most that a fine takes. @param stake of the proposal or vote that is fined; undefined for an unknown reason */
export function fineDue(params: Params, reason: string, stake: number): Due | undefined {
  const { penalties, confidence, proposalStakeMin, voteStakeMin } = params;
  const loss = (least: number): number => extraOf(stake, least, confidence.lossShare);
  switch (reason) {
    case 'proposal_rejected':
      return {
        amount: capped(penalties.rejectedProposer, loss(proposalStakeMin)),
        points: penalties.rejectedProposerReputation,
      };
    case 'supported_rejected':
      return {
        amount: capped(penalties.rejectedSupporter, loss(voteStakeMin)),
        points: penalties.rejectedSupporterReputation,
      };
    case 'opposed_passed':
      return { amount: capped(penalties.opponent, loss(voteStakeMin)), points: penalties.opponentReputation };
    case 'opposed_upheld':
    case 'supported_failed':
      return { amount: penalties.opponent, points: penalties.opponentReputation };
    default:
      return undefined;
  }
}

/** By how many points a reason moves a reputation; undefined for an unknown reason. */
export function pointsDue({ rewards, penalties, falsification }: Params, reason: string): number | undefined {
  const points: Readonly<Record<string, number>> = {
    proposal_passed: rewards.proposerReputation,
    supported_passed: rewards.supporterReputation,
    opposed_passed: -penalties.opponentReputation,
    proposal_rejected: -penalties.rejectedProposerReputation,
    supported_rejected: -penalties.rejectedSupporterReputation,
    claim_overturned: -falsification.proposerReputation,
    supported_overturned: -falsification.supporterReputation,
    opposed_overturned: rewards.supporterReputation,
    challenge_upheld: falsification.challengerReputation,
    challenge_failed: -falsification.failedChallengerReputation,
    opposed_upheld: -penalties.opponentReputation,
    supported_failed: -penalties.opponentReputation,
  };
  return Object.hasOwn(points, reason) ? points[reason] : undefined;
}
