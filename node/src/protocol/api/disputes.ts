/** Challenges, outcomes and motions as the API shows them. */
import { z } from 'zod';
import { bilingual, hash, incidentId, integer, thousandths, VOTE_OPTIONS } from '../calls.ts';
import { pageOf, partySchema } from './common.ts';

export const voteViewSchema = z.object({
  voter: partySchema,
  weight: integer,
  stake: integer,
  /** 'waiting' has not voted, 'sealed' has committed and not revealed. */
  status: z.enum(['waiting', 'sealed', 'revealed', 'missed']),
  option: z.enum(VOTE_OPTIONS).nullable(),
  reason: bilingual.nullable(),
});

/** What every vote shows, whatever it is about. */
export const pollFields = {
  proposalId: hash,
  proposer: partySchema,
  reason: bilingual,
  stake: integer,
  status: z.enum(['committing', 'revealing', 'voting', 'passed', 'rejected', 'overturned']),
  openedAtMs: integer,
  commitEndsAtMs: integer,
  revealEndsAtMs: integer,
  decidedAtMs: integer,
  settled: z.boolean(),
  released: z.boolean(),
  alpha: thousandths,
  beta: thousandths,
  eligibleWeight: integer,
  weightFor: integer,
  weightAgainst: integer,
  weightAbstain: integer,
  /** for / (for + against); null while nobody has taken a side. */
  supportThousandths: thousandths.nullable(),
  /** cast / eligible. */
  participationThousandths: thousandths,
  votes: z.array(voteViewSchema),
} as const;

/** For means that the claim is wrong. `proposer` is the challenger, `stake` its bond. */
export const challengeViewSchema = z.object({
  ...pollFields,
  incidentId,
  claim: hash,
  round: integer,
  cites: z.array(hash),
  newEvidence: z.array(hash),
  /** Empty while it is being voted on. */
  result: z.enum(['', 'upheld', 'failed', 'undecided']),
  decidedBy: z.enum(['', 'vote', 'outcome']),
});
export type ChallengeView = z.infer<typeof challengeViewSchema>;

export const outcomeReportSchema = z.object({
  by: partySchema,
  round: integer,
  recovered: z.boolean(),
  metrics: hash,
  atMs: integer,
  transaction: hash,
  gasPaid: integer,
});

export const motionViewSchema = z.object({
  ...pollFields,
  number: integer,
  kind: z.enum(['parameters', 'spending']),
  changes: z.array(
    z.object({
      name: z.string(),
      value: z.union([integer, z.string()]),
      /** What holds at this moment. */
      current: z.union([integer, z.string()]),
    }),
  ),
  /** Null unless it is about a payment. */
  to: partySchema.nullable(),
  amount: integer,
  enactment: z.enum(['', 'waiting', 'enacted', 'refused']),
  enactedEpoch: integer,
});
export type MotionView = z.infer<typeof motionViewSchema>;
export const motionPageSchema = pageOf(motionViewSchema);
