/** A3's product: what each node's metrics were at the alert, beside what is normal for them. */
import { SNAPSHOT_METRICS_PER_NODE } from '../constants.ts';
import type { Findings, MetricUnit, NodeStatus, SeriesFinding, Symptom } from '../findings.ts';
import { decimal, decimalRounded, isoTime } from '../format.ts';
import { lookup } from '../lookup.ts';
import { byName } from '../tidy-series.ts';
import { budgetFor, nodesByRelevance, takeFitting } from './budget.ts';

export type MetricReading = {
  readonly metric: string;
  readonly symptom: Symptom;
  readonly unit: MetricUnit;
  /** Decimal text of the observation at the alert, unchanged; `null` when there was none. */
  readonly atAlert: string | null;
  readonly baseline: { readonly median: string; readonly spread: string; readonly samples: number } | null;
  /** Robust deviations in the harmful direction, as decimal text. */
  readonly z: string;
  readonly onset: string | null;
  readonly anomalous: boolean;
};

export type NodeReadings = {
  readonly node: string;
  readonly status: NodeStatus;
  readonly metrics: readonly MetricReading[];
  readonly omittedMetrics: number;
};

export type MetricsSnapshot = {
  readonly product: 'metrics-snapshot';
  readonly version: 1;
  readonly captureId: string;
  readonly alert: { readonly node: string; readonly metric: string; readonly at: string };
  readonly window: { readonly from: string; readonly to: string };
  /** Most relevant first. */
  readonly nodes: readonly NodeReadings[];
  readonly omittedNodes: number;
};

export function metricsSnapshot(findings: Findings): MetricsSnapshot {
  const view = lookup(findings);
  const frame: MetricsSnapshot = {
    product: 'metrics-snapshot',
    version: 1,
    captureId: findings.captureId,
    alert: { node: findings.alert.node, metric: findings.alert.metric, at: isoTime(findings.alert.atMs) },
    window: { from: isoTime(findings.window.fromMs), to: isoTime(findings.window.toMs) },
    nodes: [],
    // The widest count that can replace it.
    omittedNodes: findings.nodes.length,
  };
  const readings = nodesByRelevance(view).flatMap((node) => {
    const finding = view.node(node);
    return finding === null ? [] : nodeReadings(node, finding.status, view.seriesOf(node));
  });
  const { taken } = takeFitting(readings, budgetFor(frame));
  return { ...frame, nodes: taken, omittedNodes: readings.length - taken.length };
}

function nodeReadings(node: string, status: NodeStatus, series: readonly SeriesFinding[]): NodeReadings {
  const salient = series
    .toSorted((left, right) => right.strength - left.strength || right.z - left.z || byName(left.metric, right.metric))
    .slice(0, SNAPSHOT_METRICS_PER_NODE);
  return { node, status, metrics: salient.map(reading), omittedMetrics: series.length - salient.length };
}

function reading({ metric, symptom, unit, atAlert, baseline, z, onsetMs, anomalous }: SeriesFinding): MetricReading {
  return {
    metric,
    symptom,
    unit,
    atAlert: atAlert === null ? null : decimal(atAlert.value),
    baseline:
      baseline === null
        ? null
        : { median: decimal(baseline.median), spread: decimalRounded(baseline.spread), samples: baseline.samples },
    z: decimalRounded(z),
    onset: onsetMs === null ? null : isoTime(onsetMs),
    anomalous,
  };
}
