/**
 * Silence: a node that is not heard of while others are is down, or its monitoring is. For good, or again and again, as
 * a process does that ends and is started anew.
 */
import type { IncidentSpan } from './change.ts';
import {
  DOWN_STEPS_MIN,
  VANISHED_HEARD_SHARE_MAX,
  VANISHED_RUN_SHARE_MIN,
  VANISHED_RUN_STEPS,
  VANISHED_STEPS_MIN,
} from './constants.ts';
import type { KnownSeries } from './demand.ts';
import { firstAtOrAfter, type TidySeries } from './tidy-series.ts';

/** Nothing is heard of the node since the incident began, after an unbroken record: it is down, or its monitoring is. */
export function hasVanished(
  own: readonly TidySeries[],
  { cleanUntilMs, onsetMs, toMs }: IncidentSpan,
  stepMs: number,
): boolean {
  if (stepMs <= 0 || toMs - onsetMs < stepMs * VANISHED_STEPS_MIN) return false;
  let lastMs = Number.NEGATIVE_INFINITY;
  let longestRun = 0;
  for (const series of own) {
    lastMs = Math.max(lastMs, series.timesMs.at(-1) ?? lastMs);
    const recent =
      firstAtOrAfter(series.timesMs, cleanUntilMs) -
      firstAtOrAfter(series.timesMs, cleanUntilMs - stepMs * VANISHED_RUN_STEPS);
    longestRun = Math.max(longestRun, recent);
  }
  // The split between before and after may lie a step or two off.
  const heardUntilMs = onsetMs + (toMs - onsetMs) * VANISHED_HEARD_SHARE_MAX;
  return lastMs <= heardUntilMs && longestRun >= VANISHED_RUN_STEPS * VANISHED_RUN_SHARE_MIN;
}

/**
 * Share of the incident that each node was silent for while most others were heard. One step more than ever before, at
 * least two in a row, is more than a scrape that failed.
 */
export function downShares(
  own: readonly KnownSeries[],
  span: IncidentSpan,
  stepMs: number,
): ReadonlyMap<string, number> {
  if (!(stepMs > 0)) return new Map();
  const stepOf = (atMs: number): number => Math.floor((atMs - span.onsetMs) / stepMs);
  const heard = new Map<string, Set<number>>();
  for (const { series, kind } of own) {
    // Whether something answers is often asked by somebody else, and known all the time.
    if (kind === 'success') continue;
    const steps = heard.get(series.node) ?? new Set();
    heard.set(series.node, steps);
    for (const atMs of series.timesMs) steps.add(stepOf(atMs));
  }
  const counts = new Map<number, number>();
  for (const steps of heard.values()) for (const step of steps) counts.set(step, (counts.get(step) ?? 0) + 1);
  const scraped = [...counts].flatMap(([step, count]) => (count * 2 > heard.size ? step : []));
  const before = scraped.filter((step) => step < stepOf(span.cleanUntilMs)).toSorted((left, right) => left - right);
  const during = scraped
    .filter((step) => step >= stepOf(span.cleanUntilMs) && step <= stepOf(span.toMs))
    .toSorted((left, right) => left - right);
  if (during.length < VANISHED_STEPS_MIN || heard.size < 2) return new Map();
  return new Map(
    [...heard].flatMap(([node, steps]): readonly [string, number][] => {
      const known = before.filter((step) => steps.has(step)).length;
      const run = longestSilence(during, steps);
      if (known < VANISHED_RUN_STEPS || run < DOWN_STEPS_MIN || run <= longestSilence(before, steps)) return [];
      return [[node, during.filter((step) => !steps.has(step)).length / during.length]];
    }),
  );
}

/** Steps in a row that a node was not heard in. */
function longestSilence(scraped: readonly number[], heard: ReadonlySet<number>): number {
  let longest = 0;
  let run = 0;
  for (const step of scraped) {
    run = heard.has(step) ? 0 : run + 1;
    longest = Math.max(longest, run);
  }
  return longest;
}
