/**
 * What the root-cause engine concludes: plain, structured-clone-safe data that views, products and reasons are
 * derived from. Numbers here may be fractional; products turn them into strings and thousandths before they are signed.
 */
import type { Alert, Edge, TelemetryWindow } from './types.ts';

/** What a metric measures, read from its name. */
export type MetricKind = 'latency' | 'error' | 'success' | 'saturation' | 'traffic' | 'other';

/** Metric kinds folded by the harm they show: falling success is the same symptom as rising errors. */
export type Symptom = 'latency' | 'errors' | 'saturation' | 'traffic' | 'other';

export type MetricUnit = 'ms' | 's' | 'us' | 'ns' | 'bytes' | 'percent' | 'fraction' | 'none';

export type Observation = { readonly atMs: number; readonly value: number };

export type Baseline = {
  /** An actual observation (the lower median), so that a quoted figure exists in the data. */
  readonly median: number;
  /** Robust standard deviation with its floor applied; greater than zero. */
  readonly spread: number;
  readonly samples: number;
};

export type SeriesFinding = {
  readonly node: string;
  readonly metric: string;
  /** The callee that this was measured of, from the node's side; `null` for what the node measured of itself. */
  readonly peer: string | null;
  readonly kind: MetricKind;
  readonly symptom: Symptom;
  readonly unit: MetricUnit;
  /** The observation at the alert: the last one at or before it, else the first after it. */
  readonly atAlert: Observation | null;
  /** `null` when too little history was observed to know what is normal. */
  readonly baseline: Baseline | null;
  /** Robust z in the harmful direction, at least 0; 0 without a baseline. */
  readonly z: number;
  /** When the harmful run began. */
  readonly onsetMs: number | null;
  readonly anomalous: boolean;
  /** Evidence in 0..1 that z carries; 0 when not anomalous. */
  readonly strength: number;
};

/** What the spans of one node show, before the incident and during it. */
export type SpanEvidence = {
  readonly node: string;
  readonly spansBefore: number;
  readonly spansDuring: number;
  /** Mean time that a span spent outside its children. */
  readonly selfMsBefore: number | null;
  readonly selfMsDuring: number | null;
  /** Growth of that mean beyond its own scatter; 0 when there is none or no history. */
  readonly selfGrowthMs: number;
  /** Growth of all time on the way between callers and this node (or this node and its callees), in milliseconds. */
  readonly wireGrowthMs: number;
  /** Failed spans none of whose children failed: the failure began there. */
  readonly errorOriginsBefore: number;
  readonly errorOriginsDuring: number;
  /** 0..1 */
  readonly strength: number;
};

export type LogEvidence = {
  readonly node: string;
  readonly errorsBefore: number;
  readonly errorsDuring: number;
  /** Records during the incident of kinds that were not seen before it. */
  readonly newRecords: number;
  /** 0..1 */
  readonly strength: number;
};

/** `silent`: nothing was observed at the time of the incident, which is evidence of nothing. */
export type NodeStatus = 'anomalous' | 'healthy' | 'silent';

/**
 * What seems to be wrong with a node. `saturation` is any resource but processor and memory (pools, queues, disks);
 * `dependency` something that the node calls and that is not observed itself; `load` more requests than usual.
 */
export const FAULT_KINDS = [
  'cpu',
  'memory',
  'saturation',
  'latency',
  'errors',
  'crash',
  'network',
  'dependency',
  'load',
  'unknown',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export type NodeFinding = {
  readonly node: string;
  readonly status: NodeStatus;
  /** Calls away from the alerting node; 0 is that node, `null` cannot be reached from it. */
  readonly distance: number | null;
  /** Evidence of trouble from metrics alone, 0..1. */
  readonly metricSeverity: number;
  /** Evidence of trouble from metrics, spans and logs together, 0..1. */
  readonly severity: number;
  /** How surely it loses more time or requests than chance and its usual course account for, 0..1. */
  readonly lossEvidence: number;
  readonly onsetMs: number | null;
  /** How much of this node's trouble its callees account for, 0..1. */
  readonly explained: number;
  /** The callee that accounts for most of it. */
  readonly explainedBy: string | null;
  /** Severity that is left once callees are accounted for, 0..1. */
  readonly residual: number;
  /** Share of the blame that, followed from the alerting node along the calls, comes to rest here, 0..1. */
  readonly blame: number;
  /** Share of what the alerting node lost (time, failed requests) that was lost here, 0..1. */
  readonly flow: number;
  /** How much of the alerting node's loss this node lost as well, 0..1. */
  readonly lossShare: number;
  /** How much of that its callees do not account for, 0..1. */
  readonly kept: number;
  /** Both together, for losses of the alert's own symptom alone, 0..1. */
  readonly symptomKept: number;
  /** How far callers that send more than usual excuse this node's trouble, 0..1. */
  readonly excused: number;
  /** Evidence that a resource of this node is exhausted, 0..1. */
  readonly resources: number;
  readonly faultKind: FaultKind;
  /** It was heard of until the incident began, and is not any more. */
  readonly vanished: boolean;
  readonly spans: SpanEvidence | null;
  readonly logs: LogEvidence | null;
};

export type RankedNode = { readonly node: string; readonly score: number };

/** One independent ordering of the suspects, best first. */
export type Ranking = { readonly evidence: string; readonly weight: number; readonly nodes: readonly RankedNode[] };

export type Candidate = {
  readonly node: string;
  /** 0..1; all candidates together stay below 1, the rest is "none of these". */
  readonly probability: number;
  /** Share of the evidence that speaks for it among all candidates, 0..1: who, if it is one of them. */
  readonly share: number;
  readonly faultKind: FaultKind;
  /** From the alerting node to the candidate along calls; just the candidate when no path is known. */
  readonly path: readonly string[];
};

export type Verdict = 'root-cause' | 'not-enough-evidence';

export type Findings = {
  readonly captureId: string;
  readonly alert: Alert;
  readonly alertSymptom: Symptom;
  /** How far the alerting node's own observations of that symptom departed when it alerted; `null` when unobserved. */
  readonly alertDeviations: number | null;
  readonly window: TelemetryWindow;
  /** When the incident part of the window begins; everything before it is history. */
  readonly incidentFromMs: number;
  /** The usual time between two observations of a series; 0 when unknown. */
  readonly stepMs: number;
  readonly verdict: Verdict;
  /** Best first. Also filled, with low probabilities, when the verdict is `not-enough-evidence`. */
  readonly candidates: readonly Candidate[];
  /** Sorted by name. */
  readonly nodes: readonly NodeFinding[];
  /** Sorted by node, then metric. */
  readonly series: readonly SeriesFinding[];
  /** Sorted, without duplicates and self-calls. */
  readonly edges: readonly Edge[];
  readonly rankings: readonly Ranking[];
};
