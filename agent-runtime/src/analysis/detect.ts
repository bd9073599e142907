/**
 * Detection: how far each series departs, in the direction that hurts, from its own history.
 *
 * The history's median and the larger of its MAD and IQR say what is normal, so that neither outliers nor the first
 * minutes of the fault itself move the yardstick; floors keep constant series (availability, error counters) usable.
 */
import {
  ANOMALY_Z_MIN,
  BASELINE_SAMPLES_MIN,
  GLITCH_SAMPLES_MIN,
  IQR_TO_SIGMA,
  MAD_TO_SIGMA,
  ONSET_Z_SHARE,
  SPREAD_FLOOR_COUNT,
  SPREAD_FLOOR_FULL_SCALE_SHARE,
  SPREAD_FLOOR_RELATIVE,
  STRENGTH_DOUBLINGS,
  TAIL_RANKS,
  TAIL_TO_SIGMA,
  Z_MAX,
} from './constants.ts';
import type { Baseline, MetricKind, MetricUnit, Observation, SeriesFinding } from './findings.ts';
import { type IncidentWindow, isBefore, isDuring } from './incident-window.ts';
import { harmfulDirection, metricKind, metricUnit, symptomOf } from './metric-kinds.ts';
import { ascending, clamp, lowerMedian, medianAbsoluteDeviation, quantile, stable } from './statistics.ts';
import { byNodeThenMetric, type TidySeries } from './tidy-series.ts';

/** The observation that counts as the worst of the incident. */
type Peak = { readonly value: number; readonly z: number };

/** What all nodes that report the same metric have in common. */
type Family = { readonly largest: number; readonly usual: number };

const UNKNOWN_FAMILY: Family = { largest: 0, usual: 0 };

export function detect(all: readonly TidySeries[], window: IncidentWindow, alertMs: number): readonly SeriesFinding[] {
  const families = familiesOf(all, window);
  return all
    .map((series) => detectSeries(series, window, families.get(series.metric) ?? UNKNOWN_FAMILY, alertMs))
    .toSorted(byNodeThenMetric);
}

function familiesOf(all: readonly TidySeries[], window: IncidentWindow): ReadonlyMap<string, Family> {
  const families = new Map<string, { largest: number; medians: number[] }>();
  for (const series of all) {
    const family = families.get(series.metric) ?? { largest: 0, medians: [] };
    for (const point of series.points) family.largest = Math.max(family.largest, Math.abs(point.value));
    const median = lowerMedian(ascending(historyOf(series, window)));
    if (median !== null) family.medians.push(Math.abs(median));
    families.set(series.metric, family);
  }
  return new Map(
    [...families].map(([metric, { largest, medians }]) => [
      metric,
      { largest, usual: lowerMedian(ascending(medians)) ?? 0 },
    ]),
  );
}

function historyOf(series: TidySeries, window: IncidentWindow): readonly number[] {
  return series.points.filter((point) => isBefore(window, point.atMs)).map((point) => point.value);
}

function detectSeries(series: TidySeries, window: IncidentWindow, family: Family, alertMs: number): SeriesFinding {
  const { node, metric } = series;
  const kind = metricKind(metric);
  const unit = metricUnit(metric, kind, family.largest);
  const baseline = baselineOf(historyOf(series, window), spreadFloor(kind, unit, family));
  const direction = harmfulDirection(metric, kind);
  const zOf = harmOf(direction, baseline);
  const peak = peakOf(
    series.points.filter((point) => isDuring(window, point.atMs)),
    zOf,
  );
  const z = peak.z;
  const anomalous = z >= ANOMALY_Z_MIN;
  return {
    node,
    metric,
    kind,
    symptom: symptomOf(kind),
    unit,
    atAlert: observationAt(series.points, alertMs, window),
    baseline,
    z,
    onsetMs: anomalous ? onsetOf(series.points, zOf, window) : null,
    anomalous,
    strength: anomalous ? strengthOf(z, reachOf(baseline, unit, direction, peak.value)) : 0,
  };
}

