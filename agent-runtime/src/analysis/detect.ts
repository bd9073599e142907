/**
 * Detection: how far each series departs, in the direction that hurts, from its own history.
 *
 * The history's median and the larger of its MAD and IQR say what is normal, so that neither outliers nor the first
 * minutes of the fault itself move the yardstick; floors keep constant series (availability, error counters) usable.
 * After a gap in the history the older part tells how much the series scatters, and the newer one at which level.
 */
import {
  ANOMALY_Z_MIN,
  BASELINE_SAMPLES_MIN,
  GAP_STEPS_MAX,
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
import type { IncidentWindow } from './incident-window.ts';
import { harmfulDirection, metricKind, metricUnit, symptomOf } from './metric-kinds.ts';
import { readMetricName } from './peers.ts';
import { ascending, clamp, lowerMedian, medianAbsoluteDeviation, quantile, stable } from './statistics.ts';
import { byNodeThenMetric, firstAtOrAfter, type TidySeries } from './tidy-series.ts';

/** The observation that counts as the worst of the incident. */
type Peak = { readonly value: number; readonly z: number };

/** What all nodes that report the same metric have in common. */
type Family = {
  readonly kind: MetricKind;
  readonly unit: MetricUnit;
  readonly direction: 1 | -1 | 0;
  readonly largest: number;
  readonly usual: number;
};

/** Where in a series the history ends and the incident lies. */
type Parts = {
  readonly end: number;
  readonly during: number;
  readonly to: number;
  /** All of the history, ascending. */
  readonly history: Float64Array;
  /** Median of its part since the last gap; `null` where there is no history. */
  readonly level: number | null;
};

export function detect(
  all: readonly TidySeries[],
  window: IncidentWindow,
  alertMs: number,
  stepMs = 0,
  nodes: ReadonlySet<string> = new Set(),
): readonly SeriesFinding[] {
  const parts = all.map((series) => partsOf(series, window, stepMs));
  const names = all.map(({ metric }) => readMetricName(metric, nodes));
  const families = familiesOf(
    all,
    names.map(({ base }) => base),
    parts,
  );
  return all
    .flatMap((series, index) => {
      const name = names[index];
      const own = parts[index];
      const family = name === undefined ? undefined : families.get(name.base);
      if (name === undefined || own === undefined || family === undefined) return [];
      return detectSeries(series, name.peer, own, family, alertMs);
    })
    .toSorted(byNodeThenMetric);
}

function partsOf({ timesMs, values }: TidySeries, { incidentFromMs, toMs }: IncidentWindow, stepMs: number): Parts {
  const end = firstAtOrAfter(timesMs, incidentFromMs);
  // Without a known step nothing is a gap.
  const run = stepMs > 0 ? gapStart(timesMs, end, incidentFromMs, stepMs) : 0;
  const history = ascending(values.slice(0, end));
  const level = lowerMedian(run > 0 && run < end ? ascending(values.slice(run, end)) : history);
  return { end, during: end, to: firstAtOrAfter(timesMs, toMs + 1), history, level };
}

/** Index of the first observation after the last gap of the history. */
function gapStart(timesMs: readonly number[], end: number, untilMs: number, stepMs: number): number {
  let later = untilMs;
  for (let index = end - 1; index >= 0; index -= 1) {
    const atMs = timesMs[index] ?? later;
    if (later - atMs > stepMs * GAP_STEPS_MAX) return index + 1;
    later = atMs;
  }
  return 0;
}

function familiesOf(
  all: readonly TidySeries[],
  bases: readonly string[],
  parts: readonly Parts[],
): ReadonlyMap<string, Family> {
  const families = new Map<string, { largest: number; medians: number[] }>();
  for (const [index, { values }] of all.entries()) {
    const base = bases[index] ?? '';
    const family = families.get(base) ?? { largest: 0, medians: [] };
    for (const value of values) {
      const size = Math.abs(value);
      if (size > family.largest) family.largest = size;
    }
    const level = parts[index]?.level ?? null;
    if (level !== null) family.medians.push(Math.abs(level));
    families.set(base, family);
  }
  return new Map(
    [...families].map(([metric, { largest, medians }]) => {
      const kind = metricKind(metric);
      const unit = metricUnit(metric, kind, largest);
      const usual = lowerMedian(ascending(medians)) ?? 0;
      return [metric, { kind, unit, direction: harmfulDirection(metric, kind), largest, usual }];
    }),
  );
}

function detectSeries(
  series: TidySeries,
  peer: string | null,
  parts: Parts,
  family: Family,
  alertMs: number,
): SeriesFinding {
  const { node, metric, timesMs, values } = series;
  const { kind, unit, direction } = family;
  const baseline = baselineOf(parts, spreadFloor(family));
  const zOf = harmOf(direction, baseline);
  const worst = peakOf(values.slice(parts.during, parts.to), zOf);
  const peak = { ...worst, z: stable(worst.z) };
  const anomalous = peak.z >= ANOMALY_Z_MIN;
  return {
    ...{ node, metric, peer, kind, unit, baseline, anomalous },
    symptom: symptomOf(kind),
    atAlert: observationAt(series, parts, alertMs),
    z: peak.z,
    onsetMs: anomalous ? onsetOf(timesMs, values, parts, zOf) : null,
    strength: anomalous ? strengthOf(peak.z, reachOf(baseline, unit, direction, peak.value)) : 0,
  };
}

function baselineOf({ end, history, level }: Parts, floor: (median: number) => number): Baseline | null {
  if (end < BASELINE_SAMPLES_MIN || level === null) return null;
  const spread = Math.max(spreadOf(history), floor(level));
  return { median: level, spread: Number.isFinite(spread) ? spread : Number.MAX_VALUE, samples: end };
}

function spreadOf(sorted: Float64Array): number {
  const median = lowerMedian(sorted) ?? 0;
  const deviation = (medianAbsoluteDeviation(sorted, median) ?? 0) * MAD_TO_SIGMA;
  const range = ((quantile(sorted, 0.75) ?? 0) - (quantile(sorted, 0.25) ?? 0)) * IQR_TO_SIGMA;
  const tails = [
    median - (quantile(sorted, TAIL_RANKS.low) ?? median),
    (quantile(sorted, TAIL_RANKS.high) ?? median) - median,
  ];
  return Math.max(deviation, range, ...tails.map((tail) => tail * TAIL_TO_SIGMA));
}

/** The least departure that means anything, from the unit's natural scale or the level of the node and its peers. */
function spreadFloor({ kind, unit, usual, largest }: Family): (median: number) => number {
  if (unit === 'percent') return () => 100 * SPREAD_FLOOR_FULL_SCALE_SHARE;
  if (unit === 'fraction') return () => SPREAD_FLOOR_FULL_SCALE_SHARE;
  const count = kind === 'error' && unit === 'none' ? SPREAD_FLOOR_COUNT : 0;
  return (median) => {
    const level = Math.abs(median) || usual || largest || 1;
    return Math.max(level * SPREAD_FLOOR_RELATIVE, count, Number.MIN_VALUE);
  };
}

function harmOf(direction: 1 | -1 | 0, baseline: Baseline | null): (value: number) => number {
  if (baseline === null) return () => 0;
  return (value) => {
    const departure = value / baseline.spread - baseline.median / baseline.spread;
    const harm = direction === 0 ? Math.abs(departure) : departure * direction;
    return clamp(harm, 0, Z_MAX);
  };
}

/** The most harmful observation, or the second most where one alone may be a glitch of the collector. */
function peakOf(values: readonly number[], zOf: (value: number) => number): Peak {
  let first: Peak = { value: 0, z: -1 };
  let second: Peak = first;
  for (const value of values) {
    const z = zOf(value);
    if (z > first.z) {
      second = first;
      first = { value, z };
    } else if (z > second.z) second = { value, z };
  }
  const peak = values.length >= GLITCH_SAMPLES_MIN ? second : first;
  return peak.z < 0 ? { value: 0, z: 0 } : peak;
}

/** Follows the run of harmful observations that holds the worst one back to its beginning. */
function onsetOf(
  timesMs: readonly number[],
  values: readonly number[],
  { during, to }: Parts,
  zOf: (value: number) => number,
): number | null {
  const zAt = (index: number): number => zOf(values[index] ?? 0);
  let worst = during;
  for (let index = during; index < to; index += 1) if (zAt(index) > zAt(worst)) worst = index;
  while (worst > 0 && zAt(worst - 1) >= ANOMALY_Z_MIN * ONSET_Z_SHARE) worst -= 1;
  return timesMs[worst] ?? null;
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

/** The last observation of the incident at or before the alert, else its first. */
function observationAt({ timesMs, values }: TidySeries, { during, to }: Parts, alertMs: number): Observation | null {
  if (to <= during) return null;
  const last = firstAtOrAfter(timesMs, alertMs + 1) - 1;
  const index = last >= during && last < to ? last : last >= to ? to - 1 : during;
  const atMs = timesMs[index];
  const value = values[index];
  return atMs === undefined || value === undefined ? null : { atMs, value };
}
