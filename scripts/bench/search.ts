/** Finds the highest rate that holds: doubling until one does not, then halving the gap. */

export interface SearchOptions {
  readonly from: number;
  readonly most: number;
  /** Share by which the answer may be too low: 0.1 ends the search when the gap is a tenth of it. */
  readonly precision: number;
}

/** Steps up and down without an end would only measure noise. */
const STEPS_MAX = 24;
/** Below this a search downwards gives up: nothing holds. */
const RATE_LEAST = 1;

/**
 * @param holds whether a rate is sustained; asked once for each step
 * @returns the highest rate that held, null when none did
 */
export async function highestThatHolds(
  { from, most, precision }: SearchOptions,
  holds: (rate: number) => Promise<boolean>,
): Promise<number | null> {
  let good: number | null = null;
  let bad = Number.POSITIVE_INFINITY;
  let rate = Math.min(from, most);
  for (let step = 0; step < STEPS_MAX; step += 1) {
    if (await holds(rate)) good = rate;
    else bad = rate;
    if (good === most) return good;
    if (good === null && bad <= RATE_LEAST) return null;
    if (good !== null && bad - good <= good * precision) return good;
    rate = nextRate(good, bad, most);
  }
  return good;
}

function nextRate(good: number | null, bad: number, most: number): number {
  if (good === null) return Math.max(RATE_LEAST, bad / 2);
  return Number.isFinite(bad) ? (good + bad) / 2 : Math.min(most, good * 2);
}
