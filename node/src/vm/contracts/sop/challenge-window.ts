/**
 * The time in which a solved incident may still be overturned (`falsify.ts`). It opens with the solution, and stands
 * still while a challenge is voted on. When it closes, or the outcome is verified before, the claim stands and is paid.
 */
import type { IncidentRecord } from '../../../protocol/records.ts';
import type { TimestampMs } from '../../../protocol/types.ts';
import { add } from '../../integers.ts';
import type { Effects } from '../call.ts';
import { votesOf } from '../governance/ballots.ts';
import { paramsOf } from '../params/params.ts';
import { payOut } from '../token/release.ts';
import { payWork } from '../token/work.ts';
import { endIncident } from './end-incident.ts';

/** @returns when the window closes, in block time */
export function openChallengeWindow(effects: Effects, { incidentId, proposalId }: IncidentRecord): TimestampMs {
  const challengeEndsAtMs = add(effects.block.timestampMs, paramsOf(effects.draft).challengeWindowMs);
  effects.emit('ChallengeWindowOpened', { incidentId, proposalId, challengeEndsAtMs });
  return challengeEndsAtMs;
}

export const isChallengeOver = ({ state, challengeEndsAtMs }: IncidentRecord, nowMs: TimestampMs): boolean =>
  state === 'Solution' && nowMs >= challengeEndsAtMs;

/**
 * Pays the escrow of the passed claim out, frees its stakes, pays for the work and finalizes the incident.
 * @param verified whether enough agents reported the recovery
 */
export function closeChallengeWindow(effects: Effects, incident: IncidentRecord, verified: boolean): void {
  const { incidentId, proposalId, rootCause, faultKind, round } = incident;
  const proposal = effects.draft.must('proposal', proposalId);
  effects.draft.set('proposal', payOut(effects, proposal, votesOf(effects.draft, proposal)), proposalId);
  payWork(effects, incident, proposal);
  endIncident(effects, incident, 'Finalized');
  effects.emit('IncidentFinalized', { incidentId, proposalId, rootCause, faultKind, round, verified });
}
