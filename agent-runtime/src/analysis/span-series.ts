/**
 * Metrics out of spans, for nodes that report none of a kind: requests, mean duration and failing share by time bins,
 * as a collector's span-metrics connector would count them. They feed the amounts only; figures are quoted from data.
 */
import type { KnownSeries } from './demand.ts';
import type { Span, TelemetryWindow } from './types.ts';

/** Bins of a window: enough for a yardstick of usual differences, wide enough to hold sampled spans. */
const BINS = 60;

type Bin = { count: number; durationMs: number; failed: number };

export function spanSeries(spans: readonly Span[], { fromMs, toMs }: TelemetryWindow): readonly KnownSeries[] {
  const binMs = (toMs - fromMs) / BINS;
  if (!(binMs > 0)) return [];
  const nodes = new Map<string, Map<number, Bin>>();
  for (const { node, startMs, durationMs, status } of spans) {
    if (!(startMs >= fromMs && startMs <= toMs && durationMs >= 0)) continue;
    const bins = nodes.get(node) ?? new Map<number, Bin>();
    nodes.set(node, bins);
    const index = Math.min(BINS - 1, Math.floor((startMs - fromMs) / binMs));
    const bin = bins.get(index) ?? { count: 0, durationMs: 0, failed: 0 };
    bins.set(index, bin);
    bin.count += 1;
    bin.durationMs += durationMs;
    bin.failed += status === 'error' ? 1 : 0;
  }
  return [...nodes].flatMap(([node, bins]) => seriesOf(node, bins, (index) => fromMs + index * binMs));
}

function seriesOf(
  node: string,
  bins: ReadonlyMap<number, Bin>,
  atMs: (index: number) => number,
): readonly KnownSeries[] {
  const filled = [...bins].toSorted(([left], [right]) => left - right);
  const series = (metric: string, read: (bin: Bin) => number): KnownSeries['series'] => ({
    ...{ node, metric },
    timesMs: filled.map(([index]) => atMs(index)),
    values: filled.map(([, bin]) => read(bin)),
  });
  const own = { of: null };
  return [
    { ...own, kind: 'traffic', unit: 'none', series: series('spans', ({ count }) => count) },
    {
      ...own,
      kind: 'latency',
      unit: 'ms',
      series: series('span_duration_mean', ({ count, durationMs }) => durationMs / count),
    },
    {
      ...own,
      kind: 'error',
      unit: 'fraction',
      series: series('span_error_share', ({ count, failed }) => failed / count),
    },
  ];
}
