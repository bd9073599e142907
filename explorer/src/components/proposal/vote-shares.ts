/** How the weight of a proposal is divided, as the ring and its table show it. */
import type { PollView } from './poll.ts';

export const SHARES = ['for', 'against', 'abstain', 'sealed', 'none'] as const;
export type Share = (typeof SHARES)[number];

export interface VoteShare {
  readonly share: Share;
  /** Thousandths, as everywhere. */
  readonly weight: number;
  /** Part of the eligible weight, 0..1. */
  readonly part: number;
}

type Weights = Pick<PollView, 'eligibleWeight' | 'weightFor' | 'weightAgainst' | 'weightAbstain' | 'votes'>;

/** All shares in the order of the ring. Sealed votes are cast, but nobody knows yet for what. */
export function voteShares(proposal: Weights): readonly VoteShare[] {
  const { eligibleWeight, weightFor, weightAgainst, weightAbstain, votes } = proposal;
  const sealed = votes.reduce((sum, { status, weight }) => sum + (status === 'sealed' ? weight : 0), 0);
  const none = Math.max(0, eligibleWeight - weightFor - weightAgainst - weightAbstain - sealed);
  const weights: Readonly<Record<Share, number>> = {
    for: weightFor,
    against: weightAgainst,
    abstain: weightAbstain,
    sealed,
    none,
  };
  const total = Math.max(1, weightFor + weightAgainst + weightAbstain + sealed + none);
  return SHARES.map((share) => ({ share, weight: weights[share], part: weights[share] / total }));
}

export interface Arc extends VoteShare {
  /** Where it starts on the circle, 0..1 clockwise from the top. */
  readonly start: number;
}

/** The shares that are not empty, laid end to end around the circle. */
export function arcsOf(shares: readonly VoteShare[]): readonly Arc[] {
  let start = 0;
  return shares.flatMap((share) => {
    if (share.part === 0) return [];
    const arc = { ...share, start };
    start += share.part;
    return [arc];
  });
}

/** Whether the proposal has what it takes to pass, as the figures stand. */
export const meetsThresholds = (
  proposal: Pick<PollView, 'supportThousandths' | 'participationThousandths' | 'alpha' | 'beta'>,
): { readonly support: boolean; readonly participation: boolean } => ({
  support: proposal.supportThousandths !== null && proposal.supportThousandths > proposal.alpha,
  participation: proposal.participationThousandths >= proposal.beta,
});
