import { type Hash, type Params, type VoteOption, voteCommitment } from '@dao-gov/node/protocol';
import { voteStake } from '../../core/auto-stake.ts';
import { sentences } from '../../core/evidence/text.ts';
import type { Intent } from '../../core/intent.ts';
import { pollOf } from '../../core/vote-duties.ts';
import { optionBehind } from '../../core/wallet.ts';
import { DutyError, type DutyOf, type Procedure, type ProcedureContext } from './procedure.ts';

/** Judges a claim, or a challenge of it, and votes, sealed or open as the poll wants it. */
export const vote: Procedure<DutyOf<'vote'>> = async (duty, context) => {
  const { proposalId, status } = pollOf(duty);
  const { option, confidence, reason: words } = await context.decide(purposeOf(duty));
  const reason = sentences(words);
  const transcript = context.transcript();
  const stake = await stakeFor(context, context.params, confidence);
  if (status === 'voting') {
    const args = { proposalId, stake, option, reason };
    return { intent: { type: 'vote', args, evidence: [transcript] } };
  }
  context.ballots.set(proposalId, { option, reason, transcript });
  return { intent: sealed(context, proposalId, option, stake) };
};

const purposeOf = ({ challenge }: DutyOf<'vote'> | DutyOf<'reveal_vote'>) => (challenge ? 'vote_challenge' : 'vote');

async function stakeFor(context: ProcedureContext, { voteStakeMin }: Params, confidence: number): Promise<number> {
  return voteStake(await context.autoStake(voteStakeMin), voteStakeMin, confidence);
}

/** No evidence travels with a commitment: the transcript would tell what is sealed. */
function sealed(
  { ledger, address, saltOf }: ProcedureContext,
  proposalId: Hash,
  option: VoteOption,
  stake: number,
): Intent {
  const commitment = voteCommitment(ledger.chainId, proposalId, address, option, saltOf(proposalId));
  return { type: 'vote', args: { proposalId, stake, commitment }, evidence: [] };
}

/** Opens the sealed vote. After a crash the option is found again from the commitment, and its reason thought anew. */
export const revealVote: Procedure<DutyOf<'reveal_vote'>> = async (duty, context) => {
  const { proposalId } = pollOf(duty);
  const salt = context.saltOf(proposalId);
  const option = optionBehind(duty.vote.commitment, {
    chainId: context.ledger.chainId,
    proposalId,
    voter: context.address,
    salt,
  });
  if (option === undefined) throw new DutyError('REVEAL_MISMATCH', 'the commitment was not made with this wallet');
  const { reason, transcript } = await ballotOf(context, duty, option);
  return { intent: { type: 'reveal_vote', args: { proposalId, option, salt, reason }, evidence: [transcript] } };
};

async function ballotOf(context: ProcedureContext, duty: DutyOf<'reveal_vote'>, option: VoteOption) {
  const known = context.ballots.get(pollOf(duty).proposalId);
  if (known?.option === option) return known;
  const again = await context.decide(purposeOf(duty));
  const transcript = context.transcript();
  if (again.option === option) return { reason: sentences(again.reason), transcript };
  const reason = {
    en: `I committed to ${option} before a restart; looking again I would say ${again.option}: ${again.reason.en}`,
    zh: `重启前已承诺投 ${option}；重新判断倾向为 ${again.option}：${again.reason.zh}`,
  };
  return { reason: sentences(reason), transcript };
}
