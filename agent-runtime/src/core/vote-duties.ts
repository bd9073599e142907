/** What an agent has to vote on, or to reveal: claims, challenges of claims, and motions. */
import type { PollRecord, TimestampMs, VoteRecord } from '@dao-gov/node/protocol';
import type { AgentView, Duty, IncidentView, Self, VoteSubject } from './duties.ts';

/** What a duty to vote is about, on chain. */
export const pollOf = ({ proposal, challenge }: VoteSubject): PollRecord => challenge ?? proposal;

interface Ballot extends VoteSubject {
  readonly ownVote: VoteRecord | undefined;
}

/** Everything about an incident that is, or was, voted on. */
const ballotsOf = ({ incident, proposals, challenges }: IncidentView): readonly Ballot[] => [
  ...proposals.map(({ proposal, ownVote }) => ({ incident, proposal, challenge: null, ownVote })),
  ...challenges.flatMap(({ challenge, ownVote }) => {
    const claim = proposals.find(({ proposal }) => proposal.proposalId === challenge.claim);
    return claim ? [{ incident, proposal: claim.proposal, challenge, ownVote }] : [];
  }),
];

export function revealDuties(view: IncidentView, nowMs: TimestampMs): readonly Duty[] {
  return ballotsOf(view).flatMap(({ ownVote, ...subject }): readonly Duty[] => {
    const { status, settled, revealEndsAtMs } = pollOf(subject);
    // Also after an early decision: a commitment that stays sealed forfeits its stake.
    const open = status !== 'committing' && status !== 'voting' && !settled && nowMs < revealEndsAtMs;
    const sealed = ownVote !== undefined && ownVote.commitment !== '' && ownVote.option === '';
    return open && sealed ? [{ kind: 'reveal_vote', ...subject, vote: ownVote }] : [];
  });
}

export function voteDuties(view: IncidentView, self: Self, nowMs: TimestampMs): readonly Duty[] {
  return ballotsOf(view).flatMap(({ ownVote, ...subject }): readonly Duty[] =>
    ownVote === undefined && mayVote(pollOf(subject), self, nowMs) ? [{ kind: 'vote', ...subject }] : [],
  );
}

function mayVote(
  { status, proposer, electorate, commitEndsAtMs }: PollRecord,
  self: Self,
  nowMs: TimestampMs,
): boolean {
  const open = (status === 'committing' || status === 'voting') && nowMs < commitEndsAtMs;
  return open && proposer !== self.address && electorate.some(({ address }) => address === self.address);
}

export function motionDuties({ motions, nowMs }: AgentView, self: Self): readonly Duty[] {
  return motions.flatMap(({ motion, ownVote }): readonly Duty[] =>
    ownVote === undefined && mayVote(motion, self, nowMs) ? [{ kind: 'vote_motion', motion }] : [],
  );
}
