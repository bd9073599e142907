/**
 * What time and votes do to a proposal, worked out once a block after all its transactions:
 * committing -> revealing   when everybody has committed, or at the commit deadline
 * revealing | voting -> passed | rejected   as soon as no vote that may still come can change it
 * decided -> settled   when every commitment is revealed, or at the reveal deadline
 * The reveal window counts from the block that opens it, so a slow block never eats it up.
 */
import type { PollRecord, VoteRecord } from '../../../protocol/records.ts';
import type { Hash } from '../../../protocol/types.ts';
import { add, subtract } from '../../integers.ts';
import type { Effects } from '../call.ts';
import { paramsOf } from '../params/params.ts';
import { settle } from '../token/settlement.ts';
import { eligibleWeight, tallyOf, votesOf, weightOf } from './ballots.ts';
import {
  isRejectedByVotes,
  participationThousandths,
  supportThousandths,
  type Verdict,
  verdictOf,
} from './decision.ts';

const isDecided = ({ status }: PollRecord): boolean => status === 'passed' || status === 'rejected';
const isSealed = ({ option }: VoteRecord): boolean => option === '';

/** Moves a claim on. @returns the verdict if this block reached it */
export function advanceProposal(effects: Effects, proposalId: Hash): Verdict | undefined {
  const before = effects.draft.must('proposal', proposalId);
  if (before.settled) return undefined;
  const votes = votesOf(effects.draft, before);
  const decided = advancePoll(effects, before, votes);
  const verdict = isDecided(decided) && !isDecided(before) ? (decided.status as Verdict) : undefined;
  if (verdict === 'rejected') {
    const { incidentId, round, proposer, rootCause } = decided;
    effects.emit('ProposalRejected', { incidentId, proposalId, round, proposer, rootCause });
  }
  const after = isSettleable(effects, decided, votes)
    ? settle(effects, decided, votes, isRejectedByVotes(tallyOf(decided)))
    : decided;
  if (after !== before) effects.draft.set('proposal', after, proposalId);
  return verdict;
}

/** The poll as time and votes leave it: its reveal phase opened, its verdict reached. Nothing is written. */
export function advancePoll<P extends PollRecord>(effects: Effects, poll: P, votes: readonly VoteRecord[]): P {
  return decide(effects, openReveal(effects, poll, votes), votes);
}

function openReveal<P extends PollRecord>(effects: Effects, poll: P, votes: readonly VoteRecord[]): P {
  if (poll.status !== 'committing') return poll;
  const { timestampMs } = effects.block;
  const complete = votes.length === poll.electorate.length;
  if (!complete && timestampMs < poll.commitEndsAtMs) return poll;
  // Without a single commitment there is nothing to wait for.
  const windowMs = votes.length === 0 ? 0 : paramsOf(effects.draft).revealWindowMs;
  const revealEndsAtMs = add(timestampMs, windowMs);
  if (votes.length > 0) {
    const { incidentId, proposalId } = poll;
    const counts = { committed: votes.length, committedWeight: weightOf(votes), revealEndsAtMs };
    effects.emit('RevealOpened', { ...counts, incidentId, proposalId });
  }
  return { ...poll, status: 'revealing', revealEndsAtMs };
}

/** Weight that may still be cast. */
function remainingWeight(effects: Effects, proposal: PollRecord, votes: readonly VoteRecord[]): number {
  const { timestampMs } = effects.block;
  if (proposal.status === 'voting') {
    return timestampMs < proposal.commitEndsAtMs ? subtract(eligibleWeight(proposal), weightOf(votes)) : 0;
  }
  return timestampMs < proposal.revealEndsAtMs ? weightOf(votes.filter(isSealed)) : 0;
}

function decide<P extends PollRecord>(effects: Effects, poll: P, votes: readonly VoteRecord[]): P {
  if (poll.status !== 'revealing' && poll.status !== 'voting') return poll;
  const tally = tallyOf(poll);
  const verdict = verdictOf(tally, remainingWeight(effects, poll, votes));
  if (verdict === undefined) return poll;
  const { incidentId, proposalId, weightFor, weightAgainst, weightAbstain } = poll;
  effects.emit('ConsensusReached', {
    ...{ incidentId, proposalId, passed: verdict === 'passed', weightFor, weightAgainst, weightAbstain },
    eligible: tally.eligible,
    supportThousandths: supportThousandths(tally),
    participationThousandths: participationThousandths(tally),
  });
  return { ...poll, status: verdict, decidedAtMs: effects.block.timestampMs };
}

/** An open vote is over once it is decided: its votes are public, and a late one would only follow the winner. */
function isSettleable(effects: Effects, proposal: PollRecord, votes: readonly VoteRecord[]): boolean {
  if (!isDecided(proposal)) return false;
  return !votes.some(isSealed) || effects.block.timestampMs >= proposal.revealEndsAtMs;
}
