/**
 * What a decided challenge means for the challenger and for those who voted on it. Who voted with the verdict gets its
 * gas back, who voted against it is fined as an opponent is; but a supporter of a falsified claim has paid for that
 * opinion already. Unrevealed votes forfeit their stake once the time for reveals is over.
 */
import type { ChallengeRecord, ProposalRecord, VoteRecord } from '../../../protocol/records.ts';
import type { Address, Amount } from '../../../protocol/types.ts';
import type { Effects } from '../call.ts';
import { paramsOf } from '../params/params.ts';
import {
  changeReputation,
  credit,
  forfeitStake,
  type ProposalRef,
  payFromTreasury,
  penalise,
  releaseStake,
  takeLocked,
} from './ledger.ts';
import { recordPassing } from './standing.ts';

type Result = Exclude<ChallengeRecord['result'], ''>;

/** Movements of a challenge are told under its own id; the incident is the claim's. */
const refOf = ({ incidentId, proposalId }: ChallengeRecord): ProposalRef => ({ incidentId, proposalId });

/** Gas comes back out of the treasury, where it went: never more than was paid. */
function returnGas(effects: Effects, challenge: ChallengeRecord, to: Address, gasPaid: Amount): void {
  const amount = Math.min(gasPaid, effects.draft.must('treasury').balance);
  if (amount === 0) return;
  payFromTreasury(effects.draft, to, amount);
  const { proposalId: challengeId, claim: proposalId, incidentId } = challenge;
  effects.emit('ChallengeGas', { challengeId, to, amount, incidentId, proposalId });
}

function settleBond(effects: Effects, challenge: ChallengeRecord, claim: ProposalRecord, result: Result): void {
  const { proposer: challenger, stake, gasPaid } = challenge;
  const { falsification } = paramsOf(effects.draft);
  const ref = refOf(challenge);
  if (result !== 'failed') releaseStake(effects, challenger, stake, 'challenge', ref);
  if (result === 'upheld') {
    returnGas(effects, challenge, challenger, gasPaid);
    changeReputation(effects, challenger, falsification.challengerReputation, 'challenge_upheld', ref);
  }
  if (result !== 'failed') return;
  loseBond(effects, challenge, claim);
  changeReputation(effects, challenger, -falsification.failedChallengerReputation, 'challenge_failed', ref);
}

function loseBond(effects: Effects, challenge: ChallengeRecord, { proposer: to }: ProposalRecord): void {
  const { proposer: from, stake: amount, proposalId: challengeId } = challenge;
  if (paramsOf(effects.draft).falsification.failedBondTo === 'treasury') {
    forfeitStake(effects, from, amount, 'challenge', refOf(challenge));
    return;
  }
  takeLocked(effects.draft, from, amount);
  credit(effects.draft, to, amount);
  recordPassing(effects.draft, from, to, amount);
  const { incidentId, claim: proposalId } = challenge;
  effects.emit('BondPaid', { challengeId, from, to, amount, reason: 'challenge_failed', incidentId, proposalId });
}

function settleVoter(
  effects: Effects,
  challenge: ChallengeRecord,
  vote: VoteRecord,
  result: Result,
  isSlashed: boolean,
): void {
  const { voter, stake, option, gasPaid } = vote;
  const ref = refOf(challenge);
  const isLate = challenge.decidedBy === 'vote' && challenge.decidedAtMs >= challenge.revealEndsAtMs;
  if (option === '' && isLate) return forfeitStake(effects, voter, stake, 'vote', ref);
  releaseStake(effects, voter, stake, 'vote', ref);
  if (result === 'undecided' || option === '' || option === 'Abstain') return;
  if ((option === 'For') === (result === 'upheld')) return returnGas(effects, challenge, voter, gasPaid);
  // An outcome that cut the vote short judged the claim, not the voters: they were not done.
  if (isSlashed || challenge.decidedBy === 'outcome') return;
  const { opponent, opponentReputation } = paramsOf(effects.draft).penalties;
  const reason = result === 'upheld' ? 'opposed_upheld' : 'supported_failed';
  penalise(effects, voter, { amount: opponent, points: opponentReputation }, reason, ref);
}

/**
 * Settles a decided challenge.
 * @param supporters of the claim: slashed with it when the challenge is upheld
 */
export function settleChallenge(
  effects: Effects,
  challenge: ChallengeRecord,
  votes: readonly VoteRecord[],
  claim: ProposalRecord,
  result: Result,
  supporters: ReadonlySet<Address>,
): ChallengeRecord {
  for (const vote of votes) {
    settleVoter(effects, challenge, vote, result, result === 'upheld' && supporters.has(vote.voter));
  }
  settleBond(effects, challenge, claim, result);
  return { ...challenge, result, settled: true, released: true };
}
