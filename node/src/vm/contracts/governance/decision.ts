/**
 * The two thresholds. A proposal passes when for / (for + against) > alpha and (for + against + abstain) / eligible
 * >= beta. Weights may be near the largest exact integer, so the products are worked out in BigInt.
 */
import { shareOf } from '../../integers.ts';

/** Weights in thousandths; `alpha` and `beta` in thousandths. */
export interface Tally {
  readonly weightFor: number;
  readonly weightAgainst: number;
  readonly weightAbstain: number;
  readonly eligible: number;
  readonly alpha: number;
  readonly beta: number;
}

export type Verdict = 'passed' | 'rejected';

const isSupported = ({ weightFor, weightAgainst, alpha }: Tally): boolean =>
  BigInt(weightFor) * 1_000n > BigInt(alpha) * (BigInt(weightFor) + BigInt(weightAgainst));

const castOf = ({ weightFor, weightAgainst, weightAbstain }: Tally): bigint =>
  BigInt(weightFor) + BigInt(weightAgainst) + BigInt(weightAbstain);

const isQuorate = (tally: Tally): boolean => castOf(tally) * 1_000n >= BigInt(tally.beta) * BigInt(tally.eligible);

/**
 * The verdict as soon as no vote that may still come can change it.
 *
 * Passing is certain when support holds though all the rest votes against, and participation holds though none of the
 * rest votes: each is that condition's worst case. Rejection is certain when the proposal fails though all the rest
 * votes for it, which is the best case of both at once. With nothing remaining one of the two always holds.
 *
 * @param remaining weight that may still be cast, in thousandths
 */
export function verdictOf(tally: Tally, remaining: number): Verdict | undefined {
  const worst = { ...tally, weightAgainst: tally.weightAgainst + remaining };
  if (isSupported(worst) && isQuorate(tally)) return 'passed';
  const best = { ...tally, weightFor: tally.weightFor + remaining };
  return isSupported(best) && isQuorate(best) ? undefined : 'rejected';
}

/**
 * Whether votes against, and not a tie or missing participation, rejected the proposal: only then is anybody fined.
 * @param tally of all votes that were cast
 */
export const isRejectedByVotes = (tally: Tally): boolean =>
  isQuorate(tally) && !isSupported(tally) && tally.weightFor !== tally.weightAgainst;

/** for / (for + against), in thousandths, rounded down; 0 while nobody has taken a side. */
export const supportThousandths = ({ weightFor, weightAgainst }: Tally): number =>
  shareOf(1_000, weightFor, BigInt(weightFor) + BigInt(weightAgainst));

/** cast / eligible, in thousandths, rounded down. */
export const participationThousandths = (tally: Tally): number => shareOf(1_000, Number(castOf(tally)), tally.eligible);
