/** Gathers what every kind of evidence says about each node: is it in trouble, fine, or was nothing observed at all. */
import {
  ANOMALOUS_SEVERITY_MIN,
  IMPACT_MIN,
  IMPACT_TRAFFIC_SHARE,
  LOG_SIGN_WEIGHT,
  LOSS_SIGN_WEIGHT,
  ONSET_STRENGTH_SHARE,
  SYMPTOM_RELEVANCE,
  SYMPTOM_WEIGHT,
  VANISHED_EVIDENCE,
} from './constants.ts';
import { type Demand, NO_DEMAND } from './demand.ts';
import type { LogEvidence, NodeStatus, SeriesFinding, SpanEvidence, Symptom } from './findings.ts';
import { metricKind, symptomOf } from './metric-kinds.ts';
import { anyOf, clamp, stable } from './statistics.ts';
import { byName } from './tidy-series.ts';
import type { Capture } from './types.ts';

/** Evidence in 0..1 for each symptom. */
export type SymptomStrengths = Readonly<Record<Symptom, number>>;

export type NodeState = {
  readonly node: string;
  readonly status: NodeStatus;
  readonly series: readonly SeriesFinding[];
  readonly demand: Demand;
  readonly strengths: SymptomStrengths;
  readonly metricSeverity: number;
  readonly severity: number;
  readonly lossEvidence: number;
  readonly onsetMs: number | null;
  readonly vanished: boolean;
  readonly spans: SpanEvidence | null;
  readonly logs: LogEvidence | null;
};

type AlertContext = { readonly alertSymptom: Symptom; readonly alertSeries: readonly SeriesFinding[] };

const SYMPTOMS: readonly Symptom[] = ['latency', 'errors', 'saturation', 'traffic', 'other'];

export type Evidence = {
  readonly series: readonly SeriesFinding[];
  readonly spans: readonly SpanEvidence[];
  readonly logs: readonly LogEvidence[];
  readonly demands: ReadonlyMap<string, Demand>;
};

/** Sorted by name; one for every node that the capture mentions anywhere. */
export function nodeStates(capture: Capture, { series, spans, logs, demands }: Evidence): readonly NodeState[] {
  const seriesOf = Map.groupBy(
    series.filter(({ peer }) => peer === null),
    ({ node }) => node,
  );
  const alert: AlertContext = {
    alertSymptom: symptomOf(metricKind(capture.alert.metric)),
    alertSeries: seriesOf.get(capture.alert.node) ?? [],
  };
  const spansOf = new Map(spans.map((item) => [item.node, item]));
  const logsOf = new Map(logs.map((item) => [item.node, item]));
  const names = new Set([
    capture.alert.node,
    ...capture.topology.nodes,
    ...capture.topology.edges.flatMap(({ caller, callee }) => [caller, callee]),
    ...seriesOf.keys(),
    ...spansOf.keys(),
    ...logsOf.keys(),
  ]);
  return [...names].toSorted(byName).map((node) =>
    nodeState(node, seriesOf.get(node) ?? [], spansOf.get(node) ?? null, logsOf.get(node) ?? null, {
      ...alert,
      demand: demands.get(node) ?? NO_DEMAND,
    }),
  );
}

function nodeState(
  node: string,
  series: readonly SeriesFinding[],
  spans: SpanEvidence | null,
  logs: LogEvidence | null,
  { alertSymptom, alertSeries, demand }: AlertContext & { readonly demand: Demand },
): NodeState {
  const strengths = symptomStrengths(series);
  const { evidence: lossEvidence, vanished } = demand;
  const metricSeverity = stable(severityOf(strengths, alertSymptom) * impactOf(series, alertSeries));
  const severity = stable(
    anyOf([
      Math.max(
        metricSeverity,
        lossEvidence * LOSS_SIGN_WEIGHT,
        vanished || demand.downShare > 0 ? VANISHED_EVIDENCE : 0,
      ),
      spans?.strength ?? 0,
      (logs?.strength ?? 0) * LOG_SIGN_WEIGHT,
    ]),
  );
  const observed =
    series.some(({ baseline, atAlert }) => baseline !== null && atAlert !== null) ||
    (spans !== null && spans.spansBefore > 0 && spans.spansDuring > 0);
  const status = severity >= ANOMALOUS_SEVERITY_MIN ? 'anomalous' : observed ? 'healthy' : 'silent';
  return {
    node,
    status,
    strengths,
    metricSeverity,
    severity,
    lossEvidence,
    onsetMs: onsetOf(series),
    vanished,
    series,
    demand,
    spans,
    logs,
  };
}

function symptomStrengths(series: readonly SeriesFinding[]): SymptomStrengths {
  const strengths = { latency: 0, errors: 0, saturation: 0, traffic: 0, other: 0 };
  for (const { symptom, strength } of series) strengths[symptom] = Math.max(strengths[symptom], strength);
  return strengths;
}

function severityOf(strengths: SymptomStrengths, alertSymptom: Symptom): number {
  const relevance = SYMPTOM_RELEVANCE[alertSymptom];
  return anyOf(SYMPTOMS.map((symptom) => strengths[symptom] * SYMPTOM_WEIGHT[symptom] * relevance[symptom]));
}

/**
 * Trouble of a node that hardly any traffic passes is felt by hardly anyone. Its usual and its present share of the
 * alerting node's traffic count alike, as a broken node may have lost most of it. 1 where traffic is not known.
 */
function impactOf(series: readonly SeriesFinding[], alertSeries: readonly SeriesFinding[]): number {
  const shares = series.flatMap((own) => {
    const whole = own.kind === 'traffic' ? alertSeries.find(({ metric }) => metric === own.metric) : undefined;
    if (whole === undefined) return [];
    const usual = shareOf(own.baseline?.median, whole.baseline?.median);
    const present = shareOf(own.atAlert?.value, whole.atAlert?.value) ?? usual;
    return present === null ? [] : Math.sqrt(present * (usual ?? present));
  });
  if (shares.length === 0) return 1;
  return clamp(shares.reduce((most, share) => Math.max(most, share)) / IMPACT_TRAFFIC_SHARE, IMPACT_MIN, 1);
}

/** `null` where either is unknown or nothing flows: then there is no share to speak of. */
function shareOf(part: number | undefined, whole: number | undefined): number | null {
  if (part === undefined || whole === undefined || part <= 0 || whole <= 0) return null;
  const share = part / whole;
  return Number.isFinite(share) ? share : null;
}

function onsetOf(series: readonly SeriesFinding[]): number | null {
  const strongest = series.reduce((most, { strength }) => Math.max(most, strength), 0);
  const onsets = series
    .filter(({ strength }) => strength > 0 && strength >= strongest * ONSET_STRENGTH_SHARE)
    .flatMap(({ onsetMs }) => onsetMs ?? []);
  return onsets.length === 0 ? null : onsets.reduce((first, onsetMs) => Math.min(first, onsetMs));
}
