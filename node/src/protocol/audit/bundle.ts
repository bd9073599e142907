/**
 * The audit bundle: everything that a person with nothing but the genesis file needs to verify what the agents of one
 * incident did. The file IS the canonical JSON bytes (RFC 8785, integers only) of this object: another spelling of the
 * same object, white space or a line feed at the end is refused, so every single byte of the file matters.
 */
import { z } from 'zod';
import {
  address,
  bilingual,
  hash,
  incidentId,
  integer,
  PRIORITIES,
  publicKey,
  signature,
  thousandths,
} from '../calls.ts';
import type { Json } from '../canonical.ts';
import {
  CALL_ARGS_BYTES_MAX,
  CHAIN_ID_LENGTH_MAX,
  EVENTS_PER_RECEIPT_MAX,
  EVIDENCE_PER_TRANSACTION_MAX,
  VALIDATORS_MAX,
} from '../constants.ts';
import { FAILURE_CODES } from '../errors.ts';
import { SOP_STATES } from '../records.ts';
import { ROLES, STEPS } from '../roles.ts';
import {
  BLOB_TEXT_MAX,
  BUNDLE_BLOBS_MAX,
  BUNDLE_EPOCHS_MAX,
  BUNDLE_HEADERS_MAX,
  BUNDLE_STATE_PROOFS_MAX,
  BUNDLE_STEPS_MAX,
  BUNDLE_TEXT_MAX,
  DESCENDANTS_MAX,
  LIST_PROOF_DEPTH_MAX,
  STATE_PROOF_DEPTH_MAX,
} from './constants.ts';

/** 2: challenges, outcomes, and what follows from them. 3: parameters and motions, so that amounts are checked. */
export const BUNDLE_VERSION = 3;

const text = z.string().max(BUNDLE_TEXT_MAX);
const validatorKey = hash;

const transactionSchema = z.strictObject({
  chainId: z.string().max(CHAIN_ID_LENGTH_MAX),
  type: z.string().max(64),
  sender: address,
  publicKey,
  nonce: integer,
  gasPrice: integer,
  gasLimit: integer,
  args: z.string().max(CALL_ARGS_BYTES_MAX),
  evidence: z.array(hash).max(EVIDENCE_PER_TRANSACTION_MAX),
  signature,
});

/** Event data is any JSON object; the receipt's hash holds it. */
const eventData = z.custom<{ readonly [key: string]: Json }>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);
const receiptSchema = z.strictObject({
  transaction: hash,
  status: z.enum(['success', 'failed']),
  reason: z.union([z.enum(FAILURE_CODES), z.literal('')]),
  detail: z.string().max(512),
  gasUsed: integer,
  events: z.array(z.strictObject({ name: z.string().max(64), data: eventData })).max(EVENTS_PER_RECEIPT_MAX),
});

const listProofSchema = z.strictObject({
  index: integer,
  length: integer,
  siblings: z.array(hash).max(LIST_PROOF_DEPTH_MAX),
});

/** A transaction that belongs to the incident, with its receipt, and that both stand in the block of this height. */
const stepSchema = z.strictObject({
  height: integer,
  index: integer,
  transaction: transactionSchema,
  receipt: receiptSchema,
  transactionProof: listProofSchema,
  receiptProof: listProofSchema,
});

/** What the chain itself did to the incident at the end of a block: decisions, settlements, payments. */
const systemReceiptSchema = z.strictObject({ height: integer, receipt: receiptSchema, receiptProof: listProofSchema });

const headerSchema = z.strictObject({
  height: integer,
  view: integer,
  epoch: integer,
  parentHash: hash,
  timestampMs: integer,
  proposer: validatorKey,
  transactionsRoot: hash,
  receiptsRoot: hash,
  stateRoot: hash,
  evidenceRoot: hash,
  validatorSetHash: hash,
});

