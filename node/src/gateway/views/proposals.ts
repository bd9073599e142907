/** A proposal with everybody who may vote on it. */
import type { z } from 'zod';
import type { StateReader } from '../../ports/index.ts';
import type { ProposalView, voteViewSchema } from '../../protocol/api/index.ts';
import type { ProposalRecord, VoteRecord } from '../../protocol/records.ts';
import { partyOf } from './parties.ts';

type VoteView = z.infer<typeof voteViewSchema>;

/** Weights of a large electorate times a thousand are beyond exact integers of a double. */
const share = (part: number, whole: number): number =>
  whole === 0 ? 0 : Number((BigInt(part) * 1_000n) / BigInt(whole));

function statusOf(proposal: ProposalRecord, vote: VoteRecord | undefined): VoteView['status'] {
  if (vote && vote.option !== '') return 'revealed';
  if (proposal.settled) return 'missed';
  if (vote) return 'sealed';
  // Who has not committed when the reveals begin has lost the chance.
  return proposal.status === 'committing' || proposal.status === 'voting' ? 'waiting' : 'missed';
}

function votesOf(state: StateReader, proposal: ProposalRecord): VoteView[] {
  return proposal.electorate.map(({ address, weight }) => {
    const vote = state.get('vote', proposal.proposalId, address);
    return {
      voter: partyOf(state, address),
      weight,
      stake: vote?.stake ?? 0,
      status: statusOf(proposal, vote),
      option: vote && vote.option !== '' ? vote.option : null,
      reason: vote?.reason ? { ...vote.reason } : null,
    };
  });
}

export function proposalViewOf(state: StateReader, proposal: ProposalRecord): ProposalView {
  const { proposer, electorate, cites, escrow, reason, ...plain } = proposal;
  const { weightFor, weightAgainst, weightAbstain } = proposal;
  const eligibleWeight = electorate.reduce((sum, { weight }) => sum + weight, 0);
  const sided = weightFor + weightAgainst;
  return {
    ...plain,
    proposer: partyOf(state, proposer),
    reason: { ...reason },
    cites: [...cites],
    eligibleWeight,
    supportThousandths: sided === 0 ? null : share(weightFor, sided),
    participationThousandths: share(sided + weightAbstain, eligibleWeight),
    votes: votesOf(state, proposal),
    escrow: escrow.map(({ to, amount, reason: why }) => ({ to: partyOf(state, to), amount, reason: why })),
  };
}
