/**
 * What a decided vote costs and earns (report, section 4.3; the figures are parameters).
 *
 * Passed: the proposer's reward and bounty, each supporter's reward and part of its gas go from the treasury into
 * escrow, reputation rises at once, opponents are fined. The locks of proposer and supporters stay until the challenge
 * window closes: their stake answers for the claim until then.
 * Rejected by votes: proposer and supporters are fined; opponents get nothing, as in the report. A tie, and a vote
 * without the participation that beta asks for, fines nobody: neither is a judgement. All locks go.
 * Either way a sealed vote that was never revealed forfeits its stake.
 *
 * Locks go before fines are taken, so that a vote's own stake answers for it; fines come in before rewards go out.
 */
import { INTEGER_MAX } from '../../../protocol/constants.ts';
import type { Params } from '../../../protocol/genesis.ts';
import type { ProposalRecord, VoteRecord } from '../../../protocol/records.ts';
import type { Address, Amount } from '../../../protocol/types.ts';
import { shareOf } from '../../integers.ts';
import type { Effects } from '../call.ts';
import type { EscrowReason } from '../events.ts';
import { paramsOf } from '../params/params.ts';
import { changeReputation, forfeitStake, penalise, releaseStake, reserve } from './ledger.ts';

interface EscrowEntry {
  readonly to: Address;
  readonly amount: Amount;
  readonly reason: EscrowReason;
}

/**
 * Settles a decided proposal whose votes are all in.
 * @param votes in the order of the electorate
 * @param rejectedByVotes for a rejected proposal: whether votes against it decided (`governance/decision.ts`)
 * @returns the proposal, settled; a rejected one is released too
 */
export function settle(
  effects: Effects,
  proposal: ProposalRecord,
  votes: readonly VoteRecord[],
  rejectedByVotes: boolean,
): ProposalRecord {
  for (const vote of votes) {
    if (vote.option === '') forfeitStake(effects, vote.voter, vote.stake, 'vote', proposalRef(proposal));
  }
  const cast = votes.filter(({ option }) => option !== '');
  if (proposal.status === 'passed') return settlePassed(effects, proposal, cast);
  settleRejected(effects, proposal, cast, rejectedByVotes);
  return { ...proposal, settled: true, released: true };
}

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const proposalRef = ({ incidentId, proposalId }: ProposalRecord) => ({ incidentId, proposalId });

function settlePassed(effects: Effects, proposal: ProposalRecord, votes: readonly VoteRecord[]): ProposalRecord {
  const { rewards, penalties } = paramsOf(effects.draft);
  const ref = proposalRef(proposal);
  for (const { voter, stake, option } of votes) {
    if (option === 'For') continue;
    releaseStake(effects, voter, stake, 'vote', ref);
    if (option !== 'Against') continue;
    const fine = { amount: penalties.opponent, points: penalties.opponentReputation };
    penalise(effects, voter, fine, 'opposed_passed', ref);
  }
  const supporters = votes.filter(({ option }) => option === 'For');
  changeReputation(effects, proposal.proposer, rewards.proposerReputation, 'proposal_passed', ref);
  for (const { voter } of supporters) {
    changeReputation(effects, voter, rewards.supporterReputation, 'supported_passed', ref);
  }
  const escrow = fillEscrow(effects, proposal, rewardsOf(proposal, supporters, rewards));
  return { ...proposal, escrow, settled: true };
}

function rewardsOf(
  proposal: ProposalRecord,
  supporters: readonly VoteRecord[],
  rewards: Params['rewards'],
): readonly EscrowEntry[] {
  return [
    { to: proposal.proposer, amount: rewards.proposer, reason: 'proposal_passed' },
    { to: proposal.proposer, amount: rewards.bounty, reason: 'bounty' },
    ...supporters.flatMap(({ voter, gasPaid }): readonly EscrowEntry[] => [
      { to: voter, amount: rewards.supporter, reason: 'supported_passed' },
      { to: voter, amount: shareOf(gasPaid, rewards.voteGasRebate, 1_000), reason: 'vote_gas' },
    ]),
  ];
}

/** Moves the rewards into escrow; a treasury that cannot fund them all pays each its floor share of what there is. */
function fillEscrow(
  effects: Effects,
  proposal: ProposalRecord,
  rewards: readonly EscrowEntry[],
): readonly EscrowEntry[] {
  const ref = proposalRef(proposal);
  // Parameters may ask for more than any integer here expresses, and a settlement must not fail.
  const wanted = rewards.reduce((total, { amount }) => total + BigInt(amount), 0n);
  const available = effects.draft.must('treasury').balance;
  const short = available < wanted;
  if (short) effects.emit('TreasuryShort', { wanted: Number(min(wanted, BigInt(INTEGER_MAX))), available, ...ref });
  const funded = short
    ? rewards.map((reward) => ({ ...reward, amount: shareOf(reward.amount, available, wanted) }))
    : rewards;
  const escrow = funded.filter(({ amount }) => amount > 0);
  for (const entry of escrow) {
    reserve(effects.draft, entry.amount);
    effects.emit('RewardEscrowed', { ...entry, ...ref });
  }
  return escrow;
}

function settleRejected(
  effects: Effects,
  proposal: ProposalRecord,
  votes: readonly VoteRecord[],
  rejectedByVotes: boolean,
): void {
  const { penalties } = paramsOf(effects.draft);
  const ref = proposalRef(proposal);
  releaseStake(effects, proposal.proposer, proposal.stake, 'proposal', ref);
  for (const { voter, stake } of votes) releaseStake(effects, voter, stake, 'vote', ref);
  if (!rejectedByVotes) return;
  const fine = { amount: penalties.rejectedProposer, points: penalties.rejectedProposerReputation };
  penalise(effects, proposal.proposer, fine, 'proposal_rejected', ref);
  for (const { voter, option } of votes) {
    if (option !== 'For') continue;
    const share = { amount: penalties.rejectedSupporter, points: penalties.rejectedSupporterReputation };
    penalise(effects, voter, share, 'supported_rejected', ref);
  }
}
