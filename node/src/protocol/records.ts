/**
 * The records of the world state, as they stand under the state root: canonical JSON under a readable key. A light
 * client that proves `account/<address>` reads exactly this.
 */
import type { VoteOption } from './calls.ts';
import type { Params } from './genesis.ts';
import type { Role, Step } from './roles.ts';
import type { Address, Amount, Hash, TimestampMs, Validator, ValidatorKey } from './types.ts';

export interface AccountRecord {
  readonly balance: Amount;
  /** Staked tokens, locked ones included. */
  readonly stake: Amount;
  /** Part of the stake that open proposals and votes hold. */
  readonly locked: Amount;
  /** Bonded for consensus; apart from claim stakes by design. */
  readonly bond: Amount;
  readonly reputation: number;
  readonly nonce: number;
  readonly reboots: number;
  /** Present on the accounts of agents. */
  readonly agent: { readonly role: Role; readonly name: string } | null;
}

/** Tokens that belong to no account. All keys are contract code's; nobody can sign for the treasury. */
export interface TreasuryRecord {
  readonly balance: Amount;
  readonly escrow: Amount;
  readonly burned: Amount;
  readonly minted: Amount;
  readonly genesisSupply: Amount;
}

export interface AlertRecord {
  readonly alertId: Hash;
  readonly node: string;
  readonly metric: string;
  readonly atMs: TimestampMs;
  readonly source: string;
  readonly title: string;
  readonly raisedAtMs: TimestampMs;
  /** Who saw it, first observer first. */
  readonly observers: readonly Address[];
  /** Gas that the first observer paid. */
  readonly gasPaid: Amount;
  /** Empty until triage. */
  readonly incidentId: string;
}

export const SOP_STATES = [
  'Init',
  'Data_Collected',
  'Root_Cause_Proposed',
  'Consensus',
  'Solution',
  'Finalized',
  'Inconclusive',
] as const;
export type SopState = (typeof SOP_STATES)[number];

/** A step of the procedure that was performed: who, when, and where the proof is. */
export interface StepRecord {
  readonly step: Step;
  readonly by: Address;
  readonly atMs: TimestampMs;
  readonly height: number;
  readonly transaction: Hash;
  readonly evidence: readonly Hash[];
  readonly summary: string;
  readonly gasPaid: Amount;
}

/** What an agent measured after the fix. */
export interface OutcomeReport {
  readonly by: Address;
  /** Round of the claim that it is about. */
  readonly round: number;
  readonly recovered: boolean;
  readonly metrics: Hash;
  readonly atMs: TimestampMs;
  readonly transaction: Hash;
  readonly gasPaid: Amount;
}

export interface IncidentRecord {
  readonly incidentId: string;
  readonly alertId: Hash;
  readonly title: string;
  readonly alert: {
    readonly node: string;
    readonly metric: string;
    readonly atMs: TimestampMs;
    readonly source: string;
  };
  readonly priority: 'P1' | 'P2' | 'P3' | 'P4';
  readonly state: SopState;
  readonly openedAtMs: TimestampMs;
  /** Block time at which the step that is due now became due: the ring's deadlines count from here. */
  readonly stepOpenedAtMs: TimestampMs;
  /** The step that is due now; empty while votes are out and after the solution. */
  readonly stepDue: Step | '';
  readonly scope: readonly string[];
  readonly steps: readonly StepRecord[];
  readonly round: number;
  /** Open or last proposal; empty before the first. */
  readonly proposalId: Hash | '';
  readonly proposals: readonly Hash[];
  /** Set by a passed proposal. */
  readonly rootCause: string;
  readonly faultKind: string;
  /** When the challenge window closes; 0 before the solution. It stands still while a challenge is voted on. */
  readonly challengeEndsAtMs: TimestampMs;
  readonly closedAtMs: TimestampMs;
  /** All challenges of the incident, oldest first. */
  readonly challenges: readonly Hash[];
  readonly outcomeReports: readonly OutcomeReport[];
}

/** Only a claim is ever overturned: it had passed. */
export type ProposalStatus = 'committing' | 'revealing' | 'voting' | 'passed' | 'rejected' | 'overturned';

