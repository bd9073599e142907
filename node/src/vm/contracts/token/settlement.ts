/**
 * What a decided vote on a claim costs and earns (report, section 4.3; the figures are parameters).
 *
 * Passed: the rewards of proposer and supporters go from the treasury into escrow. Nothing else moves yet: a claim that
 * passed may still be falsified, so fines of opponents, reputation and the locks of both sides wait for the release.
 * Rejected by votes: proposer and supporters are fined; opponents get nothing, as in the report. A tie, and a vote
 * without the participation that beta asks for, fines nobody: neither is a judgement. All locks go.
 * Either way a sealed vote that was never revealed forfeits its stake.
 *
 * Locks go before fines are taken, so that a vote's own stake answers for it.
 */
import { INTEGER_MAX } from '../../../protocol/constants.ts';
import type { Params } from '../../../protocol/genesis.ts';
import type { IncidentRecord, ProposalRecord, VoteRecord } from '../../../protocol/records.ts';
import type { Address, Amount } from '../../../protocol/types.ts';
import { addCapped, shareOf } from '../../integers.ts';
import type { Effects } from '../call.ts';
import type { EscrowReason } from '../events.ts';
import { paramsOf } from '../params/params.ts';
import { countPaid, payable } from './budget.ts';
import { confidenceBonus, confidenceLoss } from './confidence.ts';
import { forfeitStake, penalise, releaseStake, reserve } from './ledger.ts';

interface EscrowEntry {
  readonly to: Address;
  readonly amount: Amount;
  readonly reason: EscrowReason;
}

/**
 * Settles a decided claim whose votes are all in.
 * @param votes in the order of the electorate
 * @param rejectedByVotes for a rejected claim: whether votes against it decided (`governance/decision.ts`)
 * @returns the claim, settled; a rejected one is released too
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

/** The only observer of the incident's alert; empty when a second agent saw the same. */
export function soleObserver(effects: Effects, { alertId }: Pick<IncidentRecord, 'alertId'>): Address | '' {
  const [first, ...others] = effects.draft.must('alert', alertId).observers;
  return first !== undefined && others.length === 0 ? first : '';
}

function settlePassed(effects: Effects, proposal: ProposalRecord, votes: readonly VoteRecord[]): ProposalRecord {
  const ref = proposalRef(proposal);
  const supporters = votes.filter(({ option }) => option === 'For');
  for (const { voter, stake, option } of votes) {
    if (option === 'Abstain') releaseStake(effects, voter, stake, 'vote', ref);
  }
  const own = soleObserver(effects, effects.draft.must('incident', proposal.incidentId));
  const earners = [proposal.proposer, ...supporters.map(({ voter }) => voter)];
  if (earners.includes(own)) effects.emit('RewardWithheld', { address: own, reason: 'own_incident', ...ref });
  const rewards = [
    ...proposerRewards(proposal, paramsOf(effects.draft)).filter(({ to }) => to !== own),
    ...supporters.flatMap((vote) => supporterRewards(vote, paramsOf(effects.draft), vote.voter === own)),
  ];
  const escrow = fillEscrow(effects, proposal, rewards);
  return { ...proposal, escrow, settled: true, withheldFrom: own };
}

function proposerRewards({ proposer: to, stake }: ProposalRecord, params: Params): readonly EscrowEntry[] {
  return [
    { to, amount: params.rewards.proposer, reason: 'proposal_passed' },
    { to, amount: params.rewards.bounty, reason: 'bounty' },
    { to, amount: confidenceBonus(params, stake, 'proposalStakeMin'), reason: 'confidence' },
  ];
}

/** Who judged its own incident gets all its gas back and nothing else: honest or not, it neither gains nor loses. */
function supporterRewards(
  { voter: to, gasPaid, stake }: VoteRecord,
  params: Params,
  own: boolean,
): readonly EscrowEntry[] {
  if (own) return [{ to, amount: gasPaid, reason: 'vote_gas' }];
  return [
    { to, amount: params.rewards.supporter, reason: 'supported_passed' },
    { to, amount: shareOf(gasPaid, params.rewards.voteGasRebate, 1_000), reason: 'vote_gas' },
    { to, amount: confidenceBonus(params, stake, 'voteStakeMin'), reason: 'confidence' },
  ];
}

/** Moves the rewards into escrow; what cannot be funded in full pays each its floor share of what there is. */
function fillEscrow(
  effects: Effects,
  proposal: ProposalRecord,
  rewards: readonly EscrowEntry[],
): readonly EscrowEntry[] {
  const ref = proposalRef(proposal);
  // Parameters may ask for more than any integer here expresses, and a settlement must not fail.
  const wanted = rewards.reduce((total, { amount }) => total + BigInt(amount), 0n);
  const available = payable(effects);
  const short = available < wanted;
  if (short) effects.emit('TreasuryShort', { wanted: Number(min(wanted, BigInt(INTEGER_MAX))), available, ...ref });
  const funded = short
    ? rewards.map((reward) => ({ ...reward, amount: shareOf(reward.amount, available, wanted) }))
    : rewards;
  const escrow = funded.filter(({ amount }) => amount > 0);
  for (const entry of escrow) {
    reserve(effects.draft, entry.amount);
    countPaid(effects, entry.amount);
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
  const params = paramsOf(effects.draft);
  const { penalties } = params;
  const ref = proposalRef(proposal);
  releaseStake(effects, proposal.proposer, proposal.stake, 'proposal', ref);
  for (const { voter, stake } of votes) releaseStake(effects, voter, stake, 'vote', ref);
  if (!rejectedByVotes) return;
  const loss = confidenceLoss(params, proposal.stake, 'proposalStakeMin');
  const fine = { amount: addCapped(penalties.rejectedProposer, loss), points: penalties.rejectedProposerReputation };
  penalise(effects, proposal.proposer, fine, 'proposal_rejected', ref);
  for (const { voter, option, stake } of votes) {
    if (option !== 'For') continue;
    const more = confidenceLoss(params, stake, 'voteStakeMin');
    const share = {
      amount: addCapped(penalties.rejectedSupporter, more),
      points: penalties.rejectedSupporterReputation,
    };
    penalise(effects, voter, share, 'supported_rejected', ref);
  }
}
