/**
 * The end of a passed claim: it stands and is paid, or it ended without its challenge window ever closing and nobody is
 * paid or fined. What happens to a falsified claim is in `falsification.ts`.
 */
import type { ProposalRecord, VoteRecord } from '../../../protocol/records.ts';
import type { Amount } from '../../../protocol/types.ts';
import { addCapped, sum } from '../../integers.ts';
import type { Effects } from '../call.ts';
import type { EscrowReason, EventName } from '../events.ts';
import { paramsOf } from '../params/params.ts';
import { confidenceLoss } from './confidence.ts';
import { changeReputation, payFromEscrow, penalise, releaseStake, returnEscrow } from './ledger.ts';

const PAYMENT_EVENT = {
  proposal_passed: 'Reward',
  supported_passed: 'Reward',
  confidence: 'Reward',
  bounty: 'Bounty',
  vote_gas: 'GasRebate',
} as const satisfies Readonly<Record<EscrowReason, EventName>>;

/** Locks of the proposer and of both sides; those of abstainers went at settlement. */
function releaseLocks(effects: Effects, proposal: ProposalRecord, votes: readonly VoteRecord[]): void {
  const { incidentId, proposalId, proposer, stake } = proposal;
  releaseStake(effects, proposer, stake, 'proposal', { incidentId, proposalId });
  for (const { voter, stake: amount, option } of votes) {
    if (option !== 'For' && option !== 'Against') continue;
    releaseStake(effects, voter, amount, 'vote', { incidentId, proposalId });
  }
}

/**
 * Pays a settled claim's escrow out, moves reputation, fines opponents and frees the stakes. The entries stay on the
 * record: they were paid.
 */
export function payOut(effects: Effects, proposal: ProposalRecord, votes: readonly VoteRecord[]): ProposalRecord {
  const ref = { incidentId: proposal.incidentId, proposalId: proposal.proposalId };
  releaseLocks(effects, proposal, votes);
  for (const { to, amount, reason: text } of proposal.escrow) {
    const reason = text as EscrowReason; // only `settlement.ts` writes entries
    payFromEscrow(effects.draft, to, amount);
    effects.emit(PAYMENT_EVENT[reason], { to, amount, reason, ...ref });
  }
  const params = paramsOf(effects.draft);
  const { rewards, penalties } = params;
  const { proposer, withheldFrom } = proposal;
  if (proposer !== withheldFrom) {
    changeReputation(effects, proposer, rewards.proposerReputation, 'proposal_passed', ref);
  }
  for (const { voter, option, stake } of votes) {
    if (option === 'For' && voter !== withheldFrom) {
      changeReputation(effects, voter, rewards.supporterReputation, 'supported_passed', ref);
    }
    if (option !== 'Against') continue;
    const more = confidenceLoss(params, stake, 'voteStakeMin');
    const fine = { amount: addCapped(penalties.opponent, more), points: penalties.opponentReputation };
    penalise(effects, voter, fine, 'opposed_passed', ref);
  }
  return { ...proposal, released: true };
}

/** Returns a settled claim's escrow to the treasury and frees the stakes; no entry stays. */
export function takeBack(
  effects: Effects,
  proposal: ProposalRecord,
  votes: readonly VoteRecord[],
): { readonly proposal: ProposalRecord; readonly returned: Amount } {
  const returned = sum(proposal.escrow.map(({ amount }) => amount));
  returnEscrow(effects.draft, returned);
  releaseLocks(effects, proposal, votes);
  return { proposal: { ...proposal, escrow: [], released: true }, returned };
}
