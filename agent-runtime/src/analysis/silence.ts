/**
 * Silence: a node that is not heard of while others are is down, or its monitoring is. For good, or again and again, as
 * a process does that ends and is started anew.
 */
import type { IncidentSpan } from './change.ts';
import {
  DOWN_SHARE_MIN,
  VANISHED_HEARD_SHARE_MAX,
  VANISHED_RUN_SHARE_MIN,
  VANISHED_RUN_STEPS,
  VANISHED_STEPS_MIN,
} from './constants.ts';
import type { KnownSeries } from './demand.ts';
import { ascending, lowerMedian } from './statistics.ts';
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
 * Share of the incident that each node was silent for, beyond what is usual now: where collecting stumbled, all nodes
 * have gaps. Only nodes with a clear share are listed.
 */
export function downShares(own: readonly KnownSeries[], span: IncidentSpan): ReadonlyMap<string, number> {
  const heard = [...Map.groupBy(own, ({ series }) => series.node)].flatMap(([node, all]) => {
    const shares = all.flatMap(({ series, kind }) => {
      // Whether something answers is often asked by somebody else, and known all the time.
      const share = kind === 'success' ? null : heardShare(series, span);
      return share === null ? [] : share;
    });
    return shares.length === 0 ? [] : { node, share: Math.max(...shares) };
  });
  const usual = lowerMedian(ascending(heard.map(({ share }) => share))) ?? 0;
  return new Map(
    heard.flatMap(({ node, share }): readonly [string, number][] => {
      const down = usual > 0 ? 1 - share / usual : 0;
      return down >= DOWN_SHARE_MIN ? [[node, down]] : [];
    }),
  );
}

/** How much of what was observed before, in the same time, was observed during the incident. */
function heardShare({ timesMs }: TidySeries, { cleanUntilMs, onsetMs, toMs }: IncidentSpan): number | null {
  const before = firstAtOrAfter(timesMs, cleanUntilMs);
  const during = firstAtOrAfter(timesMs, toMs + 1) - firstAtOrAfter(timesMs, onsetMs);
  const firstMs = timesMs[0];
  if (firstMs === undefined || before < VANISHED_RUN_STEPS || cleanUntilMs <= firstMs || toMs <= onsetMs) return null;
  const expected = (before / (cleanUntilMs - firstMs)) * (toMs - onsetMs);
  return expected < VANISHED_STEPS_MIN ? null : during / expected;
}