/** What every vote has in common: on a claim, on a challenge of a claim, on a motion. */
export interface PollRecord {
  readonly proposalId: Hash;
  /** Empty for a motion. */
  readonly incidentId: string;
  readonly proposer: Address;
  readonly reason: { readonly en: string; readonly zh: string };
  readonly stake: Amount;
  readonly status: ProposalStatus;
  readonly openedAtMs: TimestampMs;
  readonly commitEndsAtMs: TimestampMs;
  readonly revealEndsAtMs: TimestampMs;
  readonly decidedAtMs: TimestampMs;
  /** What the votes gave was worked out; for a claim that passed, the rewards are in escrow. */
  readonly settled: boolean;
  /** Nothing is locked or in escrow any more. */
  readonly released: boolean;
  readonly alpha: number;
  readonly beta: number;
  /** Snapshot taken when the proposal opened, in thousandths; an address's place is fixed. */
  readonly electorate: readonly { readonly address: Address; readonly weight: number }[];
  readonly weightFor: number;
  readonly weightAgainst: number;
  readonly weightAbstain: number;
}

/** A claim: what the root cause is. */
export interface ProposalRecord extends PollRecord {
  readonly round: number;
  readonly rootCause: string;
  readonly faultKind: string;
  readonly probability: number;
  readonly cites: readonly Hash[];
  /** Paid out of the treasury at settlement, kept until the challenge window closes. */
  readonly escrow: readonly { readonly to: Address; readonly amount: Amount; readonly reason: string }[];
  /** Who earns nothing here: the only observer of the alert. Empty when several saw it, and before the settlement. */
  readonly withheldFrom: Address | '';
  /** What falsified a claim that had passed. */
  readonly overturnedBy: '' | 'challenge' | 'outcome';
}

/** A challenge: For means that the claim is wrong. `proposer` is the challenger, `stake` its bond. */
export interface ChallengeRecord extends PollRecord {
  /** The challenged claim, and its round. */
  readonly claim: Hash;
  readonly round: number;
  readonly cites: readonly Hash[];
  /** Those of `cites` that no earlier step, vote or challenge of the incident had brought. */
  readonly newEvidence: readonly Hash[];
  /** Block time that the challenge window still had when this challenge opened. */
  readonly windowLeftMs: number;
  readonly gasPaid: Amount;
  /** A tie and missing participation decide nothing: the claim stands and the bond goes back. */
  readonly result: '' | 'upheld' | 'failed' | 'undecided';
  readonly decidedBy: '' | 'vote' | 'outcome';
}

/** A type and not an interface: events carry it as JSON. */
export type ParamChange = { readonly name: string; readonly value: number | string };

/** A motion: a change of parameters, or a payment out of the treasury. */
export interface MotionRecord extends PollRecord {
  readonly number: number;
  readonly kind: 'parameters' | 'spending';
  readonly changes: readonly ParamChange[];
  /** Empty unless it is about a payment. */
  readonly to: Address | '';
  readonly amount: Amount;
  /** `waiting` for the next epoch; `refused` when it no longer fits what holds then. Empty until it has passed. */
  readonly enactment: '' | 'waiting' | 'enacted' | 'refused';
  /** Epoch in which it took effect or was refused; 0 before. */
  readonly enactedEpoch: number;
}

export interface VoteRecord {
  readonly proposalId: Hash;
  readonly voter: Address;
  readonly weight: number;
  readonly stake: Amount;
  /** Empty in open mode. */
  readonly commitment: Hash | '';
  /** Empty until revealed. */
  readonly option: VoteOption | '';
  readonly reason: { readonly en: string; readonly zh: string } | null;
  readonly castAtMs: TimestampMs;
  /** Gas paid for commit and reveal: the rebate counts from it. */
  readonly gasPaid: Amount;
  /** What travelled with commit and reveal: no challenge can bring it as new. */
  readonly evidence: readonly Hash[];
}

/**
 * The epoch: who certifies its blocks. The state after the last block of an epoch holds the record of the next one, so
 * that what one epoch makes final proves the validators of the next.
 */
export interface ValidatorsRecord {
  readonly epoch: number;
  /** The first epoch with exactly these validators and powers. */
  readonly since: number;
  readonly firstHeight: number;
  /** Height of the boundary block: the last one that this epoch certifies. */
  readonly lastHeight: number;
  /** Blocks of the epochs after this one. */
  readonly epochBlocks: number;
  readonly validators: readonly Validator[];
  readonly owners: readonly { readonly key: ValidatorKey; readonly owner: Address; readonly name: string }[];
}

/** 'leaving' has nothing bonded any more; 'jailed' equivocated, and its key never validates again. */
export const BOND_STATUSES = ['bonded', 'leaving', 'jailed'] as const;
export type BondStatus = (typeof BOND_STATUSES)[number];

