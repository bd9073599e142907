/**
 * The end of a passed proposal's escrow: paid out when nobody could overturn the claim, returned when the incident
 * ended without its challenge window ever closing.
 */
import type { ProposalRecord, VoteRecord } from '../../../protocol/records.ts';
import type { Amount } from '../../../protocol/types.ts';
import { sum } from '../../integers.ts';
import type { Effects } from '../call.ts';
import type { EscrowReason, EventName } from '../events.ts';
import { payFromEscrow, releaseStake, returnEscrow } from './ledger.ts';

const PAYMENT_EVENT = {
  proposal_passed: 'Reward',
  supported_passed: 'Reward',
  bounty: 'Bounty',
  vote_gas: 'GasRebate',
} as const satisfies Readonly<Record<EscrowReason, EventName>>;

/** Locks of the proposer and the supporters: all others went at settlement. */
function releaseLocks(effects: Effects, proposal: ProposalRecord, votes: readonly VoteRecord[]): void {
  const { incidentId, proposalId, proposer, stake } = proposal;
  releaseStake(effects, proposer, stake, 'proposal', { incidentId, proposalId });
  for (const vote of votes) {
    if (vote.option === 'For') releaseStake(effects, vote.voter, vote.stake, 'vote', { incidentId, proposalId });
  }
}

/** Pays a settled proposal's escrow out and frees the stakes. The entries stay on the record: they were paid. */
export function payOut(effects: Effects, proposal: ProposalRecord, votes: readonly VoteRecord[]): ProposalRecord {
  const { incidentId, proposalId } = proposal;
  for (const { to, amount, reason: text } of proposal.escrow) {
    const reason = text as EscrowReason; // only `settlement.ts` writes entries
    payFromEscrow(effects.draft, to, amount);
    effects.emit(PAYMENT_EVENT[reason], { to, amount, reason, incidentId, proposalId });
  }
  releaseLocks(effects, proposal, votes);
  return { ...proposal, released: true };
}

/** Returns a settled proposal's escrow to the treasury and frees the stakes; no entry stays. */
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
