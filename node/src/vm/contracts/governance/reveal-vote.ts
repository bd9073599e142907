import { voteCommitment } from '../../../protocol/hashing.ts';
import type { PollRecord } from '../../../protocol/records.ts';
import { ensure } from '../../errors.ts';
import { add } from '../../integers.ts';
import type { Call } from '../call.ts';
import { counted } from './ballots.ts';
import { pollOf, updatePoll } from './polls.ts';

/**
 * Opens a sealed vote. After an early decision a reveal still counts for the settlement (a commitment that stays
 * sealed forfeits its stake), but no longer for the outcome.
 * Fails: NO_PROPOSAL, VOTE_WRONG_MODE, VOTE_WRONG_PHASE, VOTING_CLOSED, REVEAL_WITHOUT_COMMIT, REVEAL_DUPLICATE,
 * REVEAL_MISMATCH.
 */
export function revealVote(call: Call<'reveal_vote'>): void {
  const { draft, sender: voter, block } = call;
  const { proposalId, option, salt, reason } = call.args;
  const poll = pollOf(draft, proposalId);
  requireRevealPhase(call, poll.record);
  const sealed = draft.get('vote', proposalId, voter);
  ensure(sealed !== undefined, 'REVEAL_WITHOUT_COMMIT', 'The sender has committed to nothing here.');
  ensure(sealed.option === '', 'REVEAL_DUPLICATE', 'The sender has revealed this vote already.');
  const commitment = voteCommitment(block.chainId, proposalId, voter, option, salt);
  ensure(commitment === sealed.commitment, 'REVEAL_MISMATCH', 'Option and salt do not give the commitment.');
  const gasPaid = add(sealed.gasPaid, call.fee);
  const evidence = [...sealed.evidence, ...call.evidence];
  draft.set('vote', { ...sealed, option, reason, gasPaid, evidence }, proposalId, voter);
  updatePoll(draft, poll, counted(poll.record, option, sealed.weight));
  const { incidentId } = poll.record;
  call.emit('VoteRevealed', { voter, weight: sealed.weight, option, reason, incidentId, proposalId });
}

function requireRevealPhase(call: Call<'reveal_vote'>, proposal: PollRecord): void {
  const { status, settled, revealEndsAtMs } = proposal;
  ensure(status !== 'voting', 'VOTE_WRONG_MODE', 'This vote is open: there is nothing to reveal.');
  ensure(status !== 'committing', 'VOTE_WRONG_PHASE', 'The commitments are still being collected.');
  const inTime = !settled && call.block.timestampMs < revealEndsAtMs;
  ensure(inTime, 'VOTING_CLOSED', 'The time for reveals on this proposal is over.');
}