function baselineOf(history: readonly number[], floor: (median: number) => number): Baseline | null {
  const sorted = ascending(history);
  const median = lowerMedian(sorted);
  if (median === null || sorted.length < BASELINE_SAMPLES_MIN) return null;
  const deviation = (medianAbsoluteDeviation(history, median) ?? 0) * MAD_TO_SIGMA;
  const range = ((quantile(sorted, 0.75) ?? 0) - (quantile(sorted, 0.25) ?? 0)) * IQR_TO_SIGMA;
  const tails = [
    median - (quantile(sorted, TAIL_RANKS.low) ?? median),
    (quantile(sorted, TAIL_RANKS.high) ?? median) - median,
  ];
  const spread = Math.max(deviation, range, ...tails.map((tail) => tail * TAIL_TO_SIGMA), floor(median));
  return { median, spread: Number.isFinite(spread) ? spread : Number.MAX_VALUE, samples: sorted.length };
}

/** The least departure that means anything, from the unit's natural scale or the level of the node and its peers. */
function spreadFloor(kind: MetricKind, unit: MetricUnit, family: Family): (median: number) => number {
  if (unit === 'percent') return () => 100 * SPREAD_FLOOR_FULL_SCALE_SHARE;
  if (unit === 'fraction') return () => SPREAD_FLOOR_FULL_SCALE_SHARE;
  const count = kind === 'error' && unit === 'none' ? SPREAD_FLOOR_COUNT : 0;
  return (median) => {
    const level = Math.abs(median) || family.usual || family.largest || 1;
    return Math.max(level * SPREAD_FLOOR_RELATIVE, count, Number.MIN_VALUE);
  };
}

function harmOf(direction: 1 | -1 | 0, baseline: Baseline | null): (point: Observation) => number {
  if (baseline === null) return () => 0;
  return ({ value }) => {
    const departure = value / baseline.spread - baseline.median / baseline.spread;
    const harm = direction === 0 ? Math.abs(departure) : departure * direction;
    return stable(clamp(harm, 0, Z_MAX));
  };
}

/** The most harmful observation, or the second most where one alone may be a glitch of the collector. */
function peakOf(points: readonly Observation[], zOf: (point: Observation) => number): Peak {
  const descending = points
    .map((point) => ({ value: point.value, z: zOf(point) }))
    .toSorted((left, right) => right.z - left.z);
  return descending[points.length >= GLITCH_SAMPLES_MIN ? 1 : 0] ?? { value: 0, z: 0 };
}

/** Follows the run of harmful observations that holds the worst one back to its beginning. */
function onsetOf(
  points: readonly Observation[],
  zOf: (point: Observation) => number,
  window: IncidentWindow,
): number | null {
  const during = points.filter((point) => isDuring(window, point.atMs));
  const worst = during.reduce<Observation | null>(
    (best, point) => (best === null || zOf(point) > zOf(best) ? point : best),
    null,
  );
  if (worst === null) return null;
  let onsetMs = worst.atMs;
  for (const point of points.filter(({ atMs }) => atMs < worst.atMs).toReversed()) {
    if (zOf(point) < ANOMALY_Z_MIN * ONSET_Z_SHARE) break;
    onsetMs = point.atMs;
  }
  return onsetMs;
}

/** Evidence in 0..1; logarithmic, as a tenfold z is not ten times the evidence. */
function strengthOf(z: number, reach: number): number {
  const departure = (1 + Math.log2(z / ANOMALY_Z_MIN)) / (1 + STRENGTH_DOUBLINGS);
  // A bounded metric cannot depart far; what counts is how much of the way it went. Squared: half way is not half bad.
  return stable(clamp(Math.max(departure, reach ** 2), 0, 1));
}

/** Share of the way from the usual level to the worst possible one, 0..1; 0 for units without bounds. */
function reachOf(baseline: Baseline | null, unit: MetricUnit, direction: 1 | -1 | 0, value: number): number {
  const full = unit === 'percent' ? 100 : unit === 'fraction' ? 1 : null;
  if (baseline === null || full === null || direction === 0) return 0;
  const worst = direction === 1 ? full : 0;
  const possible = worst - baseline.median;
  return possible === 0 ? 0 : clamp((value - baseline.median) / possible, 0, 1);
}

function observationAt(points: readonly Observation[], alertMs: number, window: IncidentWindow): Observation | null {
  const during = points.filter((point) => isDuring(window, point.atMs));
  return during.findLast((point) => point.atMs <= alertMs) ?? during[0] ?? null;
}
