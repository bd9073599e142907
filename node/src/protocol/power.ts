/**
 * Voting power in consensus. A quorum is strictly more than two thirds of the power. Bonds are capped so that no
 * floor((n-1)/3) validators together reach one third: whatever was bonded, that many may fail without stopping the chain.
 */

/** Smallest power that is strictly more than two thirds of `total`. */
export const quorumPower = (total: number): number => Math.floor((2 * total) / 3) + 1;

/** Smallest power that is sure to contain an honest validator: more than one third of `total`. */
export const honestPower = (total: number): number => Math.floor(total / 3) + 1;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/**
 * Bonds with the largest cap under which the f = floor((n-1)/3) strongest hold less than a third of the power.
 * The surplus over a third is concave in the cap and positive at cap 1, so a binary search finds the largest.
 *
 * @param bonds positive safe integers
 */
export function cappedPowers(bonds: readonly number[]): readonly number[] {
  const faults = Math.floor((bonds.length - 1) / 3);
  if (faults < 1) return [...bonds];
  const descending = [...bonds].sort((a, b) => b - a);
  const tolerates = (cap: number): boolean => {
    const powers = descending.map((bond) => Math.min(bond, cap));
    return 3 * sum(powers.slice(0, faults)) < sum(powers);
  };
  let low = 1;
  let high = Math.max(1, ...bonds);
  while (low < high) {
    const middle = low + Math.ceil((high - low) / 2);
    if (tolerates(middle)) low = middle;
    else high = middle - 1;
  }
  return bonds.map((bond) => Math.min(bond, low));
}
