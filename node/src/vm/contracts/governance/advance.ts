/**
 * What time and votes do to a proposal, worked out once a block after all its transactions:
 * committing -> revealing   when everybody has committed, or at the commit deadline
 * revealing | voting -> passed | rejected   as soon as no vote that may still come can change it
 * decided -> settled   when every commitment is revealed, or at the reveal deadline
 * The reveal window counts from the block that opens it, so a slow block never eats it up.
 */
import type { ProposalRecord, VoteRecord } from '../../../protocol/records.ts';
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

const isDecided = ({ status }: ProposalRecord): boolean => status === 'passed' || status === 'rejected';
const isSealed = ({ option }: VoteRecord): boolean => option === '';

/** @returns the verdict if this block reached it */
export function advanceProposal(effects: Effects, proposalId: Hash): Verdict | undefined {
  const before = effects.draft.must('proposal', proposalId);
  if (before.settled) return undefined;
  const votes = votesOf(effects.draft, before);
  const opened = openReveal(effects, before, votes);
  const decided = decide(effects, opened, votes);
  const after = isSettleable(effects, decided, votes)
    ? settle(effects, decided, votes, isRejectedByVotes(tallyOf(decided)))
    : decided;
  if (after !== before) effects.draft.set('proposal', after, proposalId);
  return isDecided(after) && !isDecided(before) ? (after.status as Verdict) : undefined;
}

function openReveal(effects: Effects, proposal: ProposalRecord, votes: readonly VoteRecord[]): ProposalRecord {
  if (proposal.status !== 'committing') return proposal;
  const { timestampMs } = effects.block;
  const complete = votes.length === proposal.electorate.length;
  if (!complete && timestampMs < proposal.commitEndsAtMs) return proposal;
  // Without a single commitment there is nothing to wait for.
  const windowMs = votes.length === 0 ? 0 : paramsOf(effects.draft).revealWindowMs;
  const revealEndsAtMs = add(timestampMs, windowMs);
  if (votes.length > 0) {
    const { incidentId, proposalId } = proposal;
    const counts = { committed: votes.length, committedWeight: weightOf(votes), revealEndsAtMs };
    effects.emit('RevealOpened', { ...counts, incidentId, proposalId });
  }
  return { ...proposal, status: 'revealing', revealEndsAtMs };
}

/** Weight that may still be cast. */
function remainingWeight(effects: Effects, proposal: ProposalRecord, votes: readonly VoteRecord[]): number {
  const { timestampMs } = effects.block;
  if (proposal.status === 'voting') {
    return timestampMs < proposal.commitEndsAtMs ? subtract(eligibleWeight(proposal), weightOf(votes)) : 0;
  }
  return timestampMs < proposal.revealEndsAtMs ? weightOf(votes.filter(isSealed)) : 0;
}

function decide(effects: Effects, proposal: ProposalRecord, votes: readonly VoteRecord[]): ProposalRecord {
  if (proposal.status !== 'revealing' && proposal.status !== 'voting') return proposal;
  const tally = tallyOf(proposal);
  const verdict = verdictOf(tally, remainingWeight(effects, proposal, votes));
  if (verdict === undefined) return proposal;
  const { incidentId, proposalId, round, proposer, rootCause, weightFor, weightAgainst, weightAbstain } = proposal;
  effects.emit('ConsensusReached', {
    ...{ incidentId, proposalId, passed: verdict === 'passed', weightFor, weightAgainst, weightAbstain },
    eligible: tally.eligible,
    supportThousandths: supportThousandths(tally),
    participationThousandths: participationThousandths(tally),
  });
  if (verdict === 'rejected') effects.emit('ProposalRejected', { incidentId, proposalId, round, proposer, rootCause });
  return { ...proposal, status: verdict, decidedAtMs: effects.block.timestampMs };
}

/** An open vote is over once it is decided: its votes are public, and a late one would only follow the winner. */
function isSettleable(effects: Effects, proposal: ProposalRecord, votes: readonly VoteRecord[]): boolean {
  if (!isDecided(proposal)) return false;
  return !votes.some(isSealed) || effects.block.timestampMs >= proposal.revealEndsAtMs;
}
