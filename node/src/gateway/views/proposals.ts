/** A claim and a challenge of one, with everybody who may vote on it. */
import type { StateReader } from '../../ports/index.ts';
import type { ChallengeView, ProposalView } from '../../protocol/api/index.ts';
import type { ChallengeRecord, ProposalRecord } from '../../protocol/records.ts';
import { partyOf } from './parties.ts';
import { pollViewOf } from './polls.ts';

export function proposalViewOf(state: StateReader, proposal: ProposalRecord): ProposalView {
  const { incidentId, round, rootCause, faultKind, probability, cites, escrow, withheldFrom, overturnedBy } = proposal;
  return {
    ...pollViewOf(state, proposal),
    ...{ incidentId, round, rootCause, faultKind, probability, overturnedBy },
    cites: [...cites],
    escrow: escrow.map(({ to, amount, reason: why }) => ({ to: partyOf(state, to), amount, reason: why })),
    withheldFrom: withheldFrom === '' ? null : partyOf(state, withheldFrom),
  };
}

export function challengeViewOf(state: StateReader, challenge: ChallengeRecord): ChallengeView {
  const { incidentId, claim, round, cites, newEvidence, result, decidedBy } = challenge;
  return {
    ...pollViewOf(state, challenge),
    ...{ incidentId, claim, round, result, decidedBy },
    cites: [...cites],
    newEvidence: [...newEvidence],
  };
}
