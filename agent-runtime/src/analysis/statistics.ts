/** Order statistics that a few extreme observations cannot move. Inputs are finite numbers; empty input gives `null`. */

import { EVENT_STRENGTH_HALF } from './constants.ts';

export function ascending(values: readonly number[]): Float64Array {
  // Typed arrays sort numbers several times faster than a comparator does.
  return Float64Array.from(values).sort();
}

/** Linear interpolation between closest ranks; `sorted` ascends and `share` is in 0..1. */
export function quantile(sorted: ArrayLike<number>, share: number): number | null {
  const position = (sorted.length - 1) * share;
  const low = sorted[Math.floor(position)];
  const high = sorted[Math.ceil(position)];
  if (low === undefined || high === undefined) return null;
  // Weighted rather than low + (high - low) * w: the difference of two huge values would overflow.
  const weight = position - Math.floor(position);
  return low * (1 - weight) + high * weight;
}

/** The middle observation itself, never an average of two. */
export function lowerMedian(sorted: ArrayLike<number>): number | null {
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}

/** Median distance from `centre`, as the lower of two middles; read off `sorted` from the centre outwards, without sorting again. */
export function medianAbsoluteDeviation(sorted: Float64Array, centre: number): number | null {
  if (sorted.length === 0) return null;
  let right = 0;
  while (right < sorted.length && (sorted[right] ?? 0) < centre) right += 1;
  let left = right - 1;
  let distance = 0;
  for (let taken = 0; taken <= (sorted.length - 1) / 2; taken += 1) {
    const below = left >= 0 ? centre - (sorted[left] ?? 0) : Number.POSITIVE_INFINITY;
    const above = right < sorted.length ? (sorted[right] ?? 0) - centre : Number.POSITIVE_INFINITY;
    distance = Math.min(below, above);
    if (below <= above) left -= 1;
    else right += 1;
  }
  return distance;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** `null` when there is nothing to average. */
export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : sum(values) / values.length;
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** Chance that at least one of several independent signs is real; each in 0..1. */
export function anyOf(strengths: readonly number[]): number {
  return 1 - strengths.reduce((doubt, strength) => doubt * (1 - clamp(strength, 0, 1)), 1);
}

/** Removes the last bits, in which sums taken in another order differ, so that equal evidence ties exactly. */
export function stable(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(12)) : 0;
}

/** Counts scatter by their root: fewer events than this many deviations above what was to be expected are chance. */
const EVENT_SIGMAS = 2.5;

/** How far `count` events speak for a change where `expected` were to be expected, 0..1. */
export function eventEvidence(count: number, expected: number): number {
  const excess = Math.max(0, count - expected - EVENT_SIGMAS * Math.sqrt(expected + 1));
  return stable(excess / (excess + EVENT_STRENGTH_HALF));
}
