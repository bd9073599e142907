/**
 * Change: the level of a series before the incident and during it, and how much two such levels differ by themselves.
 *
 * The level comes from the observations right before the incident, the yardstick from the whole history: for as many
 * neighbouring observations as the incident has, how far their mean usually moves (the null distribution of the
 * difference, as in a permutation test of a change point; BARO, Pham et al., FSE 2024, also scores a change by a robust
 * scale of the time before it). Drift, daily shape and heavy tails widen the yardstick and need no model of their own.
 */
import {
  BASELINE_SAMPLES_MIN,
  CHANGE_SPAN_MAX,
  GAP_STEPS_MAX,
  LASTING_OBSERVATIONS_MIN,
  LEVEL_WINDOW_MS,
  NULL_DIFFERENCES_MIN,
  NULL_RANK,
  NULL_RANK_SIGMAS,
  WINSOR_RANKS,
} from './constants.ts';
import type { Observation } from './findings.ts';
import { ascending, clamp, lowerMedian, quantile, sum } from './statistics.ts';
import { firstAtOrAfter, type TidySeries } from './tidy-series.ts';

/** When the incident began, as the alert's own series shows it, and until when it is looked at. */
export type IncidentSpan = { readonly cleanUntilMs: number; readonly onsetMs: number; readonly toMs: number };

export type Change = {
  /** Level right before the incident; `null` when nothing was observed then. */
  readonly before: number | null;
  /** Mean level during it; `null` when nothing was observed. */
  readonly after: number | null;
  /** Standard deviation of such a difference when nothing happens; 0 when nothing is known of it. */
  readonly noise: number;
  /** Nothing was ever observed before the incident. */
  readonly fresh: boolean;
  /** Observations of the incident. */
  readonly observed: number;
};

/** @param lasting whether a moment's trouble is to be passed over: what is rare, such as failures, comes in moments */
export function changeOf({ timesMs, values }: TidySeries, span: IncidentSpan, stepMs: number, lasting = true): Change {
  const historyEnd = firstAtOrAfter(timesMs, span.cleanUntilMs);
  const from = firstAtOrAfter(timesMs, span.onsetMs);
  const to = firstAtOrAfter(timesMs, span.toMs + 1);
  const runStart = firstAtOrAfter(timesMs, runStartMs(timesMs, historyEnd, span.cleanUntilMs, stepMs));
  const before = lowerMedian(ascending(values.slice(runStart, historyEnd)));
  // A short history has few differences of wide means; a few more of narrower ones tell their tail better.
  const differing = Math.floor((historyEnd - NULL_DIFFERENCES_MIN + 1) / 2);
  const width = Math.max(1, Math.min(to - from, historyEnd - runStart, CHANGE_SPAN_MAX, differing));
  return {
    before,
    after: to > from ? levelOf(values, from, to, lasting ? before : null) : null,
    noise: noiseOf(values, historyEnd, width),
    fresh: historyEnd === 0 && to > from,
    observed: Math.max(0, to - from),
  };
}

/** The unbroken run of observations that ends where the incident begins; older ones tell the noise, not the level. */
export function runStartMs(timesMs: readonly number[], end: number, untilMs: number, stepMs: number): number {
  const gapMs = stepMs * GAP_STEPS_MAX;
  let start = untilMs;
  for (let index = end - 1; index >= 0; index -= 1) {
    const atMs = timesMs[index] ?? start;
    if (start - atMs > gapMs || untilMs - atMs > LEVEL_WINDOW_MS) break;
    start = atMs;
  }
  return start;
}

function noiseOf(values: readonly number[], end: number, width: number): number {
  const differences: number[] = [];
  const sums = new Float64Array(end + 1);
  for (let index = 0; index < end; index += 1) sums[index + 1] = (sums[index] ?? 0) + (values[index] ?? 0);
  const total = (from: number, to: number): number => (sums[to] ?? 0) - (sums[from] ?? 0);
  for (let middle = width; middle + width <= end; middle += 1) {
    differences.push(Math.abs(total(middle, middle + width) - total(middle - width, middle)) / width);
  }
  if (differences.length >= NULL_DIFFERENCES_MIN) {
    return finite((quantile(ascending(differences), NULL_RANK) ?? 0) / NULL_RANK_SIGMAS);
  }
  if (end < BASELINE_SAMPLES_MIN) return 0;
  const history = ascending(values.slice(0, end));
  return finite(((history.at(-1) ?? 0) - (history[0] ?? 0)) / 2);
}

const finite = (value: number): number => (Number.isFinite(value) ? value : Number.MAX_VALUE);

/**
 * The mean, as only means add up; the median where that lies nearer to what was before: a moment's trouble moves the
 * mean and is over, a fault goes on.
 */
function levelOf(values: readonly number[], from: number, to: number, before: number | null): number {
  const mean = meanOf(values, from, to);
  if (before === null || to - from < LASTING_OBSERVATIONS_MIN) return mean;
  const median = quantile(ascending(values.slice(from, to)), 0.5) ?? mean;
  return Math.abs(median - before) < Math.abs(mean - before) ? median : mean;
}

function meanOf(values: readonly number[], from: number, to: number): number {
  let sum = 0;
  for (let index = from; index < to; index += 1) sum += (values[index] ?? 0) / (to - from);
  return finite(sum);
}

/** A break between two levels: when, and how many standard errors of their difference lie between them. */
export type Break = { readonly atMs: number; readonly errors: number };

/**
 * The moment in `fromMs`..`untilMs` that splits the observations into the two levels that fit them best (least squares,
 * as in Bai & Perron, Econometrica 1998, for a single break); the outermost observations are pulled in first.
 */
export function breakOf(points: readonly Observation[], fromMs: number, untilMs: number): Break | null {
  const sorted = ascending(points.map(({ value }) => value));
  const [low = 0, high = 0] = [quantile(sorted, WINSOR_RANKS.low) ?? 0, quantile(sorted, WINSOR_RANKS.high) ?? 0];
  const values = points.map(({ value }) => clamp(value, low, high));
  const total = sum(values);
  const middle = total / points.length;
  const scatter = sum(values.map((value) => (value - middle) ** 2));
  let best: { readonly atMs: number; readonly gain: number } | null = null;
  let before = 0;
  for (const [index, { atMs }] of points.entries()) {
    if (index > 0 && atMs >= fromMs && atMs <= untilMs) {
      const after = points.length - index;
      const gain = Math.abs(before / index - (total - before) / after) * Math.sqrt((index * after) / points.length);
      if (best === null || gain > best.gain) best = { atMs, gain };
    }
    before += values[index] ?? 0;
  }
  if (best === null || !(best.gain > 0)) return null;
  const within = Math.sqrt(Math.max(0, scatter - best.gain ** 2) / Math.max(1, points.length - 2));
  return { atMs: best.atMs, errors: within > 0 ? best.gain / within : Number.POSITIVE_INFINITY };
}
