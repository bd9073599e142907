/** What every vote shows: thresholds, weights, and everybody who may vote. */
import type { z } from 'zod';
import type { StateReader } from '../../ports/index.ts';
import type { ProposalView, voteViewSchema } from '../../protocol/api/index.ts';
import type { PollRecord, VoteRecord } from '../../protocol/records.ts';
import { partyOf } from './parties.ts';

type VoteView = z.infer<typeof voteViewSchema>;

/** Weights of a large electorate times a thousand are beyond exact integers of a double. */
const share = (part: number, whole: number): number =>
  whole === 0 ? 0 : Number((BigInt(part) * 1_000n) / BigInt(whole));

function statusOf(poll: PollRecord, vote: VoteRecord | undefined): VoteView['status'] {
  if (vote && vote.option !== '') return 'revealed';
  if (poll.settled) return 'missed';
  if (vote) return 'sealed';
  // Who has not committed when the reveals begin has lost the chance.
  return poll.status === 'committing' || poll.status === 'voting' ? 'waiting' : 'missed';
}

function votesOf(state: StateReader, poll: PollRecord): VoteView[] {
  return poll.electorate.map(({ address, weight }) => {
    const vote = state.get('vote', poll.proposalId, address);
    return {
      voter: partyOf(state, address),
      weight,
      stake: vote?.stake ?? 0,
      status: statusOf(poll, vote),
      option: vote && vote.option !== '' ? vote.option : null,
      reason: vote?.reason ? { ...vote.reason } : null,
    };
  });
}

type PollView = Omit<
  ProposalView,
  | 'incidentId'
  | 'round'
  | 'rootCause'
  | 'faultKind'
  | 'probability'
  | 'cites'
  | 'escrow'
  | 'withheldFrom'
  | 'overturnedBy'
>;

export function pollViewOf(state: StateReader, poll: PollRecord): PollView {
  const { weightFor, weightAgainst, weightAbstain, electorate } = poll;
  const eligibleWeight = electorate.reduce((sum, { weight }) => sum + weight, 0);
  const sided = weightFor + weightAgainst;
  const { proposalId, stake, status, openedAtMs, commitEndsAtMs, revealEndsAtMs, decidedAtMs } = poll;
  const { settled, released, alpha, beta } = poll;
  return {
    ...{ proposalId, stake, status, openedAtMs, commitEndsAtMs, revealEndsAtMs, decidedAtMs },
    ...{ settled, released, alpha, beta, weightFor, weightAgainst, weightAbstain, eligibleWeight },
    proposer: partyOf(state, poll.proposer),
    reason: { ...poll.reason },
    supportThousandths: sided === 0 ? null : share(weightFor, sided),
    participationThousandths: share(sided + weightAbstain, eligibleWeight),
    votes: votesOf(state, poll),
  };
}
