/** Splits a capture's window into history and incident. */
import { breakOf, type IncidentSpan, runStartMs } from './change.ts';
import {
  BREAK_ERRORS_MAX,
  BREAK_ERRORS_MIN,
  BREAKS_EARLY_SHARE,
  COARSE_STEPS_MIN,
  INCIDENT_LEAD_MS_MAX,
  INCIDENT_LEAD_SHARE_LONG,
  INCIDENT_LEAD_SHARE_MAX,
  INCIDENT_TAIL_MS_MAX,
} from './constants.ts';
import type { Symptom } from './findings.ts';
import { metricKind, symptomOf } from './metric-kinds.ts';
import { firstAtOrAfter, type TidySeries } from './tidy-series.ts';
import type { Alert, TelemetryWindow } from './types.ts';

export type IncidentWindow = {
  readonly fromMs: number;
  /** Observations before this are history, from here on they belong to the incident. */
  readonly incidentFromMs: number;
  readonly toMs: number;
  /** Where history ends, if what lies between it and the incident may belong to either. */
  readonly beforeMs?: number;
};

export function incidentWindow(alert: Alert, window: TelemetryWindow): IncidentWindow {
  return { fromMs: window.fromMs, incidentFromMs: alert.atMs - leadMsOf(alert, window), toMs: window.toMs };
}

function leadMsOf(alert: Alert, window: TelemetryWindow): number {
  const historyMs = Math.max(0, alert.atMs - window.fromMs);
  return Math.min(INCIDENT_LEAD_MS_MAX, historyMs * INCIDENT_LEAD_SHARE_MAX);
}

export type LocatedIncident = { readonly window: IncidentWindow; readonly span: IncidentSpan };

/**
 * Looks in the alert's own series for the moment when it changed. With coarse sampling the few observations before that
 * moment are all that is known of the time before, so that the incident begins there.
 */
export function locateIncident(
  alert: Alert,
  window: TelemetryWindow,
  series: readonly TidySeries[],
  stepMs: number,
): LocatedIncident {
  const usual = earlier(incidentWindow(alert, window), alert, series);
  const toMs = Math.min(window.toMs, alert.atMs + INCIDENT_TAIL_MS_MAX);
  const own = alertSeries(alert, series);
  const onsetMs = own === null ? null : onsetIn(own, usual, alert.atMs, stepMs, toMs);
  if (onsetMs === null)
    return { window: usual, span: { cleanUntilMs: usual.incidentFromMs, onsetMs: usual.incidentFromMs, toMs } };
  const coarse = stepMs * COARSE_STEPS_MIN > alert.atMs - usual.incidentFromMs;
  const incidentFromMs = coarse ? onsetMs : usual.incidentFromMs;
  return { window: { ...usual, incidentFromMs }, span: { cleanUntilMs: incidentFromMs, onsetMs, toMs } };
}

const FELT: ReadonlySet<Symptom> = new Set(['latency', 'errors']);

/**
 * A short history has no room for a long lead, and a slow alert leaves a fault in it. Where many series break earlier,
 * the incident begins there: breaks are weighed by how clear they are, and a few stray ones passed over.
 */
function earlier(usual: IncidentWindow, alert: Alert, series: readonly TidySeries[]): IncidentWindow {
  const historyMs = Math.max(0, alert.atMs - usual.fromMs);
  const earliestMs = alert.atMs - Math.min(INCIDENT_LEAD_MS_MAX, historyMs * INCIDENT_LEAD_SHARE_LONG);
  if (earliestMs >= usual.incidentFromMs) return usual;
  const breaks = series.flatMap(({ metric, timesMs, values }) => {
    // What users feel; levels of memory and queues step without that.
    if (!FELT.has(symptomOf(metricKind(metric)))) return [];
    const points = timesMs.flatMap((atMs, index) => (atMs <= alert.atMs ? [{ atMs, value: values[index] ?? 0 }] : []));
    const found = breakOf(points, earliestMs, alert.atMs);
    return found !== null && found.errors >= BREAK_ERRORS_MIN ? [found] : [];
  });
  const weightOf = ({ errors }: { readonly errors: number }): number => Math.min(errors, BREAK_ERRORS_MAX);
  let left = BREAKS_EARLY_SHARE * breaks.reduce((total, item) => total + weightOf(item), 0);
  for (const item of breaks.toSorted((one, other) => one.atMs - other.atMs)) {
    left -= weightOf(item);
    if (left <= 0) return { ...usual, incidentFromMs: Math.min(usual.incidentFromMs, item.atMs) };
  }
  return usual;
}

function alertSeries({ node, metric }: Alert, series: readonly TidySeries[]): TidySeries | null {
  const own = series.filter((item) => item.node === node);
  const symptom = symptomOf(metricKind(metric));
  const same = own.filter((item) => symptomOf(metricKind(item.metric)) === symptom);
  // Several that would do: the one that is observed most, then by name, so that no order of rows decides.
  const alike = same.toSorted(
    (left, right) => right.values.length - left.values.length || (left.metric < right.metric ? -1 : 1),
  );
  return own.find((item) => item.metric === metric) ?? alike[0] ?? null;
}

function onsetIn(
  { timesMs, values }: TidySeries,
  { incidentFromMs }: IncidentWindow,
  alertMs: number,
  stepMs: number,
  toMs: number,
): number | null {
  const first = firstAtOrAfter(timesMs, incidentFromMs);
  const startMs = runStartMs(timesMs, first, incidentFromMs, stepMs);
  const points = timesMs.flatMap((atMs, index) =>
    atMs >= startMs && atMs <= toMs ? [{ atMs, value: values[index] ?? 0 }] : [],
  );
  return breakOf(points, incidentFromMs, alertMs + stepMs)?.atMs ?? null;
}

export function isBefore(window: IncidentWindow, atMs: number): boolean {
  return atMs >= window.fromMs && atMs < (window.beforeMs ?? window.incidentFromMs);
}

export function isDuring(window: IncidentWindow, atMs: number): boolean {
  return atMs >= window.incidentFromMs && atMs <= window.toMs;
}
