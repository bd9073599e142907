/**
 * Every event that a contract emits, with its data. Names and fields are API: receipts hash them, agents react to
 * them, and the explorer shows them. What belongs to an incident names it, and its proposal where there is one.
 */
import type { CallArgs, VoteOption } from '../../protocol/calls.ts';
import type { FailureCode } from '../../protocol/errors.ts';
import type { ParamChange } from '../../protocol/records.ts';
import type { Step } from '../../protocol/roles.ts';
import type { Address, Amount, Hash, TimestampMs, ValidatorKey } from '../../protocol/types.ts';

type BondMove = { readonly validator: ValidatorKey; readonly owner: Address; readonly amount: Amount };
type OfIncident = { readonly incidentId: string };
type OfProposal = OfIncident & { readonly proposalId: Hash };
/** `by` performed a step. */
type Performed = OfIncident & { readonly by: Address };
type Bilingual = { readonly en: string; readonly zh: string };

/** Why a vote's outcome moved tokens or reputation. */
export type OutcomeReason =
  | 'proposal_passed'
  | 'supported_passed'
  | 'opposed_passed'
  | 'proposal_rejected'
  | 'supported_rejected'
  /** The claim had passed and was falsified: its proposer, who supported it, who had opposed it. */
  | 'claim_overturned'
  | 'supported_overturned'
  | 'opposed_overturned'
  /** The challenge itself, and who voted on the losing side of it. */
  | 'challenge_upheld'
  | 'challenge_failed'
  | 'opposed_upheld'
  | 'supported_failed';
/** What an escrowed payment is for; each is paid out with its own event. */
export type EscrowReason = 'proposal_passed' | 'bounty' | 'supported_passed' | 'vote_gas' | 'confidence';
/** What locked a stake. */
export type LockReason = 'proposal' | 'vote' | 'challenge' | 'motion';
export type InconclusiveReason = 'rounds_exhausted' | 'step_abandoned';
/** What work on an incident is paid for once it is finalized. */
export type WorkReason = 'step' | 'step_gas' | 'alert_gas' | 'outcome_gas';

type Payment = OfProposal & { readonly to: Address; readonly amount: Amount; readonly reason: EscrowReason };
type StakeMove = OfProposal & { readonly address: Address; readonly amount: Amount; readonly reason: LockReason };

