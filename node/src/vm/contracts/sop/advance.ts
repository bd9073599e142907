/** What verdicts and time do to an incident, worked out once a block after all its transactions. */
import type { IncidentRecord, ProposalRecord } from '../../../protocol/records.ts';
import type { Amount } from '../../../protocol/types.ts';
import { add } from '../../integers.ts';
import type { Effects } from '../call.ts';
import type { InconclusiveReason } from '../events.ts';
import { votesOf } from '../governance/ballots.ts';
import type { Verdict } from '../governance/decision.ts';
import { paramsOf } from '../params/params.ts';
import { takeBack } from '../token/release.ts';
import { closeChallengeWindow, isChallengeOver } from './challenge-window.ts';
import { endIncident } from './end-incident.ts';
import { openChallengeOf } from './falsify.ts';
import { stepAbandonedAfterMs } from './ring.ts';

/** Moves the incident on after the vote on its open proposal. The last rejected round leaves no step due. */
export function applyVerdict(effects: Effects, proposal: ProposalRecord, verdict: Verdict): void {
  const { draft, block } = effects;
  const { incidentId, rootCause, faultKind } = proposal;
  const incident = draft.must('incident', incidentId);
  const stepOpenedAtMs = block.timestampMs;
  if (verdict === 'passed') {
    const passed = { state: 'Consensus', stepDue: 'submit_fault_web', rootCause, faultKind } as const;
    draft.set('incident', { ...incident, ...passed, stepOpenedAtMs }, incidentId);
    return;
  }
  const stepDue = incident.round < paramsOf(draft).roundsMax ? 'propose_root_cause' : '';
  draft.set('incident', { ...incident, state: 'Data_Collected', stepDue, stepOpenedAtMs }, incidentId);
}

/** Ends the incident if its time has come, and if everything that was staked on it is settled. */
export function advanceIncident(effects: Effects, incidentId: string): void {
  const incident = effects.draft.must('incident', incidentId);
  const nowMs = effects.block.timestampMs;
  const disputed = openChallengeOf(effects.draft, incident) !== undefined;
  const over = !disputed && isChallengeOver(incident, nowMs);
  const reason = inconclusiveReason(effects, incident);
  if (!over && reason === undefined) return;
  const proposals = incident.proposals.map((id) => effects.draft.must('proposal', id));
  if (proposals.some(({ settled }) => !settled)) return;
  if (over) closeChallengeWindow(effects, incident, false);
  else if (reason) endInconclusive(effects, incident, proposals, reason);
}

function inconclusiveReason(effects: Effects, incident: IncidentRecord): InconclusiveReason | undefined {
  const { state, stepDue, stepOpenedAtMs } = incident;
  if (state === 'Data_Collected' && stepDue === '') return 'rounds_exhausted';
  const elapsedMs = effects.block.timestampMs - stepOpenedAtMs;
  const limitMs = stepAbandonedAfterMs(paramsOf(effects.draft).stepDeadlineMs);
  return stepDue !== '' && elapsedMs >= limitMs ? 'step_abandoned' : undefined;
}

/**
 * A claim that passed, whose solution nobody delivered, was never open to a challenge: its rewards go back to the
 * treasury. Anybody of the ring, the claim's supporters included, could have delivered it.
 */
function endInconclusive(
  effects: Effects,
  incident: IncidentRecord,
  proposals: readonly ProposalRecord[],
  reason: InconclusiveReason,
): void {
  const { incidentId, round, stepDue: step } = incident;
  let escrowReturned: Amount = 0;
  for (const proposal of proposals.filter(({ released }) => !released)) {
    const taken = takeBack(effects, proposal, votesOf(effects.draft, proposal));
    effects.draft.set('proposal', taken.proposal, proposal.proposalId);
    escrowReturned = add(escrowReturned, taken.returned);
  }
  endIncident(effects, incident, 'Inconclusive');
  effects.emit('IncidentInconclusive', { incidentId, reason, step, round, escrowReturned });
}