/** Holds just enough signatures for a quorum: with any of them gone there is none. */
const certificateSchema = z.strictObject({
  kind: z.literal('finalize'),
  epoch: integer,
  view: integer,
  block: hash,
  signers: z.array(integer).max(VALIDATORS_MAX),
  signatures: z.array(signature).max(VALIDATORS_MAX),
});
const finalitySchema = z.strictObject({
  descendants: z.array(headerSchema).max(DESCENDANTS_MAX),
  certificate: certificateSchema,
});

const stateProofSchema = z.strictObject({
  key: z.string().max(512),
  value: text.nullable(),
  siblings: z.array(hash).max(STATE_PROOF_DEPTH_MAX),
  neighbour: z.strictObject({ keyHash: hash, valueHash: hash }).exactOptional(),
});

const validatorSetSchema = z.strictObject({
  epoch: integer,
  validators: z.array(z.strictObject({ key: validatorKey, power: integer })).max(VALIDATORS_MAX),
  /** The record of the set under the last header of the epoch before; null for epoch 0, which the genesis names. */
  proof: z.strictObject({ height: integer, state: stateProofSchema }).nullable(),
});

export const partySchema = z.strictObject({
  address,
  name: text,
  role: z.enum(ROLES).nullable(),
});

const ballotSchema = z.strictObject({
  voter: partySchema,
  weight: integer,
  stake: integer,
  /** 'none' cast no vote, 'sealed' has committed and not revealed. */
  status: z.enum(['none', 'sealed', 'revealed']),
  option: z.enum(['For', 'Against', 'Abstain', '']),
  reason: bilingual.nullable(),
});

const decisionSchema = z.strictObject({
  height: integer,
  atMs: integer,
  passed: z.boolean(),
  weightFor: integer,
  weightAgainst: integer,
  weightAbstain: integer,
  supportThousandths: thousandths,
  participationThousandths: thousandths,
});

const claimSchema = z.strictObject({
  proposalId: hash,
  round: integer,
  proposer: partySchema,
  rootCause: text,
  faultKind: text,
  probability: thousandths,
  reason: bilingual,
  cites: z.array(hash),
  stake: integer,
  status: z.enum(['committing', 'revealing', 'voting', 'passed', 'rejected', 'overturned']),
  eligibleWeight: integer,
  ballots: z.array(ballotSchema).max(VALIDATORS_MAX),
  /** Weights at the moment of the decision; null while there is none. */
  decision: decisionSchema.nullable(),
  /** What falsified it after it had passed. */
  overturnedBy: z.enum(['', 'challenge', 'outcome']),
  /** Who earned nothing by judging an incident that nobody else had seen. */
  withheldFrom: partySchema.nullable(),
});

const challengeSchema = z.strictObject({
  challengeId: hash,
  /** The claim, and its round. */
  claim: hash,
  round: integer,
  challenger: partySchema,
  bond: integer,
  reason: bilingual,
  newEvidence: z.array(hash),
  eligibleWeight: integer,
  ballots: z.array(ballotSchema).max(VALIDATORS_MAX),
  /** Null while there is none, and when an outcome came first. */
  decision: decisionSchema.nullable(),
  result: z.enum(['', 'upheld', 'failed', 'undecided']),
  decidedBy: z.enum(['', 'vote', 'outcome']),
});

const reportSchema = z.strictObject({
  by: partySchema,
  round: integer,
  recovered: z.boolean(),
  metrics: hash,
  atMs: integer,
  transaction: hash,
});

export const MOVEMENT_KINDS = [
  'Reward',
  'Bounty',
  'GasRebate',
  'WorkPaid',
  'ChallengeGas',
  'ChallengeReward',
  'BondPaid',
  'Penalty',
  'StakeForfeited',
  'StakeSlashed',
] as const;

