/**
 * What an agent has to do now, worked out from final state alone: after a crash it comes to the same answer. The rules
 * of the ring are the contract's (`mayPerform`, and the exception after a rejection); where the contract leaves the
 * order open, agents take turns so that they do not pay for racing each other.
 */
import {
  type Address,
  type AlertRecord,
  type ChallengeRecord,
  type Hash,
  type IncidentRecord,
  type MotionRecord,
  mayPerform,
  type Params,
  type ProposalRecord,
  ROLES,
  type Role,
  ringDistance,
  STEP_ROLE,
  type Step,
  type TimestampMs,
  type VoteRecord,
} from '@dao-gov/node/protocol';
import { DUPLICATE_WINDOW_MS, PROPOSAL_SLOT_MS } from './constants.ts';
import { challengeDuties, outcomeDuties } from './dispute-duties.ts';
import { motionDuties, pollOf, revealDuties, voteDuties } from './vote-duties.ts';

export type IncidentStep = Exclude<Step, 'triage'>;

export interface ProposalView {
  readonly proposal: ProposalRecord;
  /** The agent's own; undefined when it has not voted, and where nothing follows from it any more. */
  readonly ownVote: VoteRecord | undefined;
}

export interface ChallengeView {
  readonly challenge: ChallengeRecord;
  readonly ownVote: VoteRecord | undefined;
}

export interface MotionView {
  readonly motion: MotionRecord;
  readonly ownVote: VoteRecord | undefined;
}

export interface IncidentView {
  readonly incident: IncidentRecord;
  /** All proposals of the incident, oldest first. */
  readonly proposals: readonly ProposalView[];
  /** All challenges of the incident, oldest first. */
  readonly challenges: readonly ChallengeView[];
}

/** Final state, as far as duties follow from it. */
export interface AgentView {
  /** Time of the newest final block. */
  readonly nowMs: TimestampMs;
  readonly alerts: readonly AlertRecord[];
  /** Open ones, oldest first. */
  readonly incidents: readonly IncidentView[];
  /** Being voted on, oldest first. */
  readonly motions: readonly MotionView[];
}

/** A vote on a claim, or on a challenge of it: then For means that the claim is wrong. */
export interface VoteSubject {
  readonly incident: IncidentRecord;
  readonly proposal: ProposalRecord;
  readonly challenge: ChallengeRecord | null;
}

export type Duty =
  | ({ readonly kind: 'reveal_vote'; readonly vote: VoteRecord } & VoteSubject)
  | ({ readonly kind: 'vote' } & VoteSubject)
  | { readonly kind: IncidentStep; readonly incident: IncidentRecord; readonly rejectedCauses: readonly string[] }
  | { readonly kind: 'triage'; readonly alert: AlertRecord }
  | { readonly kind: 'vote_motion'; readonly motion: MotionRecord }
  | { readonly kind: 'challenge'; readonly incident: IncidentRecord; readonly proposal: ProposalRecord }
  | { readonly kind: 'verify_outcome'; readonly incident: IncidentRecord };

export interface Self {
  readonly role: Role;
  readonly address: Address;
}

/**
 * The agent's duties, most urgent first: reveals (a forgotten one costs the stake), votes, steps, triage; then what can
 * wait a little: motions, and whether what was agreed on stands.
 */
export function dutiesOf(view: AgentView, self: Self, params: Params): readonly Duty[] {
  const byUrgency = view.incidents.toSorted((a, b) =>
    a.incident.priority < b.incident.priority ? -1 : a.incident.priority > b.incident.priority ? 1 : 0,
  );
  return [
    ...byUrgency.flatMap((incident) => revealDuties(incident, view.nowMs)),
    ...byUrgency.flatMap((incident) => voteDuties(incident, self, view.nowMs)),
    ...byUrgency.flatMap((incident) => stepDuties(incident, self, params, view.nowMs)),
    ...triageDuties(view, self, params),
    ...motionDuties(view, self),
    ...byUrgency.flatMap((incident) => challengeDuties(incident, self, view.nowMs)),
    ...byUrgency.flatMap((incident) => outcomeDuties(incident, self, params, view.nowMs)),
  ];
}

