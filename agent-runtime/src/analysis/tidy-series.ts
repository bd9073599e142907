/**
 * Puts series into one canonical form, whatever order or shape a source delivered them in: one series for each node and
 * metric, ascending times, one observation a time, finite values inside the window only.
 */
import { ascending, lowerMedian } from './statistics.ts';
import type { Capture, MetricSeries, TelemetryWindow } from './types.ts';

/** As {@link MetricSeries}, in canonical form. */
export type TidySeries = MetricSeries;

export function tidySeries({ metrics, window }: Capture): readonly TidySeries[] {
  const nodes = new Map<string, Map<string, MetricSeries[]>>();
  for (const series of metrics) {
    const own = obtain(nodes, series.node, () => new Map<string, MetricSeries[]>());
    obtain(own, series.metric, () => []).push(series);
  }
  return [...nodes.values()].flatMap((own) => [...own.values()].flatMap((parts) => tidied(parts, window)));
}

function tidied(parts: readonly MetricSeries[], window: TelemetryWindow): readonly TidySeries[] {
  const [only] = parts;
  if (only === undefined) return [];
  // Nearly all series come tidy; rebuilding ten thousand of them would cost more than the rest of the analysis.
  if (parts.length === 1 && isTidy(only, window)) return [only];
  const points = new Map<number, number>();
  for (const { timesMs, values } of parts) {
    for (const [index, atMs] of timesMs.entries()) {
      const value = values[index];
      if (value === undefined || !Number.isFinite(value) || !(atMs >= window.fromMs && atMs <= window.toMs)) continue;
      // Two observations of one time: keep the greater, which does not depend on the order of arrival.
      points.set(atMs, Math.max(value, points.get(atMs) ?? value));
    }
  }
  const sorted = [...points].toSorted(([left], [right]) => left - right);
  const { node, metric } = only;
  return [{ node, metric, timesMs: sorted.map(([atMs]) => atMs), values: sorted.map(([, value]) => value) }];
}

function isTidy({ timesMs, values }: MetricSeries, { fromMs, toMs }: TelemetryWindow): boolean {
  if (timesMs.length !== values.length) return false;
  let previous = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < values.length; index += 1) {
    const atMs = timesMs[index] ?? Number.NaN;
    if (!(atMs > previous && atMs >= fromMs && atMs <= toMs) || !Number.isFinite(values[index])) return false;
    previous = atMs;
  }
  return true;
}

/** Index of the first observation at or after `atMs`; the number of observations when there is none. */
export function firstAtOrAfter(timesMs: readonly number[], atMs: number): number {
  let low = 0;
  let high = timesMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timesMs[middle] ?? 0) < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Series whose steps are looked at for the usual one. */
const STEP_SERIES_MAX = 500;

/** The usual time between two observations; 0 when there are none. */
export function samplingStepMs(all: readonly TidySeries[]): number {
  const every = Math.max(1, Math.ceil(all.length / STEP_SERIES_MAX));
  // In an order of their own, so that the order of rows does not choose which series are looked at.
  const chosen =
    all.length <= STEP_SERIES_MAX ? all : all.toSorted(byNodeThenMetric).filter((_, index) => index % every === 0);
  const steps = chosen.flatMap(({ timesMs }) => {
    const gaps = timesMs.slice(1).map((atMs, index) => atMs - (timesMs[index] ?? atMs));
    return lowerMedian(ascending(gaps)) ?? [];
  });
  return lowerMedian(ascending(steps)) ?? 0;
}

export function byName(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

export function byNodeThenMetric(
  left: { readonly node: string; readonly metric: string },
  right: { readonly node: string; readonly metric: string },
): number {
  return byName(left.node, right.node) || byName(left.metric, right.metric);
}

function obtain<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  const found = map.get(key);
  if (found !== undefined) return found;
  const created = create();
  map.set(key, created);
  return created;
}
