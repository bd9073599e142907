/** What all steps of an open incident share: may this agent perform it now, and the record that it did. */
import type { IncidentRecord, StepRecord } from '../../../protocol/records.ts';
import type { Step } from '../../../protocol/roles.ts';
import { ensure } from '../../errors.ts';
import { agentOf, type Call } from '../call.ts';
import { paramsOf } from '../params/params.ts';
import { requirePrerequisites } from './prerequisites.ts';
import { isTurnOf } from './ring.ts';
import { standingSteps } from './standing-steps.ts';

/** The parts of a call that do not depend on its type. */
export type StepCall = Omit<Call, 'args'>;

export const isClosed = ({ state }: IncidentRecord): boolean => state === 'Finalized' || state === 'Inconclusive';

/** @throws ContractError INCIDENT_UNKNOWN, INCIDENT_CLOSED */
function openIncidentOf(call: StepCall, incidentId: string): IncidentRecord {
  const incident = call.draft.get('incident', incidentId);
  ensure(incident !== undefined, 'INCIDENT_UNKNOWN', `There is no incident ${incidentId}.`);
  ensure(!isClosed(incident), 'INCIDENT_CLOSED', `${incidentId} is closed.`);
  return incident;
}

/** A step is performed once for each claim, and each claim that fell makes room for another. */
function requireNotDone(incident: IncidentRecord, step: Step): void {
  if (step === 'propose_root_cause') {
    ensure(incident.state !== 'Root_Cause_Proposed', 'PROPOSAL_OPEN', 'A proposal of this incident is being voted on.');
    ensure(incident.rootCause === '', 'STEP_ALREADY_DONE', 'The agents have agreed on a root cause already.');
    return;
  }
  const done = standingSteps(incident.steps).some((record) => record.step === step);
  ensure(!done, 'STEP_ALREADY_DONE', 'Another agent has performed this step already.');
}

function requireTurn(call: StepCall, incident: IncidentRecord, step: Step): void {
  const { role } = agentOf(call);
  const rejected = incident.proposalId === '' ? undefined : call.draft.must('proposal', incident.proposalId);
  const mine = isTurnOf({
    step,
    role,
    sender: call.sender,
    rejectedProposer: rejected?.proposer ?? '',
    elapsedMs: call.block.timestampMs - incident.stepOpenedAtMs,
    stepDeadlineMs: paramsOf(call.draft).stepDeadlineMs,
  });
  ensure(mine, 'NOT_YOUR_ROLE', 'It is not yet the turn of this role.');
}

/**
 * The incident, ready for this step by this sender. Checked in this order, so that the first answer is the one that
 * helps most: an agent, an incident, open, not done, prerequisites, due, whose turn.
 * @throws ContractError NOT_AN_AGENT, INCIDENT_UNKNOWN, INCIDENT_CLOSED, STEP_ALREADY_DONE, PROPOSAL_OPEN,
 * NO_TASKS_SCHEDULED and the like, STEP_OUT_OF_ORDER, NOT_YOUR_ROLE
 */
export function beginStep(call: StepCall, incidentId: string, step: Step): IncidentRecord {
  agentOf(call);
  const incident = openIncidentOf(call, incidentId);
  requireNotDone(incident, step);
  requirePrerequisites(incident, step);
  ensure(incident.stepDue === step, 'STEP_OUT_OF_ORDER', 'This step is not due: no further round is left.');
  requireTurn(call, incident, step);
  return incident;
}

export function stepRecordOf(call: StepCall, step: Step, summary: string): StepRecord {
  return {
    step,
    by: call.sender,
    atMs: call.block.timestampMs,
    height: call.block.height,
    transaction: call.transaction,
    evidence: call.evidence,
    summary,
    gasPaid: call.fee,
  };
}

/** Writes the step down and moves the incident on; the deadlines of what is due next count from this block. */
export function completeStep(
  call: StepCall,
  incident: IncidentRecord,
  done: { readonly step: Step; readonly summary: string },
  next: Partial<IncidentRecord> & Pick<IncidentRecord, 'stepDue'>,
): void {
  const steps = [...incident.steps, stepRecordOf(call, done.step, done.summary)];
  const moved = { ...incident, steps, stepOpenedAtMs: call.block.timestampMs, ...next };
  call.draft.set('incident', moved, incident.incidentId);
}
