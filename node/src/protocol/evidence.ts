/**
 * The evidence blobs: canonical JSON documents that transactions refer to by hash. The chain never looks inside; the
 * auditor, the explorer and the other agents do. Measured values are decimal strings ("22220.0"), because canonical
 * JSON here knows integers only; probabilities are thousandths.
 */
import { z } from 'zod';
import { bilingual, hash, incidentId, integer, thousandths } from './calls.ts';
import { ROLES } from './roles.ts';

const name = z.string().min(1).max(200);
const text = z.string().max(8_000);
/** Decimal number in text, as it was measured or computed. */
const decimal = z.string().regex(/^-?\d+(\.\d+)?$/);

/** One line of an agent's mind: what it thought, did, and saw. */
export const transcriptEntrySchema = z.strictObject({
  type: z.enum(['thought', 'action', 'observation', 'answer']),
  text: z.strictObject({ en: text, zh: text }),
  /** For actions and observations. */
  tool: z.string().max(80).optional(),
  /** Canonical JSON text of the tool's input. */
  input: text.optional(),
});
export type TranscriptEntry = z.infer<typeof transcriptEntrySchema>;

/** What a language model was asked, and what that took. */
export const modelUsageSchema = z.strictObject({
  model: z.string().max(200),
  /** The form in which it answered; `builtin` when it did not, and the deterministic reasoner decided. */
  answeredBy: z.enum(['tools', 'json_schema', 'json_object', 'text', 'builtin']),
  requests: integer,
  promptTokens: integer,
  completionTokens: integer,
  /** Millionths of the currency that the operator states prices in; null without prices. */
  costMicros: integer.nullable(),
});
export type ModelUsage = z.infer<typeof modelUsageSchema>;

export const transcriptSchema = z.strictObject({
  kind: z.literal('transcript'),
  role: z.enum(ROLES),
  reasoner: z.string().max(80),
  /** Empty for what happens before an incident is open. */
  incidentId: z.union([incidentId, z.literal('')]),
  purpose: z.string().max(80),
  entries: z.array(transcriptEntrySchema).max(200),
  /** Only of a reasoner that asks a language model. */
  usage: modelUsageSchema.optional(),
});
export type Transcript = z.infer<typeof transcriptSchema>;

export const metricsSnapshotSchema = z.strictObject({
  kind: z.literal('metrics_snapshot'),
  incidentId,
  atMs: integer,
  windowFromMs: integer,
  windowToMs: integer,
  /** Nodes that were asked for and had no metrics: absent, not zero. */
  silentNodes: z.array(name).max(2_000),
  series: z
    .array(
      z.strictObject({
        node: name,
        metric: name,
        metricKind: name,
        value: decimal.nullable(),
        baseline: decimal.nullable(),
        /** Robust deviation from the baseline, in thousandths of a spread; null without a baseline. */
        deviation: z.number().int().nullable(),
        onsetMs: integer.nullable(),
        samples: integer,
      }),
    )
    .max(5_000),
});
export type MetricsSnapshot = z.infer<typeof metricsSnapshotSchema>;

export const dependencyGraphSchema = z.strictObject({
  kind: z.literal('dependency_graph'),
  incidentId,
  root: name,
  nodes: z.array(z.strictObject({ node: name, distance: integer.nullable() })).max(2_000),
  edges: z.array(z.strictObject({ caller: name, callee: name })).max(10_000),
});
export type DependencyGraph = z.infer<typeof dependencyGraphSchema>;

export const faultAssessmentSchema = z.strictObject({
  kind: z.literal('fault_assessment'),
  incidentId,
  /** False when nothing stands out: 'not enough evidence' is an answer. */
  conclusive: z.boolean(),
  candidates: z
    .array(
      z.strictObject({
        node: name,
        probability: thousandths,
        faultKind: name,
        path: z.array(name).max(64),
        reason: bilingual,
      }),
    )
    .max(50),
});
export type FaultAssessment = z.infer<typeof faultAssessmentSchema>;

export const faultWebSchema = z.strictObject({
  kind: z.literal('fault_web'),
  incidentId,
  rootCause: name,
  nodes: z
    .array(
      z.strictObject({
        node: name,
        part: z.enum(['root_cause', 'propagated', 'healthy', 'silent', 'suspect']),
        probability: thousandths,
      }),
    )
    .max(2_000),
  edges: z.array(z.strictObject({ caller: name, callee: name, probability: thousandths })).max(10_000),
});
export type FaultWeb = z.infer<typeof faultWebSchema>;

export const repairStepSchema = z.strictObject({
  stepId: z.number().int().min(1).max(50),
  action: bilingual,
  description: bilingual,
  /** How to see that the step worked. */
  check: bilingual,
  risk: z.enum(['low', 'medium', 'high']),
  needsApproval: z.boolean(),
});

/** An earlier incident of this chain. `verified`: agents measured the recovery; `stood`: nobody falsified it in time. */
export const pastCaseSchema = z.strictObject({
  incidentId,
  rootCause: name,
  faultKind: name,
  outcome: z.enum(['verified', 'stood']),
});
export type PastCase = z.infer<typeof pastCaseSchema>;

export const solutionSchema = z.strictObject({
  kind: z.literal('solution'),
  incidentId,
  rootCause: name,
  faultKind: name,
  steps: z.array(repairStepSchema).min(1).max(50),
  /** Cases alike, the most alike first. */
  similar: z.array(pastCaseSchema).max(10).optional(),
});
export type Solution = z.infer<typeof solutionSchema>;

/** What an agent measured at the alerting node after the fix, against the bounds of that node's own history. */
export const outcomeMeasurementSchema = z.strictObject({
  kind: z.literal('outcome_measurement'),
  incidentId,
  /** Who measured: two agents that read the same figures still wrote two documents. */
  role: z.enum(ROLES),
  recovered: z.boolean(),
  /** The time that the symptom was away, or there, throughout. */
  windowFromMs: integer,
  windowToMs: integer,
  readings: z
    .array(
      z.strictObject({
        node: name,
        metric: name,
        comparator: z.enum(['at-most', 'at-least']),
        bound: decimal,
        latest: decimal.nullable(),
        samples: integer,
        /** Of them, how many broke the bound. */
        outside: integer,
      }),
    )
    .min(1)
    .max(50),
});
export type OutcomeMeasurement = z.infer<typeof outcomeMeasurementSchema>;

export const taskPlanSchema = z.strictObject({
  kind: z.literal('task_plan'),
  incidentId,
  tasks: z.array(z.strictObject({ role: z.enum(ROLES), task: bilingual })).max(50),
});
export type TaskPlan = z.infer<typeof taskPlanSchema>;

/** Any blob that this project's agents write, told apart by `kind`. */
export const evidenceSchema = z.discriminatedUnion('kind', [
  transcriptSchema,
  metricsSnapshotSchema,
  dependencyGraphSchema,
  faultAssessmentSchema,
  faultWebSchema,
  solutionSchema,
  taskPlanSchema,
  outcomeMeasurementSchema,
]);
export type Evidence = z.infer<typeof evidenceSchema>;

/** A blob as the API shows it when asked as JSON. */
export const evidenceViewSchema = z.object({ hash, bytes: integer, json: z.unknown() });
