import type { VoteRecord } from '../../../protocol/records.ts';
import { ensure } from '../../errors.ts';
import type { Call } from '../call.ts';
import { paramsOf } from '../params/params.ts';
import { lockStake } from '../token/ledger.ts';
import { counted } from './ballots.ts';
import { type Poll, pollOf, updatePoll } from './polls.ts';

/**
 * A sealed commitment, or an open vote, with its stake locked.
 * Fails: NO_PROPOSAL, VOTING_CLOSED, VOTE_OWN_PROPOSAL, VOTE_OWN_CHALLENGE, VOTE_NOT_ELIGIBLE, VOTE_DUPLICATE,
 * VOTE_WRONG_MODE, STAKE_BELOW_MINIMUM, STAKE_ABOVE_MAXIMUM, INSUFFICIENT_STAKE.
 */
export function vote(call: Call<'vote'>): void {
  const { args, draft, sender: voter } = call;
  const { proposalId, stake } = args;
  const poll = pollOf(draft, proposalId);
  const weight = requireBallot(call, poll);
  const { voteStakeMin, confidence } = paramsOf(draft);
  ensure(stake >= voteStakeMin, 'STAKE_BELOW_MINIMUM', `A vote stakes at least ${voteStakeMin}.`);
  const most = confidence.voteStakeMax;
  ensure(stake <= most, 'STAKE_ABOVE_MAXIMUM', `A vote stakes at most ${most}.`);
  const ref = { incidentId: poll.record.incidentId, proposalId };
  lockStake(call, voter, stake, 'vote', ref);
  draft.set('vote', voteRecordOf(call, weight), proposalId, voter);
  if ('commitment' in args) {
    call.emit('VoteCommitted', { voter, weight, stake, commitment: args.commitment, ...ref });
    return;
  }
  const { option, reason } = args;
  updatePoll(draft, poll, counted(poll.record, option, weight));
  call.emit('VoteCast', { voter, weight, stake, option, reason, ...ref });
}

/** The sender may vote now, in this form, and has not yet. @returns the weight of the snapshot */
function requireBallot(call: Call<'vote'>, { kind, record: proposal }: Poll): number {
  const { args, draft, sender, block } = call;
  const sealed = proposal.status === 'committing';
  const inTime = (sealed || proposal.status === 'voting') && block.timestampMs < proposal.commitEndsAtMs;
  ensure(inTime, 'VOTING_CLOSED', 'The time for votes on this proposal is over.');
  const own = proposal.proposer === sender;
  ensure(!own || kind !== 'challenge', 'VOTE_OWN_CHALLENGE', 'A challenger does not vote on its own challenge.');
  ensure(!own, 'VOTE_OWN_PROPOSAL', 'A proposer does not vote on its own proposal.');
  const place = proposal.electorate.find(({ address }) => address === sender);
  ensure(place !== undefined, 'VOTE_NOT_ELIGIBLE', 'The sender is not in the electorate of this proposal.');
  const earlier = draft.get('vote', proposal.proposalId, sender);
  ensure(earlier === undefined, 'VOTE_DUPLICATE', 'The sender has voted on this proposal already.');
  const wanted = sealed ? 'This vote is sealed: send a commitment first.' : 'This vote is open: send the option.';
  ensure('commitment' in args === sealed, 'VOTE_WRONG_MODE', wanted);
  return place.weight;
}

function voteRecordOf({ args, sender, block, fee, evidence }: Call<'vote'>, weight: number): VoteRecord {
  const { proposalId, stake } = args;
  const common = { proposalId, voter: sender, weight, stake, castAtMs: block.timestampMs, gasPaid: fee, evidence };
  return 'commitment' in args
    ? { ...common, commitment: args.commitment, option: '', reason: null }
    : { ...common, commitment: '', option: args.option, reason: args.reason };
}