export type ContractEvents = {
  readonly Transferred: { readonly from: Address; readonly to: Address; readonly amount: Amount };
  /** `stake` is the whole stake afterwards. */
  readonly Staked: { readonly address: Address; readonly amount: Amount; readonly stake: Amount };
  readonly Unstaked: { readonly address: Address; readonly amount: Amount; readonly stake: Amount };

  /** `bond` is the validator's whole bond afterwards; it counts from the next epoch on. */
  readonly Bonded: BondMove & { readonly bond: Amount };
  /** `amount` waits for its release. */
  readonly Unbonding: BondMove & { readonly bond: Amount };
  /** Released: back in the owner's balance. */
  readonly Unbonded: BondMove;
  /** Two votes, of these kinds, that no honest validator signs together. `slashed` = `burned` + `reward`. */
  readonly ValidatorSlashed: {
    readonly validator: ValidatorKey;
    readonly name: string;
    readonly owner: Address;
    readonly epoch: number;
    readonly view: number;
    readonly kinds: readonly string[];
    readonly reporter: Address;
    readonly slashed: Amount;
    readonly burned: Amount;
    readonly reward: Amount;
  };
  readonly ProposerRewarded: BondMove;
  /** `changed` tells whether other validators or powers than before certify its blocks. */
  readonly EpochStarted: {
    readonly epoch: number;
    readonly firstHeight: number;
    readonly lastHeight: number;
    readonly validators: number;
    readonly totalPower: number;
    readonly changed: boolean;
  };
  readonly AlertRaised: CallArgs['raise_alert'] & { readonly alertId: Hash; readonly by: Address };
  /** Another agent saw the same. `incidentId` is empty until triage. */
  readonly AlertConfirmed: Performed & { readonly alertId: Hash; readonly observers: number };
  readonly IncidentOpened: Performed & CallArgs['triage'] & { readonly title: string };
  readonly TasksScheduled: Performed & CallArgs['schedule_tasks'];
  readonly DataCollected: Performed & CallArgs['submit_data_collection'];
  readonly DependencyGraphSubmitted: Performed & CallArgs['submit_dependency_graph'];
  readonly FaultAssessed: Performed & CallArgs['submit_fault_assessment'];
  readonly RootCauseProposed: Performed &
    CallArgs['propose_root_cause'] & {
      readonly proposalId: Hash;
      readonly round: number;
      readonly votingMode: 'sealed' | 'open';
      /** Weight that may vote, in thousandths. */
      readonly eligible: number;
      readonly commitEndsAtMs: TimestampMs;
    };
  readonly FaultWebSubmitted: Performed & CallArgs['submit_fault_web'];
  readonly SolutionSubmitted: Performed & CallArgs['submit_solution'];
  readonly ChallengeWindowOpened: OfProposal & { readonly challengeEndsAtMs: TimestampMs };
  readonly IncidentFinalized: OfProposal & {
    readonly rootCause: string;
    readonly faultKind: string;
    readonly round: number;
    /** By reports of the recovery, before the challenge window closed. */
    readonly verified: boolean;
  };
  /** `step` is the abandoned one, or empty. `escrowReturned` went back to the treasury. */
  readonly IncidentInconclusive: OfIncident & {
    readonly reason: InconclusiveReason;
    readonly step: Step | '';
    readonly round: number;
    readonly escrowReturned: Amount;
  };

  readonly VoteCommitted: OfProposal & {
    readonly voter: Address;
    readonly weight: number;
    readonly stake: Amount;
    readonly commitment: Hash;
  };
  readonly RevealOpened: OfProposal & {
    readonly committed: number;
    readonly committedWeight: number;
    readonly revealEndsAtMs: TimestampMs;
  };
  readonly VoteRevealed: OfProposal & {
    readonly voter: Address;
    readonly weight: number;
    readonly option: VoteOption;
    readonly reason: Bilingual;
  };
  /** Open mode. */
  readonly VoteCast: OfProposal & {
    readonly voter: Address;
    readonly weight: number;
    readonly stake: Amount;
    readonly option: VoteOption;
    readonly reason: Bilingual;
  };
  /** Weights at the moment of the decision; later reveals change the record, never the outcome. */
  readonly ConsensusReached: OfProposal & {
    readonly passed: boolean;
    readonly weightFor: number;
    readonly weightAgainst: number;
    readonly weightAbstain: number;
    readonly eligible: number;
    readonly supportThousandths: number;
    readonly participationThousandths: number;
  };
  readonly ProposalRejected: OfProposal & {
    readonly round: number;
    readonly proposer: Address;
    readonly rootCause: string;
  };

  readonly RewardEscrowed: Payment;
  readonly Reward: Payment;
  readonly Bounty: Payment;
  readonly GasRebate: Payment;
  /** Gas of the challenge, or of a vote on the winning side of it. */
  readonly ChallengeGas: OfProposal & { readonly challengeId: Hash; readonly to: Address; readonly amount: Amount };
  /** `step` is empty for the alert and for reports of the outcome. */
  readonly WorkPaid: OfProposal & {
    readonly to: Address;
    readonly amount: Amount;
    readonly reason: WorkReason;
    readonly step: Step | '';
  };
  /** Who alone raised an alert earns nothing by judging it: only its gas comes back. */
  readonly RewardWithheld: OfProposal & { readonly address: Address; readonly reason: 'own_incident' };
  /** What was really taken: `amount` tokens and `reputation` points. */
  readonly Penalty: OfProposal & {
    readonly address: Address;
    readonly amount: Amount;
    readonly reputation: number;
    readonly reason: OutcomeReason;
  };
  readonly ReputationChanged: OfProposal & {
    readonly address: Address;
    readonly from: number;
    readonly to: number;
    readonly reason: OutcomeReason;
  };
  readonly StakeLocked: StakeMove;
  readonly StakeReleased: StakeMove;
  /** The stake of a sealed vote that was never revealed; it went to the treasury. */
  readonly StakeForfeited: StakeMove;
  /** The treasury, or the epoch's budget, had `available` of the `wanted` tokens; what was paid was cut to it. */
  readonly TreasuryShort: OfProposal & { readonly wanted: Amount; readonly available: Amount };

  readonly ChallengeOpened: OfProposal & {
    readonly challengeId: Hash;
    readonly challenger: Address;
    readonly bond: Amount;
    readonly newEvidence: readonly Hash[];
    readonly reason: Bilingual;
    readonly votingMode: 'sealed' | 'open';
    readonly eligible: number;
    readonly commitEndsAtMs: TimestampMs;
  };
  /** `challengeEndsAtMs` is when the challenge window now closes; it stood still meanwhile. */
  readonly ChallengeDecided: OfProposal & {
    readonly challengeId: Hash;
    readonly challenger: Address;
    readonly result: 'upheld' | 'failed' | 'undecided';
    readonly decidedBy: 'vote' | 'outcome';
    readonly challengeEndsAtMs: TimestampMs;
  };
  readonly OutcomeReported: OfProposal & Performed & CallArgs['verify_outcome'] & { readonly reports: number };
  readonly OutcomeVerified: OfProposal & { readonly recovered: boolean; readonly reports: number };
  /** `next` is the state that the incident goes on from. */
  readonly ClaimOverturned: OfProposal & {
    readonly round: number;
    readonly proposer: Address;
    readonly rootCause: string;
    readonly by: 'challenge' | 'outcome';
    readonly challengeId: Hash | '';
    readonly next: 'Data_Collected' | 'Inconclusive';
    readonly escrowReturned: Amount;
  };
  /** Stake of a falsified claim: what was taken of it. */
  readonly StakeSlashed: OfProposal & {
    readonly address: Address;
    readonly amount: Amount;
    readonly reason: OutcomeReason;
  };
  readonly TokensBurned: OfProposal & { readonly amount: Amount };
  readonly ChallengeReward: OfProposal & {
    readonly challengeId: Hash;
    readonly to: Address;
    readonly amount: Amount;
    readonly reason: 'challenge_upheld';
  };
  /** The bond of a challenge that failed, when it goes to the proposer. */
  readonly BondPaid: OfProposal & {
    readonly challengeId: Hash;
    readonly from: Address;
    readonly to: Address;
    readonly amount: Amount;
    readonly reason: 'challenge_failed';
  };

  readonly AgentRebooted: {
    readonly incidentId: string;
    readonly address: Address;
    readonly grant: Amount;
    readonly reputationFrom: number;
    readonly reputationTo: number;
    readonly reboots: number;
  };
  /** The treasury could not pay the grant; the account is looked at again when the next incident ends. */
  readonly RebootUnfunded: {
    readonly incidentId: string;
    readonly address: Address;
    readonly wanted: Amount;
    readonly available: Amount;
  };

  readonly MotionOpened: {
    readonly proposalId: Hash;
    readonly number: number;
    readonly kind: 'parameters' | 'spending';
    readonly by: Address;
    readonly changes: readonly ParamChange[];
    readonly to: Address | '';
    readonly amount: Amount;
    readonly reason: Bilingual;
    readonly eligible: number;
    readonly voteEndsAtMs: TimestampMs;
  };
  readonly MotionDecided: { readonly proposalId: Hash; readonly number: number; readonly passed: boolean };
  readonly ParametersChanged: {
    readonly proposalId: Hash;
    readonly epoch: number;
    readonly changes: readonly (ParamChange & { readonly from: number | string })[];
  };
  readonly TreasurySpent: {
    readonly proposalId: Hash;
    readonly epoch: number;
    readonly to: Address;
    readonly amount: Amount;
  };
  /** A motion that had passed no longer fits what holds when its epoch begins. */
  readonly MotionRefused: { readonly proposalId: Hash; readonly epoch: number; readonly code: FailureCode };
};
export type EventName = keyof ContractEvents;
