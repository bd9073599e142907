/**
 * Whether the node that alerted shows what it alerted of, when it did: what comes later is no cause of the alert, and who
 * alerts of nothing that can be seen may have alerted of nothing.
 */
import { ALERT_STEPS_AFTER, ALERT_STEPS_BEFORE } from './constants.ts';
import type { SeriesFinding } from './findings.ts';
import { harmfulDirection, metricKind, symptomOf } from './metric-kinds.ts';
import { firstAtOrAfter, type TidySeries } from './tidy-series.ts';
import type { Alert } from './types.ts';

/**
 * Robust deviations from the usual level of the worst observation around the alert, over the alerting node's series of
 * the alert's symptom; `null` where none was observed.
 */
export function alertDeviations(
  alert: Alert,
  all: readonly TidySeries[],
  findings: readonly SeriesFinding[],
  stepMs: number,
): number | null {
  const symptom = symptomOf(metricKind(alert.metric));
  const own = findings.filter((item) => item.node === alert.node && item.peer === null);
  const same = own.filter((item) => item.symptom === symptom);
  const told = new Map((same.length > 0 ? same : own).map((item) => [item.metric, item]));
  const worst = all.flatMap(({ node, metric, timesMs, values }) => {
    const finding = node === alert.node ? told.get(metric) : undefined;
    if (finding === undefined || finding.baseline === null) return [];
    const { median, spread } = finding.baseline;
    const direction = harmfulDirection(metric, finding.kind);
    const from = firstAtOrAfter(timesMs, alert.atMs - ALERT_STEPS_BEFORE * stepMs);
    const to = firstAtOrAfter(timesMs, alert.atMs + ALERT_STEPS_AFTER * stepMs + 1);
    return values.slice(from, to).map((value) => {
      const departure = (value - median) / spread;
      return Math.max(0, direction === 0 ? Math.abs(departure) : departure * direction);
    });
  });
  return worst.length > 0 ? worst.reduce((most, z) => Math.max(most, z)) : null;
}