/** What one duty is remembered by, for as long as it is due. */
export function dutyKey(duty: Duty): string {
  switch (duty.kind) {
    case 'triage':
      return `triage/${duty.alert.alertId}`;
    case 'vote':
    case 'reveal_vote':
      return `${duty.kind}/${pollOf(duty).proposalId}`;
    case 'vote_motion':
      return `vote/${duty.motion.proposalId}`;
    case 'challenge':
      return `challenge/${duty.proposal.proposalId}`;
    default:
      return `${duty.kind}/${duty.incident.incidentId}/${duty.incident.round}`;
  }
}

function stepDuties(view: IncidentView, self: Self, params: Params, nowMs: TimestampMs): readonly Duty[] {
  const { incident, proposals } = view;
  const { stepDue } = incident;
  if (stepDue === '' || stepDue === 'triage') return [];
  // The contract takes none of them again: neither what votes turned down nor what was falsified.
  const rejected = proposals
    .filter(({ proposal: { status } }) => status === 'rejected' || status === 'overturned')
    .map(({ proposal }) => proposal);
  const turn = {
    step: stepDue,
    role: self.role,
    sender: self.address,
    rejectedProposer: proposerOf(view, incident.proposalId),
    elapsedMs: nowMs - incident.stepOpenedAtMs,
    stepDeadlineMs: params.stepDeadlineMs,
  };
  if (!isTurnOf(turn)) return [];
  return [{ kind: stepDue, incident, rejectedCauses: rejected.map(({ rootCause }) => rootCause) }];
}

const proposerOf = ({ proposals }: IncidentView, proposalId: Hash | ''): Address | '' =>
  proposals.find(({ proposal }) => proposal.proposalId === proposalId)?.proposal.proposer ?? '';

interface Turn {
  readonly step: Step;
  readonly role: Role;
  readonly sender: Address;
  /** Proposer of the last proposal of the incident, which was rejected if a step is due; empty when there was none. */
  readonly rejectedProposer: Address | '';
  readonly elapsedMs: number;
  readonly stepDeadlineMs: number;
}

function isTurnOf(turn: Turn): boolean {
  const { step, role, sender, rejectedProposer, elapsedMs, stepDeadlineMs } = turn;
  if (step !== 'propose_root_cause' || rejectedProposer === '') {
    return mayPerform(step, role, elapsedMs, stepDeadlineMs);
  }
  // The contract's exception: whoever was just turned down waits for one deadline, everybody else may at once.
  if (sender === rejectedProposer) return elapsedMs >= stepDeadlineMs;
  const slotMs = Math.min(PROPOSAL_SLOT_MS, stepDeadlineMs / ROLES.length);
  return elapsedMs >= ringDistance(role, STEP_ROLE[step]) * slotMs;
}

function triageDuties(
  { alerts, incidents, nowMs }: AgentView,
  { role }: Self,
  { stepDeadlineMs }: Params,
): readonly Duty[] {
  return alerts
    .filter(({ raisedAtMs }) => mayPerform('triage', role, nowMs - raisedAtMs, stepDeadlineMs))
    .filter((alert) => !isDuplicate(alert, incidents))
    .toSorted((a, b) => b.observers.length - a.observers.length)
    .map((alert) => ({ kind: 'triage', alert }));
}

/** Same node and source, about the same time, and the incident of it is still being worked on: it waits for that. */
function isDuplicate({ node, source, atMs }: AlertRecord, incidents: readonly IncidentView[]): boolean {
  return incidents.some(({ incident: { alert, state } }) => {
    const sameEvent =
      alert.node === node && alert.source === source && Math.abs(alert.atMs - atMs) <= DUPLICATE_WINDOW_MS;
    return sameEvent && state !== 'Solution';
  });
}