/** Tokens or reputation that changed hands because of the incident. */
const movementSchema = z.strictObject({
  height: integer,
  kind: z.enum(MOVEMENT_KINDS),
  proposalId: hash,
  party: partySchema,
  amount: integer,
  /** Points taken by a penalty; 0 otherwise. */
  reputation: integer,
  reason: text,
});

/** What the bundle says happened, worked out from its verified content alone: a verifier works it out again. */
export const verdictSchema = z.strictObject({
  /** False while the incident is open: everything below is then a state of affairs, not an outcome. */
  finished: z.boolean(),
  state: z.enum(SOP_STATES),
  /** The block under whose state root the records are proven. */
  asOf: z.strictObject({ height: integer, timestampMs: integer }),
  incident: z.strictObject({
    incidentId,
    title: text,
    priority: z.enum(PRIORITIES),
    alertId: hash,
    node: text,
    metric: text,
    atMs: integer,
    source: text,
    openedAtMs: integer,
    closedAtMs: integer,
    challengeEndsAtMs: integer,
  }),
  observers: z.array(partySchema),
  /** Empty unless a claim passed. */
  rootCause: text,
  faultKind: text,
  steps: z.array(
    z.strictObject({
      step: z.enum(STEPS),
      by: partySchema,
      atMs: integer,
      height: integer,
      transaction: hash,
      evidence: z.array(hash),
      summary: text,
    }),
  ),
  claims: z.array(claimSchema),
  challenges: z.array(challengeSchema),
  outcomeReports: z.array(reportSchema),
  movements: z.array(movementSchema),
  totals: z.strictObject({
    paid: integer,
    fined: integer,
    forfeited: integer,
    slashed: integer,
    burned: integer,
    inEscrow: integer,
    returned: integer,
  }),
  /** The same in plain words. */
  judgment: z.strictObject({ en: text, zh: text }),
});

export const bundleSchema = z.strictObject({
  version: z.literal(BUNDLE_VERSION),
  chainId: z.string().max(CHAIN_ID_LENGTH_MAX),
  incidentId,
  genesisHash: hash,
  /** Height of the header whose state root `stateProofs` stand under. */
  stateHeight: integer,
  verdict: verdictSchema,
  /** In the order of the chain. */
  steps: z.array(stepSchema).max(BUNDLE_STEPS_MAX),
  systemReceipts: z.array(systemReceiptSchema).max(BUNDLE_STEPS_MAX),
  /** In the order of height: block 1, every block that something here stands in, and the block of the state. */
  headers: z.array(z.strictObject({ header: headerSchema, finality: finalitySchema })).max(BUNDLE_HEADERS_MAX),
  /** The genesis set and every change up to the newest header's epoch, each by the epoch that it begins with. */
  validatorSets: z.array(validatorSetSchema).max(BUNDLE_EPOCHS_MAX),
  /** In the order of keys. */
  stateProofs: z.array(stateProofSchema).max(BUNDLE_STATE_PROOFS_MAX),
  /** In the order of hashes: exactly the evidence that the transactions refer to. */
  blobs: z.array(z.strictObject({ hash, base64: z.string().max(BLOB_TEXT_MAX) })).max(BUNDLE_BLOBS_MAX),
});

export type AuditBundle = z.infer<typeof bundleSchema>;
export type BundleContent = Omit<AuditBundle, 'verdict'>;
export type BundleStep = AuditBundle['steps'][number];
export type BundleSystemReceipt = AuditBundle['systemReceipts'][number];
export type BundleHeader = AuditBundle['headers'][number];
export type BundleValidatorSet = AuditBundle['validatorSets'][number];
export type Verdict = z.infer<typeof verdictSchema>;
export type VerdictClaim = z.infer<typeof claimSchema>;
export type VerdictChallenge = z.infer<typeof challengeSchema>;
export type VerdictBallot = z.infer<typeof ballotSchema>;
export type VerdictMovement = z.infer<typeof movementSchema>;
export type VerdictParty = z.infer<typeof partySchema>;
