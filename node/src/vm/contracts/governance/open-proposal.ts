/** A proposal opens for voting. Whose turn it is and what it may cite is the procedure's business, not governance's. */
import type { CallArgs } from '../../../protocol/calls.ts';
import { canonicalBytes } from '../../../protocol/canonical.ts';
import { hashBytes } from '../../../protocol/hashing.ts';
import type { PollRecord, ProposalRecord } from '../../../protocol/records.ts';
import type { Address, Amount, Hash } from '../../../protocol/types.ts';
import { ensure } from '../../errors.ts';
import { add } from '../../integers.ts';
import type { Effects } from '../call.ts';
import { paramsOf } from '../params/params.ts';
import { lockStake } from '../token/ledger.ts';
import { electorateOf } from './ballots.ts';
import { freshPoll } from './polls.ts';

/** The same claim by the same agent in another round is another proposal. */
export const proposalIdOf = (claim: {
  readonly incidentId: string;
  readonly round: number;
  readonly proposer: Address;
  readonly rootCause: string;
}): Hash =>
  hashBytes(
    canonicalBytes({
      incidentId: claim.incidentId,
      round: claim.round,
      proposer: claim.proposer,
      rootCause: claim.rootCause,
    }),
  );

/**
 * Locks the proposer's stake, takes the snapshot of the electorate and opens the vote: sealed proposals collect
 * commitments first, open ones collect votes until `commitEndsAtMs`.
 * @throws ContractError STAKE_BELOW_MINIMUM, STAKE_ABOVE_MAXIMUM, INSUFFICIENT_STAKE, AMOUNT_OVERFLOW
 */
export function openProposal(
  effects: Effects,
  proposer: Address,
  round: number,
  claim: CallArgs['propose_root_cause'],
): ProposalRecord {
  const { incidentId, rootCause, faultKind, probability, reason, cites, stake } = claim;
  requireProposalStake(effects, stake);
  const proposalId = proposalIdOf({ incidentId, round, proposer, rootCause });
  // The weights are those before the stake is locked: locking moves no stake, and the proposer has no vote anyway.
  const electorate = electorateOf(effects.draft, [proposer]);
  lockStake(effects, proposer, stake, 'proposal', { incidentId, proposalId });
  const proposal: ProposalRecord = {
    ...{ proposalId, incidentId, round, proposer, rootCause, faultKind, probability, reason, cites, stake },
    ...freshPoll,
    ...votingTerms(effects),
    ...{ electorate, escrow: [], withheldFrom: '', overturnedBy: '' },
  };
  effects.draft.set('proposal', proposal, proposalId);
  return proposal;
}

/** @throws ContractError STAKE_BELOW_MINIMUM, STAKE_ABOVE_MAXIMUM */
export function requireProposalStake({ draft }: Effects, stake: Amount): void {
  const { proposalStakeMin: least, confidence } = paramsOf(draft);
  ensure(stake >= least, 'STAKE_BELOW_MINIMUM', `A proposal stakes at least ${least}.`);
  const most = confidence.proposalStakeMax;
  ensure(stake <= most, 'STAKE_ABOVE_MAXIMUM', `A proposal stakes at most ${most}.`);
}

/** Phase, windows and thresholds of a vote about an incident that opens in this block. */
export function votingTerms(
  effects: Effects,
): Pick<PollRecord, 'status' | 'openedAtMs' | 'commitEndsAtMs' | 'revealEndsAtMs' | 'alpha' | 'beta'> {
  const { alpha, beta, votingMode, commitWindowMs, revealWindowMs } = paramsOf(effects.draft);
  const openedAtMs = effects.block.timestampMs;
  const commitEndsAtMs = add(openedAtMs, commitWindowMs);
  const sealed = votingMode === 'sealed';
  return {
    ...{ openedAtMs, commitEndsAtMs, alpha, beta },
    status: sealed ? 'committing' : 'voting',
    // A forecast until the reveal phase opens: its window counts from that block.
    revealEndsAtMs: sealed ? add(commitEndsAtMs, revealWindowMs) : commitEndsAtMs,
  };
}
