/** What an agent has to do about a solved incident: look whether the claim still holds, and whether the fix has worked. */
import { OUTCOME_ROLE, type Params, ROLES, ringDistance, type TimestampMs } from '@dao-gov/node/protocol';
import { CHALLENGE_SLOT_MS } from './constants.ts';
import type { Duty, IncidentView, Self } from './duties.ts';

/** The claim that a solved incident rests on, and the challenge that is being voted on. */
function standingOf({ incident, proposals, challenges }: IncidentView) {
  if (incident.state !== 'Solution') return undefined;
  const claim = proposals.find(({ proposal }) => proposal.proposalId === incident.proposalId);
  return claim && { ...claim, disputed: challenges.some(({ challenge }) => !challenge.settled) };
}

/** Neither its proposer nor a supporter may challenge a claim; who opposed it looks again first, then who abstained. */
export function challengeDuties(view: IncidentView, self: Self, nowMs: TimestampMs): readonly Duty[] {
  const { incident, challenges } = view;
  const standing = standingOf(view);
  if (standing === undefined || standing.disputed || nowMs >= incident.challengeEndsAtMs) return [];
  const { proposal, ownVote } = standing;
  const barred = proposal.proposer === self.address || ownVote?.option === 'For' || ownVote?.option === '';
  const before = challenges.some(
    ({ challenge }) => challenge.claim === proposal.proposalId && challenge.proposer === self.address,
  );
  if (barred || before || !proposal.settled) return [];
  const since = Math.max(incident.stepOpenedAtMs, ...challenges.map(({ challenge }) => challenge.decidedAtMs));
  const place = ringDistance(self.role, OUTCOME_ROLE) + (ownVote?.option === 'Against' ? 0 : ROLES.length);
  const windowMs = incident.challengeEndsAtMs - since;
  const slotMs = Math.min(CHALLENGE_SLOT_MS, windowMs / (4 * ROLES.length));
  return nowMs - since >= place * slotMs ? [{ kind: 'challenge', incident, proposal }] : [];
}

/** The contract's rule of who measures the outcome: not the proposer, once an agent, in the turn of the ring. */
export function outcomeDuties(view: IncidentView, self: Self, params: Params, nowMs: TimestampMs): readonly Duty[] {
  const { incident } = view;
  const standing = standingOf(view);
  if (standing === undefined || standing.proposal.proposer === self.address) return [];
  const { round, outcomeReports, challengeEndsAtMs, stepOpenedAtMs } = incident;
  const reported = outcomeReports.some((report) => report.round === round && report.by === self.address);
  const open = standing.disputed || nowMs < challengeEndsAtMs;
  const mine = nowMs - stepOpenedAtMs >= ringDistance(self.role, OUTCOME_ROLE) * params.stepDeadlineMs;
  return open && mine && !reported ? [{ kind: 'verify_outcome', incident }] : [];
}
