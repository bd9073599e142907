/**
 * The two thresholds of a vote, as an auditor works them out again: a claim passes when
 * for / (for + against) > alpha and (for + against + abstain) / eligible >= beta. Weights are thousandths and may be
 * near the largest exact integer, so the products are BigInt.
 */
export interface Tally {
  readonly weightFor: number;
  readonly weightAgainst: number;
  readonly weightAbstain: number;
  readonly eligible: number;
  readonly alpha: number;
  readonly beta: number;
}

const castOf = ({ weightFor, weightAgainst, weightAbstain }: Tally): bigint =>
  BigInt(weightFor) + BigInt(weightAgainst) + BigInt(weightAbstain);

const isSupported = ({ weightFor, weightAgainst, alpha }: Tally): boolean =>
  BigInt(weightFor) * 1_000n > BigInt(alpha) * (BigInt(weightFor) + BigInt(weightAgainst));

const isQuorate = (tally: Tally): boolean => castOf(tally) * 1_000n >= BigInt(tally.beta) * BigInt(tally.eligible);

/**
 * The verdict that no further vote could have changed; undefined while one could.
 * @param remaining weight that could still be cast at that moment
 */
export function outcomeOf(tally: Tally, remaining: number): 'passed' | 'rejected' | undefined {
  const allAgainst = { ...tally, weightAgainst: tally.weightAgainst + remaining };
  if (isSupported(allAgainst) && isQuorate(tally)) return 'passed';
  const allFor = { ...tally, weightFor: tally.weightFor + remaining };
  return isSupported(allFor) && isQuorate(allFor) ? undefined : 'rejected';
}

/** Whether votes, and not a tie or missing participation, rejected the claim: only then is anybody fined. */
export const isRejectedByVotes = (tally: Tally): boolean =>
  isQuorate(tally) && !isSupported(tally) && tally.weightFor !== tally.weightAgainst;

const share = (part: bigint, whole: bigint): number => (whole === 0n ? 0 : Number((1_000n * part) / whole));

/** for / (for + against) in thousandths, rounded down; 0 while nobody has taken a side. */
export const supportThousandths = ({ weightFor, weightAgainst }: Tally): number =>
  share(BigInt(weightFor), BigInt(weightFor) + BigInt(weightAgainst));

/** cast / eligible in thousandths, rounded down. */
export const participationThousandths = (tally: Tally): number => share(castOf(tally), BigInt(tally.eligible));

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
