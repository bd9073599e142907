/**
 * What challenges and reported outcomes do to a solved incident, worked out once a block after all its transactions. An
 * outcome that enough agents report outranks every vote, also one that is still going on; a challenge is decided by its
 * votes. Either waits until the claim's own vote is settled: nobody is slashed for a vote that is not yet known.
 */
import type { ChallengeRecord, IncidentRecord, ProposalRecord } from '../../../protocol/records.ts';
import type { TimestampMs } from '../../../protocol/types.ts';
import { add } from '../../integers.ts';
import type { StateDraft } from '../../state/draft.ts';
import type { Effects } from '../call.ts';
import { advancePoll } from '../governance/advance.ts';
import { tallyOf, votesOf } from '../governance/ballots.ts';
import { isRejectedByVotes } from '../governance/decision.ts';
import { paramsOf } from '../params/params.ts';
import { settleChallenge } from '../token/challenge-settlement.ts';
import { overturnClaim } from '../token/falsification.ts';
import { closeChallengeWindow } from './challenge-window.ts';

/** At most one challenge of an incident is open at a time, and it is the newest. */
export function openChallengeOf(draft: StateDraft, { challenges }: IncidentRecord): ChallengeRecord | undefined {
  const newest = challenges.at(-1);
  const challenge = newest === undefined ? undefined : draft.must('challenge', newest);
  return challenge?.settled === false ? challenge : undefined;
}

/** Agents that report this outcome of the standing claim. */
export const reportsOf = ({ outcomeReports, round }: IncidentRecord, recovered: boolean): number =>
  outcomeReports.filter((report) => report.round === round && report.recovered === recovered).length;

/** Looks at a solved incident. Who was first to enough reports was decided by the order of the transactions. */
export function advanceFalsification(effects: Effects, incidentId: string): void {
  const incident = effects.draft.must('incident', incidentId);
  if (incident.state !== 'Solution') return;
  const claim = effects.draft.must('proposal', incident.proposalId);
  if (!claim.settled) return;
  const recovered = verifiedOutcome(effects, incident);
  if (recovered !== undefined) applyOutcome(effects, incident, claim, recovered);
  else advanceChallenge(effects, incident, claim);
}

function verifiedOutcome(effects: Effects, incident: IncidentRecord): boolean | undefined {
  const { outcomeReportsMin } = paramsOf(effects.draft).falsification;
  const inRound = incident.outcomeReports.filter(({ round }) => round === incident.round);
  const decisive = inRound.find(
    ({ recovered }, index) =>
      inRound.slice(0, index + 1).filter((report) => report.recovered === recovered).length >= outcomeReportsMin,
  );
  return decisive?.recovered;
}

function applyOutcome(effects: Effects, incident: IncidentRecord, claim: ProposalRecord, recovered: boolean): void {
  const { incidentId, proposalId } = incident;
  const reports = reportsOf(incident, recovered);
  effects.emit('OutcomeVerified', { incidentId, proposalId, recovered, reports });
  const open = openChallengeOf(effects.draft, incident);
  const status = recovered ? 'rejected' : 'passed';
  const decided =
    open && decide(effects, incident, claim, { ...open, status, decidedAtMs: effects.block.timestampMs }, 'outcome');
  if (recovered) closeChallengeWindow(effects, effects.draft.must('incident', incidentId), true);
  else overturn(effects, claim, 'outcome', decided);
}

function advanceChallenge(effects: Effects, incident: IncidentRecord, claim: ProposalRecord): void {
  const open = openChallengeOf(effects.draft, incident);
  if (open === undefined) return;
  const moved = advancePoll(effects, open, votesOf(effects.draft, open));
  if (moved === open) return;
  if (moved.status !== 'passed' && moved.status !== 'rejected') {
    effects.draft.set('challenge', moved, moved.proposalId);
    return;
  }
  const decided = decide(effects, incident, claim, moved, 'vote');
  if (decided.result === 'upheld') overturn(effects, claim, 'challenge', decided);
}

/** Settles a decided challenge, and lets the window that stood still meanwhile run on. */
function decide(
  effects: Effects,
  incident: IncidentRecord,
  claim: ProposalRecord,
  challenge: ChallengeRecord,
  decidedBy: 'vote' | 'outcome',
): ChallengeRecord {
  const { draft, block } = effects;
  const { incidentId, proposalId: challengeId, proposer: challenger, status, windowLeftMs } = challenge;
  const judged = decidedBy === 'outcome' || isRejectedByVotes(tallyOf(challenge));
  const result = status === 'passed' ? 'upheld' : judged ? 'failed' : 'undecided';
  const claimVotes = votesOf(draft, claim);
  const supporters = new Set(claimVotes.filter(({ option }) => option === 'For').map(({ voter }) => voter));
  const decided = { ...challenge, decidedBy };
  const settled = settleChallenge(effects, decided, votesOf(draft, challenge), claim, result, supporters);
  draft.set('challenge', settled, challengeId);
  const challengeEndsAtMs: TimestampMs = add(block.timestampMs, windowLeftMs);
  draft.set('incident', { ...incident, challengeEndsAtMs }, incidentId);
  const about = { incidentId, proposalId: claim.proposalId, challengeId, challenger };
  effects.emit('ChallengeDecided', { ...about, result, decidedBy, challengeEndsAtMs });
  return settled;
}

/** The claim falls; the incident goes back for another one, or has no round left and ends in this very phase. */
function overturn(
  effects: Effects,
  claim: ProposalRecord,
  by: 'challenge' | 'outcome',
  challenge: ChallengeRecord | undefined,
): void {
  const { draft, block } = effects;
  const { incidentId, proposalId, round, proposer, rootCause } = claim;
  const { claim: overturned, returned } = overturnClaim(effects, claim, votesOf(draft, claim), challenge);
  draft.set('proposal', { ...overturned, overturnedBy: by }, proposalId);
  const again = round < paramsOf(draft).roundsMax;
  const incident = draft.must('incident', incidentId);
  const cleared = { state: 'Data_Collected', rootCause: '', faultKind: '', challengeEndsAtMs: 0 } as const;
  const stepDue = again ? 'propose_root_cause' : '';
  draft.set('incident', { ...incident, ...cleared, stepDue, stepOpenedAtMs: block.timestampMs }, incidentId);
  effects.emit('ClaimOverturned', {
    ...{ incidentId, proposalId, round, proposer, rootCause, by, challengeId: challenge?.proposalId ?? '' },
    ...{ next: again ? 'Data_Collected' : 'Inconclusive', escrowReturned: returned },
  });
}
