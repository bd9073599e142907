/** Operations as the API shows them: incidents, proposals with votes, economy, the live log. */
import { z } from 'zod';
import { bilingual, hash, incidentId, integer, PRIORITIES, thousandths } from '../calls.ts';
import { paramsSchema } from '../genesis.ts';
import { SOP_STATES } from '../records.ts';
import { STEPS } from '../roles.ts';
import { eventData, pageOf, partySchema } from './common.ts';
import { challengeViewSchema, outcomeReportSchema, pollFields } from './disputes.ts';

export const stepViewSchema = z.object({
  step: z.enum(STEPS),
  by: partySchema,
  atMs: integer,
  height: integer,
  transaction: hash,
  evidence: z.array(hash),
  summary: z.string(),
  gasPaid: integer,
});

export const proposalViewSchema = z.object({
  ...pollFields,
  incidentId,
  round: integer,
  rootCause: z.string(),
  faultKind: z.string(),
  probability: thousandths,
  cites: z.array(hash),
  escrow: z.array(z.object({ to: partySchema, amount: integer, reason: z.string() })),
  /** The only observer of the alert, who earns nothing by judging it. */
  withheldFrom: partySchema.nullable(),
  /** What falsified it, after it had passed. */
  overturnedBy: z.enum(['', 'challenge', 'outcome']),
});
export type ProposalView = z.infer<typeof proposalViewSchema>;

export const incidentSummarySchema = z.object({
  incidentId,
  title: z.string(),
  priority: z.enum(PRIORITIES),
  state: z.enum(SOP_STATES),
  alert: z.object({ node: z.string(), metric: z.string(), atMs: integer, source: z.string() }),
  openedAtMs: integer,
  closedAtMs: integer,
  rootCause: z.string(),
  faultKind: z.string(),
  round: integer,
});
export type IncidentSummary = z.infer<typeof incidentSummarySchema>;

export const incidentDetailSchema = incidentSummarySchema.extend({
  alertId: hash,
  scope: z.array(z.string()),
  stepDue: z.union([z.enum(STEPS), z.literal('')]),
  stepOpenedAtMs: integer,
  challengeEndsAtMs: integer,
  steps: z.array(stepViewSchema),
  proposals: z.array(proposalViewSchema),
  challenges: z.array(challengeViewSchema),
  outcomeReports: z.array(outcomeReportSchema),
});
export type IncidentDetail = z.infer<typeof incidentDetailSchema>;
export const incidentPageSchema = pageOf(incidentSummarySchema);

/** `GET /api/status/sop`: the incident in the foreground (the newest open one, else the newest). */
export const sopStatusSchema = z.object({
  /** 'Init' while there was no incident yet. */
  state: z.enum(SOP_STATES),
  incident: incidentDetailSchema.nullable(),
  proposal: proposalViewSchema.nullable(),
  openIncidents: z.array(incidentId),
  untriagedAlerts: integer,
});
export type SopStatus = z.infer<typeof sopStatusSchema>;

export const economicsSchema = z.object({
  agents: z.array(
    z.object({
      rank: integer,
      party: partySchema,
      balance: integer,
      stake: integer,
      locked: integer,
      bond: integer,
      reputation: integer,
      reboots: integer,
      /** Block time of the last reboot; 0 when there was none. */
      rebootedAtMs: integer,
      /** Voting weight in thousandths, as a proposal opened now would snapshot it. */
      weight: integer,
    }),
  ),
  treasury: z.object({
    balance: integer,
    escrow: integer,
    burned: integer,
    minted: integer,
    genesisSupply: integer,
  }),
  /** What this epoch has paid for incidents and by motions, of what it may; motions that wait for the next one. */
  government: z.object({ epoch: integer, rewarded: integer, spent: integer, waiting: z.array(hash) }),
  genesisBalance: integer,
  params: paramsSchema,
});
export type Economics = z.infer<typeof economicsSchema>;

/** One line of the operations log. Every line is anchored: its transaction and height say where. */
export const logLineSchema = z.object({
  /** Total order, also the resume id of the stream. */
  id: z.string(),
  timestampMs: integer,
  height: integer,
  kind: z.enum(['thought', 'action', 'observation', 'answer', 'event']),
  agent: partySchema.nullable(),
  incidentId: z.string().nullable(),
  transaction: hash,
  /** For the agents' lines. */
  text: bilingual.partial().nullable(),
  tool: z.string().nullable(),
  /** For events. */
  event: z.string().nullable(),
  data: eventData,
});
export type LogLine = z.infer<typeof logLineSchema>;
export const logPageSchema = pageOf(logLineSchema);

/** Body of `POST /api/alerts`: an observation for this node's agent to raise. */
export const alertSchema = z.strictObject({
  node: z.string().min(1).max(120),
  metric: z.string().min(1).max(120),
  at: z.iso.datetime(),
  source: z.string().min(1).max(120),
  title: z.string().min(1).max(300),
});
export type AlertInput = z.infer<typeof alertSchema>;

/** Alertmanager webhook, version 4. Newer servers add fields: unknown ones are ignored. */
export const alertmanagerSchema = z.object({
  version: z.literal('4'),
  groupKey: z.string(),
  status: z.enum(['firing', 'resolved']),
  alerts: z
    .array(
      z.object({
        status: z.enum(['firing', 'resolved']),
        labels: z.record(z.string(), z.string()),
        annotations: z.record(z.string(), z.string()).default({}),
        startsAt: z.iso.datetime({ offset: true }),
        fingerprint: z.string().default(''),
      }),
    )
    .max(100),
});
export const alertsAcceptedSchema = z.object({ accepted: integer, ignored: integer });

export const resetResultSchema = z.object({ success: z.boolean(), message: z.string() });

/** What `GET /api/stream` sends, by SSE event name. Ids are block heights: resume starts after them. */
export const streamSchemas = {
  /** A block became final. */
  block: z.object({ height: integer, hash, transactionCount: integer, timestampMs: integer }),
  log: logLineSchema,
  /** Sent on connect and whenever the node's own situation changes, at most twice a second. */
  status: z.object({ height: integer, view: integer, pending: integer, peers: integer, ready: z.boolean() }),
  /** The chain was reset, or the client was too slow to resume: load everything anew. */
  reset: z.object({ reason: z.string() }),
} as const;