/** One who bonds, whether or not it is in the epoch's set. */
export interface ValidatorRecord {
  readonly key: ValidatorKey;
  readonly owner: Address;
  readonly name: string;
  readonly status: BondStatus;
  /** Counts from the next epoch on, unless jailed. */
  readonly bond: Amount;
  /** Can still be slashed. `releaseAtMs` is 0 until the epoch in which it last counted has ended. */
  readonly unbonding: readonly { readonly amount: Amount; readonly releaseAtMs: TimestampMs }[];
}

export interface StakingRecord {
  /** Everybody who bonds or was jailed, in the order of joining: the order in every set. */
  readonly keys: readonly ValidatorKey[];
  /** Epochs whose equivocations are still punished, oldest first. */
  readonly ended: readonly { readonly epoch: number; readonly endedAtMs: TimestampMs }[];
  /** When the next unbonding is due; 0 for none. */
  readonly nextReleaseAtMs: TimestampMs;
}

/** A punished equivocation: there is one record a validator, epoch and view. */
export interface OffenceRecord {
  readonly validator: ValidatorKey;
  readonly epoch: number;
  readonly view: number;
  readonly reporter: Address;
  readonly slashed: Amount;
  /** Part of it that the reporter got; the rest was burned. */
  readonly reward: Amount;
  readonly atMs: TimestampMs;
}

export interface SequenceRecord {
  readonly incidents: number;
  /** Incidents that are not yet Finalized or Inconclusive, oldest first: what deadlines are checked for. */
  readonly open: readonly string[];
  /** Alerts that wait for triage. */
  readonly untriaged: readonly Hash[];
}

/** Self-government. Absent before anything of it happened. */
export interface GovernmentRecord {
  /** Epoch that the two sums count for. */
  readonly epoch: number;
  /** Motions ever made. */
  readonly motions: number;
  /** Being voted on, oldest first. */
  readonly open: readonly Hash[];
  /** Passed, and waiting for an epoch to begin. */
  readonly waiting: readonly Hash[];
  /** Paid by motions in this epoch. */
  readonly spent: Amount;
  /** Paid, or put into escrow, for incidents in this epoch. */
  readonly rewarded: Amount;
}

/** What an account gave away and when it was last rebooted. Absent until either happened. */
export interface StandingRecord {
  /** Tokens that passed to other accounts, less those that came from others; negative when more came. */
  readonly sent: number;
  readonly rebootedAtMs: TimestampMs;
}

/** Every record with its key. */
export interface StateRecords {
  readonly account: AccountRecord;
  readonly alert: AlertRecord;
  readonly incident: IncidentRecord;
  readonly proposal: ProposalRecord;
  readonly vote: VoteRecord;
  readonly treasury: TreasuryRecord;
  readonly params: Params;
  readonly validators: ValidatorsRecord;
  readonly validator: ValidatorRecord;
  readonly staking: StakingRecord;
  readonly offence: OffenceRecord;
  readonly sequence: SequenceRecord;
  readonly challenge: ChallengeRecord;
  readonly motion: MotionRecord;
  readonly government: GovernmentRecord;
  readonly standing: StandingRecord;
}

export const stateKeys = {
  account: (address: Address) => `account/${address}`,
  alert: (alertId: Hash) => `alert/${alertId}`,
  incident: (incidentId: string) => `incident/${incidentId}`,
  proposal: (proposalId: Hash) => `proposal/${proposalId}`,
  vote: (proposalId: Hash, voter: Address) => `vote/${proposalId}/${voter}`,
  treasury: () => 'treasury',
  params: () => 'params',
  validators: () => 'validators',
  validator: (key: ValidatorKey) => `validator/${key}`,
  staking: () => 'staking',
  offence: (key: ValidatorKey, epoch: string, view: string) => `offence/${key}/${epoch}/${view}`,
  sequence: () => 'sequence',
  challenge: (challengeId: Hash) => `challenge/${challengeId}`,
  motion: (motionId: Hash) => `motion/${motionId}`,
  government: () => 'government',
  standing: (address: Address) => `standing/${address}`,
} as const;

/** Base 1.0, a tenth a point of reputation above neutral, and one a thousand tokens staked; in thousandths. */
export const voteWeight = (reputation: number, stake: Amount): number =>
  1000 + 100 * Math.max(0, reputation - 50) + stake;
