/**
 * Every event that a contract emits, with its data. Names and fields are API: receipts hash them, agents react to
 * them, and the explorer shows them. What belongs to an incident names it, and its proposal where there is one.
 */
import type { CallArgs, VoteOption } from '../../protocol/calls.ts';
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
  | 'supported_rejected';
/** What an escrowed payment is for; each is paid out with its own event. */
export type EscrowReason = 'proposal_passed' | 'bounty' | 'supported_passed' | 'vote_gas';
/** What locked a stake. */
export type LockReason = 'proposal' | 'vote';
export type InconclusiveReason = 'rounds_exhausted' | 'step_abandoned';

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
  /** The treasury held `available` of the `wanted` tokens; every reward was cut in proportion. */
  readonly TreasuryShort: OfProposal & { readonly wanted: Amount; readonly available: Amount };
};
export type EventName = keyof ContractEvents;
