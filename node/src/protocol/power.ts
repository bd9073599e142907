/**
 * Voting power in consensus. A quorum is strictly more than two thirds of the power. With equal stakes, n validators
 * tolerate f = floor((n-1)/3) faulty ones; with unequal stakes fewer might hold a third of the power. So bonds count up
 * to a cap, the highest with which no f validators together reach one third.
 */

/** A third of `total`, rounded down, exact up to the largest safe integer. */
const third = (total: number): number => (total - (total % 3)) / 3;

/** Smallest power that is strictly more than two thirds of `total`. */
export const quorumPower = (total: number): number => total - third(total) - (total % 3 === 0 ? 0 : 1) + 1;

/** Smallest power that is sure to contain an honest validator: more than one third of `total`. */
export const honestPower = (total: number): number => third(total) + 1;

/** Faulty validators that n equal ones tolerate. */
export const faultsTolerated = (count: number): number => Math.floor((count - 1) / 3);

/**
 * Whether, with bonds counted up to `cap`, the f strongest hold less than a third: 3 × strongest < total.
 * @param descending bonds, the highest first
 */
function isSafeCap(descending: readonly number[], cap: number): boolean {
  const faults = faultsTolerated(descending.length);
  let strongest = 0n;
  let total = 0n;
  descending.forEach((bond, index) => {
    const power = BigInt(Math.min(bond, cap));
    total += power;
    if (index < faults) strongest += power;
  });
  return 3n * strongest < total;
}

/**
 * Power of each validator, in the order of the bonds.
 *
 * A cap of 1 is always safe (3f < n). The safe caps have no gaps: raising the cap by one adds 1 to each validator
 * above it, thus as many to the rest as there are still such outside the f strongest, minus twice f. That number only
 * falls while the cap rises, and once nobody outside is above the cap, raising it adds to the strongest alone. So the
 * margin rises, then falls, and the highest safe cap is found by halving.
 *
 * @param bonds positive safe integers whose sum is one too
 * @throws RangeError on any other bond
 */
export function cappedPowers(bonds: readonly number[]): readonly number[] {
  for (const bond of bonds) {
    if (!Number.isSafeInteger(bond) || bond < 1) throw new RangeError(`a bond of ${bond} gives no power`);
  }
  const descending = [...bonds].sort((a, b) => b - a);
  let safe = 1;
  let above = (descending[0] ?? 1) + 1;
  while (above - safe > 1) {
    const middle = safe + Math.floor((above - safe) / 2);
    if (isSafeCap(descending, middle)) safe = middle;
    else above = middle;
  }
  return bonds.map((bond) => Math.min(bond, safe));
}
