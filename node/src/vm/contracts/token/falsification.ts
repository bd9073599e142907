/**
 * What it costs to be falsified, and what it earns to falsify (issue: one penalty per offence).
 *
 * Overturned, by a challenge or by the outcome: the escrow goes back to the treasury; the proposer's stake is burned;
 * each supporter loses a share of its stake; who had opposed the claim is free and gains reputation. A challenger is
 * paid out of the supporters' losses, but never more than the proposer's stake that burned: so a proposer who
 * challenges itself through another account can only lose. The rest of the losses burns too.
 * A challenge that failed costs its bond. A tie or missing participation decides nothing and costs nothing.
 */
import type { ChallengeRecord, ProposalRecord, VoteRecord } from '../../../protocol/records.ts';
import type { Address, Amount } from '../../../protocol/types.ts';
import { add, shareOf, subtract, sum } from '../../integers.ts';
import type { Effects } from '../call.ts';
import type { OutcomeReason } from '../events.ts';
import { paramsOf } from '../params/params.ts';
import { changeReputation, changeTreasury, credit, releaseStake, returnEscrow, takeLocked } from './ledger.ts';
import { recordPassing } from './standing.ts';

const refOf = ({ incidentId, proposalId }: ProposalRecord) => ({ incidentId, proposalId });

function slash(
  effects: Effects,
  claim: ProposalRecord,
  address: Address,
  loss: { readonly amount: Amount; readonly points: number; readonly reason: OutcomeReason },
): void {
  const { amount, points, reason } = loss;
  takeLocked(effects.draft, address, amount);
  effects.emit('StakeSlashed', { address, amount, reason, ...refOf(claim) });
  changeReputation(effects, address, -points, reason, refOf(claim));
}

interface Loss {
  readonly voter: Address;
  readonly amount: Amount;
}

/** @returns what each supporter lost */
function slashSupporters(effects: Effects, claim: ProposalRecord, votes: readonly VoteRecord[]): readonly Loss[] {
  const { supporterLoss, supporterReputation: points } = paramsOf(effects.draft).falsification;
  return votes
    .filter(({ option }) => option === 'For')
    .map(({ voter, stake }) => {
      const amount = shareOf(stake, supporterLoss, 1_000);
      slash(effects, claim, voter, { amount, points, reason: 'supported_overturned' });
      releaseStake(effects, voter, subtract(stake, amount), 'vote', refOf(claim));
      return { voter, amount };
    });
}

/** Pays the challenger out of the losses. @returns what it got */
function rewardChallenger(
  effects: Effects,
  claim: ProposalRecord,
  { proposer: to, proposalId: challengeId }: ChallengeRecord,
  losses: readonly Loss[],
): Amount {
  const { toChallenger } = paramsOf(effects.draft).falsification;
  const lost = sum(losses.map(({ amount }) => amount));
  const amount = Math.min(shareOf(lost, toChallenger, 1_000), claim.stake);
  if (amount === 0) return 0;
  credit(effects.draft, to, amount);
  // Rounded up: whoever passed tokens on never appears to have lost them.
  for (const loss of losses) {
    const passed = Math.min(loss.amount, add(shareOf(loss.amount, amount, lost), 1));
    recordPassing(effects.draft, loss.voter, to, passed);
  }
  effects.emit('ChallengeReward', { challengeId, to, amount, reason: 'challenge_upheld', ...refOf(claim) });
  return amount;
}

/**
 * Falsifies a settled claim.
 * @param challenge the upheld one; undefined when the outcome alone said so
 * @returns the claim, and what went back to the treasury
 */
export function overturnClaim(
  effects: Effects,
  claim: ProposalRecord,
  votes: readonly VoteRecord[],
  challenge: ChallengeRecord | undefined,
): { readonly claim: ProposalRecord; readonly returned: Amount } {
  const { draft } = effects;
  const { proposerReputation: points } = paramsOf(draft).falsification;
  const { supporterReputation } = paramsOf(draft).rewards;
  const returned = sum(claim.escrow.map(({ amount }) => amount));
  returnEscrow(draft, returned);
  slash(effects, claim, claim.proposer, { amount: claim.stake, points, reason: 'claim_overturned' });
  const losses = slashSupporters(effects, claim, votes);
  for (const { voter, stake } of votes.filter(({ option }) => option === 'Against')) {
    releaseStake(effects, voter, stake, 'vote', refOf(claim));
    changeReputation(effects, voter, supporterReputation, 'opposed_overturned', refOf(claim));
  }
  const paid = challenge ? rewardChallenger(effects, claim, challenge, losses) : 0;
  const burned = add(claim.stake, subtract(sum(losses.map(({ amount }) => amount)), paid));
  changeTreasury(draft, (treasury) => ({ burned: add(treasury.burned, burned) }));
  effects.emit('TokensBurned', { amount: burned, ...refOf(claim) });
  return { claim: { ...claim, status: 'overturned', escrow: [], released: true }, returned };
}
