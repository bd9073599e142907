import { paramValue } from '@dao-gov/node/protocol';
import { voteStake } from '../../core/auto-stake.ts';
import { sentences } from '../../core/evidence/text.ts';
import { judgeMotion } from '../../core/judge-motion.ts';
import { DutyError, type DutyOf, type Procedure } from './procedure.ts';

/** Votes on a motion. What the policy does not support, no reasoner can; what it supports, one may still doubt. */
export const voteOnMotion: Procedure<DutyOf<'vote_motion'>> = async ({ motion }, context) => {
  const { address, ledger, params, policy } = context;
  const [account, treasury] = await Promise.all([ledger.account(address), ledger.treasury()]);
  if (account === undefined) throw new DutyError('INSUFFICIENT_BALANCE', 'this wallet has no account');
  const judged = judgeMotion(motion, { self: address, account, params, treasury, policy: policy.motions });
  const { kind, to, amount, reason, changes } = motion;
  const reasoned = await context.decide('vote_motion', {
    motion: {
      ...{ kind, to, amount, reason: reason.en, treasury: treasury.balance, policy: judged },
      changes: changes.map(({ name, value }) => ({ name, value, from: paramValue(params, name) ?? null })),
    },
  });
  const option = judged.option === 'For' ? reasoned.option : judged.option;
  const words = option === reasoned.option ? reasoned.reason : judged.reason;
  // Nothing is won or lost here but the gas: the least stake does.
  const stake = voteStake(await context.autoStake(params.voteStakeMin), params.voteStakeMin, 0);
  const args = { proposalId: motion.proposalId, stake, option, reason: sentences(words) };
  return { intent: { type: 'vote', args, evidence: [context.transcript()] } };
};
