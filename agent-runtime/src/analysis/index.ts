/** The root-cause engine: pure functions from telemetry to findings, votes, reasons and evidence products. */
export { analyse } from './analyse.ts';
export { type Features, featuresOf } from './calibration.ts';
export { VERDICT_PROBABILITY_MIN } from './constants.ts';
export {
  type Candidate,
  FAULT_KINDS,
  type FaultKind,
  type Findings,
  type NodeFinding,
  type NodeStatus,
  type Ranking,
  type SeriesFinding,
  type Symptom,
  type Verdict,
} from './findings.ts';
export { decimal, decimalRounded, plain, readableTime, thousandths } from './format.ts';
export { edgesOfSpans } from './handover.ts';
export { type Lookup, lookup } from './lookup.ts';
export { metricKind } from './metric-kinds.ts';
export { type DependencyGraph, dependencyGraph } from './products/dependency-graph.ts';
export { type FaultAssessment, faultAssessment } from './products/fault-assessment.ts';
export { type FaultRole, type FaultWeb, faultWeb } from './products/fault-web.ts';
export { type MetricsSnapshot, metricsSnapshot } from './products/metrics-snapshot.ts';
export { type RecoveryBound, type RepairPlan, type RepairStep, repairPlan } from './products/repair-plan.ts';
export { type Figure, type Reason, writeReason } from './reason.ts';
export { type Recovery, type RecoveryState, recoveryOf } from './recovery.ts';
export type {
  Alert,
  Capture,
  Discarded,
  Edge,
  LogRecord,
  MetricSeries,
  Span,
  SpanStatus,
  TelemetryWindow,
  Topology,
} from './types.ts';
export {
  claimOf,
  type Judgement,
  judge,
  type Role,
  type View,
  type ViewCandidate,
  type VoteOption,
  views,
} from './views/index.ts';
export { type Bilingual, figureText, metricLabel } from './wording.ts';
