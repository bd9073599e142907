/**
 * What thinks for an agent. A reasoner gets one task and the tools of that duty, and gives back a decision: the words
 * and choices of an agent, never its evidence, which always comes from measured data.
 */
import { PRIORITIES, type Role, repairStepSchema, type Step, VOTE_OPTIONS } from '@dao-gov/node/protocol';
import { z } from 'zod';
import { FAULT_KINDS } from '../analysis/index.ts';
import type { ToolAlert, ToolBox } from '../tools/index.ts';

/** `vote_challenge` and `vote_motion` are votes on other things than a claim. */
export type Purpose = Step | 'vote' | 'vote_challenge' | 'vote_motion' | 'challenge';

const name = z.string().min(1).max(120);
const sentence = z.string().min(1).max(2_000);
const bilingual = z.strictObject({ en: sentence, zh: sentence });
const thousandths = z.number().int().min(0).max(1_000);

/** One decision a purpose. Strict and without optional fields, as language models fill those best. */
export const reasonedSchemas = {
  triage: z.strictObject({ purpose: z.literal('triage'), priority: z.enum(PRIORITIES), summary: sentence }),
  schedule_tasks: z.strictObject({
    purpose: z.literal('schedule_tasks'),
    scope: z.array(name).min(1).max(64),
    summary: sentence,
  }),
  submit_data_collection: z.strictObject({ purpose: z.literal('submit_data_collection'), summary: sentence }),
  submit_dependency_graph: z.strictObject({ purpose: z.literal('submit_dependency_graph'), summary: sentence }),
  submit_fault_assessment: z.strictObject({ purpose: z.literal('submit_fault_assessment'), summary: sentence }),
  propose_root_cause: z.strictObject({
    purpose: z.literal('propose_root_cause'),
    /** Null: there is nothing that could be claimed with tokens at stake. */
    rootCause: name.nullable(),
    faultKind: z.enum(FAULT_KINDS),
    probability: thousandths,
    reason: bilingual,
  }),
  vote: z.strictObject({
    purpose: z.literal('vote'),
    option: z.enum(VOTE_OPTIONS),
    confidence: thousandths,
    reason: bilingual,
  }),
  vote_challenge: z.strictObject({
    purpose: z.literal('vote_challenge'),
    /** For: the claim is wrong. */
    option: z.enum(VOTE_OPTIONS),
    confidence: thousandths,
    reason: bilingual,
  }),
  vote_motion: z.strictObject({ purpose: z.literal('vote_motion'), option: z.enum(VOTE_OPTIONS), reason: bilingual }),
  challenge: z.strictObject({
    purpose: z.literal('challenge'),
    /** The cause that newer telemetry speaks for. Null: the claim is not challenged. */
    rootCause: name.nullable(),
    reason: bilingual,
  }),
  submit_fault_web: z.strictObject({ purpose: z.literal('submit_fault_web'), summary: sentence }),
  submit_solution: z.strictObject({
    purpose: z.literal('submit_solution'),
    summary: sentence,
    steps: z.array(repairStepSchema).min(1).max(50),
  }),
} as const satisfies Readonly<Record<Purpose, z.ZodType>>;

export type ReasonedOf<P extends Purpose> = z.infer<(typeof reasonedSchemas)[P]>;
export type ReasonedIntent = ReasonedOf<Purpose>;

export interface MotionTask {
  readonly kind: 'parameters' | 'spending';
  readonly changes: readonly {
    readonly name: string;
    readonly from: number | string | null;
    readonly value: number | string;
  }[];
  /** Who is paid; empty unless it is about a payment. */
  readonly to: string;
  readonly amount: number;
  readonly treasury: number;
  /** The mover's words. */
  readonly reason: string;
  /** What the policy does not support, nobody can. */
  readonly policy: {
    readonly option: (typeof VOTE_OPTIONS)[number];
    readonly reason: { readonly en: string; readonly zh: string };
  };
}

export interface ReasoningTask {
  readonly purpose: Purpose;
  readonly role: Role;
  /** Empty before the incident is open. */
  readonly incidentId: string;
  readonly alert: ToolAlert;
  /** The claim to vote on or to challenge, or the agreed cause to work from; empty otherwise. */
  readonly rootCause: string;
  /** The claim's own words, for a vote: written by another agent, so not to be believed unchecked. */
  readonly claim: { readonly faultKind: string; readonly probability: number; readonly reason: string } | null;
  /** What a challenger holds against the claim, for a vote on that: not to be believed unchecked either. */
  readonly challenge: { readonly reason: string } | null;
  /** The motion to vote on, with what the agent's policy says of it. */
  readonly motion: MotionTask | null;
  /** Root causes that were voted down in this incident. */
  readonly rejectedCauses: readonly string[];
  /** Thousandths: a claim below this loses more tokens than it wins; a challenge below it is not made. */
  readonly probabilityMin: number;
  /** Milliseconds of block time until it is too late, or another role's turn. */
  readonly timeLeftMs: number;
  /** Why the last attempt at this very duty failed on chain. */
  readonly failure: { readonly code: string; readonly detail: string } | null;
}

export interface Reasoner {
  /** Stands in every transcript. */
  readonly name: string;
  /** @throws AnalystError where the duty cannot be done without telemetry; whoever votes abstains instead */
  decide(task: ReasoningTask, tools: ToolBox): Promise<ReasonedIntent>;
}
