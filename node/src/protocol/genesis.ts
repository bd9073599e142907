/**
 * The genesis file: who takes part, with what, under which parameters. Block 0 names its hash as its
 * parent, so two nodes with different files never share a block, and an auditor needs nothing else to verify a bundle.
 */
import { z } from 'zod';
import { address, integer, publicKey, thousandths, validatorKey } from './calls.ts';
import { CHAIN_ID_LENGTH_MAX, EPOCH_BLOCKS_MIN, REPUTATION_MAX, VALIDATORS_MAX } from './constants.ts';
import { ROLES } from './roles.ts';

const reputation = z.number().int().min(0).max(REPUTATION_MAX);
/** A window of a contract, in milliseconds of block time. */
const windowMs = integer.min(100).max(30 * 24 * 3_600_000);

/** Everything that governance may change (DESIGN: "all figures are parameters"). */
export const paramsSchema = z.strictObject({
  gasPrice: integer.min(1),
  gasLimitMin: integer.min(1),
  /** Share of the cast weight that must be For: strictly more than this. */
  alpha: thousandths,
  /** Share of the eligible weight that must be cast: at least this. */
  beta: thousandths,
  votingMode: z.enum(['sealed', 'open']),
  commitWindowMs: windowMs,
  revealWindowMs: windowMs,
  stepDeadlineMs: windowMs,
  challengeWindowMs: windowMs,
  /** Proposals that one incident may see rejected before it ends as Inconclusive. */
  roundsMax: integer.min(1).max(20),
  proposalStakeMin: integer.min(1),
  voteStakeMin: integer.min(1),
  rewards: z.strictObject({
    proposer: integer,
    bounty: integer,
    proposerReputation: integer.max(REPUTATION_MAX),
    supporter: integer,
    supporterReputation: integer.max(REPUTATION_MAX),
    voteGasRebate: thousandths,
  }),
  penalties: z.strictObject({
    opponent: integer,
    opponentReputation: integer.max(REPUTATION_MAX),
    rejectedProposer: integer,
    rejectedProposerReputation: integer.max(REPUTATION_MAX),
    rejectedSupporter: integer,
    rejectedSupporterReputation: integer.max(REPUTATION_MAX),
  }),
  /** Bonds of validators; see contracts/staking. */
  staking: z.strictObject({
    /** Least bond of a validator that stays. */
    bondMin: integer.min(1),
    /** Validators that unbonding must leave behind; slashing may go below. */
    validatorsMin: integer.min(1).max(VALIDATORS_MAX),
    /** From the end of the epoch in which a bond last counted to its release; never less than the two windows below. */
    unbondDelayMs: windowMs,
    /** How long after the end of an epoch equivocation in it is punished. */
    evidenceAgeMs: windowMs,
    /** Part of everything bonded that an equivocator loses. */
    slashShare: thousandths,
    /** Part of what was slashed that goes to whoever reported it; the rest is burned. */
    reporterShare: thousandths,
    /** Part of a block's gas that the treasury pays to the proposer. */
    proposerGasShare: thousandths,
  }),
  /** Block time between blocks while nothing happens, and while an incident is open. */
  heartbeatMs: windowMs,
  incidentHeartbeatMs: windowMs,
  /** Stake beyond the minimum: what it earns when right and costs when wrong (ADR 0007). */
  confidence: z.strictObject({
    proposalStakeMax: integer.min(1),
    voteStakeMax: integer.min(1),
    /** Share of the stake above the minimum that is paid on top when the claim stands. */
    bonusShare: thousandths,
    /** Share of the stake above the minimum that is fined on top when the votes go the other way. */
    lossShare: thousandths,
  }),
  falsification: z.strictObject({
    /** Share of a supporter's stake that an overturned claim costs. */
    supporterLoss: thousandths,
    /** Share of the supporters' losses that goes to the challenger, never more than the proposer's burned stake. */
    toChallenger: thousandths,
    /** Who gets the bond of a challenge that failed. */
    failedBondTo: z.enum(['treasury', 'proposer']),
    proposerReputation: integer.max(REPUTATION_MAX),
    supporterReputation: integer.max(REPUTATION_MAX),
    challengerReputation: integer.max(REPUTATION_MAX),
    failedChallengerReputation: integer.max(REPUTATION_MAX),
    /** Agents that must report the same outcome before it outranks the vote. */
    outcomeReportsMin: integer.min(1).max(VALIDATORS_MAX),
  }),
  /** What the steps of a finalized incident are paid. */
  work: z.strictObject({
    stepReward: integer,
    /** Gas of one step, or of the alert, that is given back at most. */
    gasRebateMax: integer,
    /** Tokens that the treasury pays for incidents in one epoch at most. */
    epochBudget: integer,
  }),
  government: z.strictObject({
    motionWindowMs: windowMs,
    /** Tokens that motions may spend in one epoch at most. */
    epochSpending: integer,
  }),
  reboot: z.strictObject({ cooldownMs: windowMs }),
});
export type Params = z.infer<typeof paramsSchema>;

const agentSchema = z.strictObject({
  role: z.enum(ROLES),
  name: z.string().min(1).max(60),
  address,
  publicKey,
  balance: integer,
  stake: integer,
  reputation,
});

const validatorSchema = z.strictObject({
  key: validatorKey,
  /** Account whose tokens are bonded. */
  owner: address,
  name: z.string().min(1).max(60),
  bond: integer.min(1),
});

export const genesisSchema = z.strictObject({
  version: z.literal(1),
  chainId: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .min(1)
    .max(CHAIN_ID_LENGTH_MAX),
  /** A development network allows `POST /api/reset`. */
  network: z.enum(['development', 'production']),
  timestampMs: integer,
  /** Blocks of one epoch: how often the validator set follows the bonds. */
  epochBlocks: integer.min(EPOCH_BLOCKS_MIN),
  treasury: integer,
  agents: z.array(agentSchema).min(1).max(VALIDATORS_MAX),
  validators: z.array(validatorSchema).min(1).max(VALIDATORS_MAX),
  params: paramsSchema,
});
export type Genesis = z.infer<typeof genesisSchema>;
