/**
 * Puts series into one canonical form, whatever order or shape a source delivered them in: one series for each node and
 * metric, ascending times, one observation a time, finite values inside the window only.
 */
import type { Observation } from './findings.ts';
import { ascending, lowerMedian } from './statistics.ts';
import type { Capture } from './types.ts';

export type TidySeries = { readonly node: string; readonly metric: string; readonly points: readonly Observation[] };

export function tidySeries(capture: Capture): readonly TidySeries[] {
  const { fromMs, toMs } = capture.window;
  const nodes = new Map<string, Map<string, Map<number, number>>>();
  for (const { node, metric, timesMs, values } of capture.metrics) {
    const metrics = obtain(nodes, node, () => new Map<string, Map<number, number>>());
    const points = obtain(metrics, metric, () => new Map<number, number>());
    for (const [index, atMs] of timesMs.entries()) {
      const value = values[index];
      if (value === undefined || !Number.isFinite(value) || !(atMs >= fromMs && atMs <= toMs)) continue;
      // Two observations of one time: keep the greater, which does not depend on the order of arrival.
      points.set(atMs, Math.max(value, points.get(atMs) ?? value));
    }
  }
  return [...nodes].flatMap(([node, metrics]) =>
    [...metrics].map(([metric, points]) => ({
      node,
      metric,
      points: [...points].map(([atMs, value]) => ({ atMs, value })).toSorted((left, right) => left.atMs - right.atMs),
    })),
  );
}

/** The usual time between two observations; 0 when there are none. */
export function samplingStepMs(all: readonly TidySeries[]): number {
  const steps = all.flatMap(({ points }) => {
    const gaps = points.slice(1).map((point, index) => point.atMs - (points[index]?.atMs ?? point.atMs));
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
