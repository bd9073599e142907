import { voteCommitment } from '../../../protocol/hashing.ts';
import type { ProposalRecord } from '../../../protocol/records.ts';
import { ensure } from '../../errors.ts';
import { add } from '../../integers.ts';
import type { Call } from '../call.ts';
import { counted } from './ballots.ts';

/**
 * Opens a sealed vote. After an early decision a reveal still counts for the settlement (a commitment that stays
 * sealed forfeits its stake), but no longer for the outcome.
 * Fails: NO_PROPOSAL, VOTE_WRONG_MODE, VOTE_WRONG_PHASE, VOTING_CLOSED, REVEAL_WITHOUT_COMMIT, REVEAL_DUPLICATE,
 * REVEAL_MISMATCH.
 */
export function revealVote(call: Call<'reveal_vote'>): void {
  const { draft, sender: voter, block } = call;
  const { proposalId, option, salt, reason } = call.args;
  const proposal = draft.get('proposal', proposalId);
  ensure(proposal !== undefined, 'NO_PROPOSAL', 'There is no such proposal.');
  requireRevealPhase(call, proposal);
  const sealed = draft.get('vote', proposalId, voter);
  ensure(sealed !== undefined, 'REVEAL_WITHOUT_COMMIT', 'The sender has committed to nothing here.');
  ensure(sealed.option === '', 'REVEAL_DUPLICATE', 'The sender has revealed this vote already.');
  const commitment = voteCommitment(block.chainId, proposalId, voter, option, salt);
  ensure(commitment === sealed.commitment, 'REVEAL_MISMATCH', 'Option and salt do not give the commitment.');
  draft.set('vote', { ...sealed, option, reason, gasPaid: add(sealed.gasPaid, call.fee) }, proposalId, voter);
  draft.set('proposal', counted(proposal, option, sealed.weight), proposalId);
  const { incidentId } = proposal;
  call.emit('VoteRevealed', { voter, weight: sealed.weight, option, reason, incidentId, proposalId });
}

function requireRevealPhase(call: Call<'reveal_vote'>, proposal: ProposalRecord): void {
  const { status, settled, revealEndsAtMs } = proposal;
  ensure(status !== 'voting', 'VOTE_WRONG_MODE', 'This vote is open: there is nothing to reveal.');
  ensure(status !== 'committing', 'VOTE_WRONG_PHASE', 'The commitments are still being collected.');
  const inTime = !settled && call.block.timestampMs < revealEndsAtMs;
  ensure(inTime, 'VOTING_CLOSED', 'The time for reveals on this proposal is over.');
}
