/**
 * The time in which a solved incident may still be overturned. It opens with the solution; a challenge or a verified
 * outcome will decide what happens to the claim within it. When it closes undisturbed, the claim stands and is paid.
 */
import type { IncidentRecord } from '../../../protocol/records.ts';
import type { TimestampMs } from '../../../protocol/types.ts';
import { add } from '../../integers.ts';
import type { Effects } from '../call.ts';
import { votesOf } from '../governance/ballots.ts';
import { paramsOf } from '../params/params.ts';
import { payOut } from '../token/release.ts';
import { endIncident } from './end-incident.ts';

/** @returns when the window closes, in block time */
export function openChallengeWindow(effects: Effects, { incidentId, proposalId }: IncidentRecord): TimestampMs {
  const challengeEndsAtMs = add(effects.block.timestampMs, paramsOf(effects.draft).challengeWindowMs);
  effects.emit('ChallengeWindowOpened', { incidentId, proposalId, challengeEndsAtMs });
  return challengeEndsAtMs;
}

export const isChallengeOver = ({ state, challengeEndsAtMs }: IncidentRecord, nowMs: TimestampMs): boolean =>
  state === 'Solution' && nowMs >= challengeEndsAtMs;

/** Pays the escrow of the passed proposal out, frees its stakes and finalizes the incident. */
export function closeChallengeWindow(effects: Effects, incident: IncidentRecord): void {
  const { incidentId, proposalId, rootCause, faultKind, round } = incident;
  const proposal = effects.draft.must('proposal', proposalId);
  effects.draft.set('proposal', payOut(effects, proposal, votesOf(effects.draft, proposal)), proposalId);
  endIncident(effects, incident, 'Finalized');
  effects.emit('IncidentFinalized', { incidentId, proposalId, rootCause, faultKind, round });
}
