/**
 * The calls: every transaction type with the schema of its arguments. Arguments travel as canonical JSON, so what was
 * signed can be read. Strings are bounded here because they are stored in state and shown to people; long texts belong
 * into evidence blobs.
 */
import { z } from 'zod';
import { INTEGER_MAX } from './constants.ts';
import { VOTE_KINDS } from './types.ts';

const hex = (bytes: number) =>
  z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`), `${bytes} bytes in lowercase hex`);
export const hash = hex(32);
export const address = hex(20);
export const publicKey = hex(33);
export const signature = hex(64);
/** ed25519. */
export const validatorKey = hex(32);
export const integer = z.number().int().min(0).max(INTEGER_MAX);
export const amount = integer.min(1);
export const thousandths = z.number().int().min(0).max(1000);
const name = z.string().min(1).max(120);
const sentence = z.string().min(1).max(2_000);
/** `INC-0001`, counted by the chain. */
export const incidentId = z.string().regex(/^INC-\d{4,12}$/);

export const PRIORITIES = ['P1', 'P2', 'P3', 'P4'] as const;
export const VOTE_OPTIONS = ['For', 'Against', 'Abstain'] as const;
export type VoteOption = (typeof VOTE_OPTIONS)[number];

/** A text in both languages of the product. */
export const bilingual = z.strictObject({ en: sentence, zh: sentence });

export const callSchemas = {
  transfer: z.strictObject({ to: address, amount }),
  /** Moves tokens from the balance to the free stake. */
  stake: z.strictObject({ amount }),
  /** Moves free stake back; what an open claim or vote holds locked stays. */
  unstake: z.strictObject({ amount }),

  /**
   * Bonds tokens for a validator of one's own. `possession` brings a new key in: the key's own signature over the
   * account (`bondSigningRoot`), so that nobody bonds for a key that is not theirs.
   */
  bond: z.union([
    z.strictObject({ validator: validatorKey, amount }),
    z.strictObject({ validator: validatorKey, amount, name: z.string().min(1).max(60), possession: signature }),
  ]),
  /** Takes a part of a bond, or all of it, back: after a delay in which it can still be slashed. */
  unbond: z.strictObject({ validator: validatorKey, amount }),
  /** Two votes of one validator in one view that no honest one signs together. Anybody may. */
  submit_equivocation: z.strictObject({
    validator: validatorKey,
    epoch: integer,
    view: integer,
    first: z.strictObject({ kind: z.enum(VOTE_KINDS), block: hash, signature }),
    second: z.strictObject({ kind: z.enum(VOTE_KINDS), block: hash, signature }),
  }),

  /** Any agent may: an alert is an observation. `source` names the capture or telemetry source it came from. */
  raise_alert: z.strictObject({
    node: name,
    metric: name,
    atMs: integer,
    source: name,
    title: z.string().min(1).max(300),
  }),
  /** A1: opens the incident of an alert with its priority. */
  triage: z.strictObject({ alertId: hash, priority: z.enum(PRIORITIES), summary: sentence }),
  /** A2: what is to be examined. */
  schedule_tasks: z.strictObject({
    incidentId,
    scope: z.array(name).min(1).max(64),
    windowFromMs: integer,
    windowToMs: integer,
    summary: sentence,
  }),
  /** A3: evidence 0 is the metrics snapshot. */
  submit_data_collection: z.strictObject({ incidentId, snapshot: hash, summary: sentence }),
  /** A4: evidence 0 is the dependency graph. */
  submit_dependency_graph: z.strictObject({ incidentId, graph: hash, summary: sentence }),
  /** A5: evidence 0 is the whole assessment; the head of the ranking stands on chain. */
  submit_fault_assessment: z.strictObject({
    incidentId,
    assessment: hash,
    candidates: z.array(z.strictObject({ node: name, probability: thousandths })).max(10),
    summary: sentence,
  }),
  /** A5: the claim, with tokens at stake. `cites` are hashes of evidence already on chain in this incident. */
  propose_root_cause: z.strictObject({
    incidentId,
    rootCause: name,
    faultKind: name,
    probability: thousandths,
    reason: bilingual,
    stake: amount,
    cites: z.array(hash).min(1).max(16),
  }),
  /** On a claim, a challenge or a motion. Sealed: `commitment`. Open: `option`. The stake is locked either way. */
  vote: z.union([
    z.strictObject({ proposalId: hash, stake: amount, commitment: hash }),
    z.strictObject({ proposalId: hash, stake: amount, option: z.enum(VOTE_OPTIONS), reason: bilingual }),
  ]),
  reveal_vote: z.strictObject({ proposalId: hash, option: z.enum(VOTE_OPTIONS), salt: hash, reason: bilingual }),
  /** A6: evidence 0 is the fault web. */
  submit_fault_web: z.strictObject({ incidentId, faultWeb: hash, summary: sentence }),
  /** A7: evidence 0 is the solution with its structured repair steps. */
  submit_solution: z.strictObject({
    incidentId,
    solution: hash,
    summary: sentence,
    steps: z.number().int().min(1).max(50),
  }),

  /**
   * Within the challenge window: the agreed claim is wrong. `bond` is as much as the proposer has at stake; at least one
   * of `cites` is evidence that is new to the incident and travels with this transaction.
   */
  challenge: z.strictObject({ incidentId, bond: amount, cites: z.array(hash).min(1).max(16), reason: bilingual }),
  /** What was measured after the fix. `metrics` travels with this transaction. */
  verify_outcome: z.strictObject({ incidentId, recovered: z.boolean(), metrics: hash, summary: sentence }),

  /** Changes of parameters, to be voted on. A name is a path such as `rewards.bounty` (`param-bounds.ts`). */
  propose_parameters: z.strictObject({
    changes: z
      .array(z.strictObject({ name: z.string().min(1).max(60), value: z.union([integer, z.string().max(20)]) }))
      .min(1)
      .max(16),
    stake: amount,
    reason: bilingual,
  }),
  /** A payment out of the treasury, to be voted on. */
  propose_spending: z.strictObject({ to: address, amount, stake: amount, reason: bilingual }),
} as const;

export type CallType = keyof typeof callSchemas;
export type CallArgs = { readonly [T in CallType]: z.infer<(typeof callSchemas)[T]> };
export const CALL_TYPES = Object.keys(callSchemas) as readonly CallType[];

export const isCallType = (type: string): type is CallType => Object.hasOwn(callSchemas, type);
