/** Motions: what the agents decide about their chain. They are voted on openly, with the weights of claims. */
import { canonicalBytes } from '../../../protocol/canonical.ts';
import { hashBytes } from '../../../protocol/hashing.ts';
import { changedParams, isParamProblem } from '../../../protocol/param-bounds.ts';
import type { MotionRecord } from '../../../protocol/records.ts';
import type { Hash } from '../../../protocol/types.ts';
import { ensure } from '../../errors.ts';
import { add } from '../../integers.ts';
import { agentOf, type Call } from '../call.ts';
import { paramsOf } from '../params/params.ts';
import { lockStake } from '../token/ledger.ts';
import { electorateOf, eligibleWeight } from './ballots.ts';
import { governmentOf } from './government.ts';
import { requireProposalStake } from './open-proposal.ts';
import { freshPoll } from './polls.ts';

/** The chain counts motions, so everybody can name them all. @param number from 1 on */
export const motionIdOf = (number: number): Hash => hashBytes(canonicalBytes({ motion: number }));

type MotionCall = Call<'propose_parameters'> | Call<'propose_spending'>;
type Subject = Pick<MotionRecord, 'kind' | 'changes' | 'to' | 'amount'>;

/**
 * Fails: NOT_AN_AGENT, PARAMETER_UNKNOWN, PARAMETER_OUT_OF_BOUNDS, PARAMETERS_INCONSISTENT, and as `openMotion`.
 * What is in bounds now is looked at again when it takes effect: another motion may have come first.
 */
export function proposeParameters(call: Call<'propose_parameters'>): void {
  agentOf(call);
  const { changes } = call.args;
  const result = changedParams(paramsOf(call.draft), changes);
  if (isParamProblem(result)) ensure(false, result.code, `${result.detail}.`);
  openMotion(call, { kind: 'parameters', changes, to: '', amount: 0 });
}

/** Fails: NOT_AN_AGENT, SPENDING_ABOVE_CAP, and as `openMotion`. */
export function proposeSpending(call: Call<'propose_spending'>): void {
  agentOf(call);
  const { to, amount } = call.args;
  const cap = paramsOf(call.draft).government.epochSpending;
  ensure(amount <= cap, 'SPENDING_ABOVE_CAP', `Motions may spend ${cap} in one epoch.`);
  openMotion(call, { kind: 'spending', changes: [], to, amount });
}

/** @throws ContractError MOTION_OPEN, STAKE_BELOW_MINIMUM, STAKE_ABOVE_MAXIMUM, INSUFFICIENT_STAKE */
function openMotion(call: MotionCall, subject: Subject): void {
  const { args, draft, sender, block } = call;
  const government = governmentOf(call);
  // One an agent: so there are never more of them open than agents.
  const own = government.open.some((id) => draft.must('motion', id).proposer === sender);
  ensure(!own, 'MOTION_OPEN', 'A motion of the sender is being voted on.');
  requireProposalStake(call, args.stake);
  const number = add(government.motions, 1);
  const proposalId = motionIdOf(number);
  const electorate = electorateOf(draft, [sender]);
  lockStake(call, sender, args.stake, 'motion', { incidentId: '', proposalId });
  const { alpha, beta, government: terms } = paramsOf(draft);
  const voteEndsAtMs = add(block.timestampMs, terms.motionWindowMs);
  const motion: MotionRecord = {
    ...{ proposalId, incidentId: '', number, proposer: sender, reason: args.reason, stake: args.stake },
    ...freshPoll,
    ...{ status: 'voting', openedAtMs: block.timestampMs, commitEndsAtMs: voteEndsAtMs, revealEndsAtMs: voteEndsAtMs },
    ...{ alpha, beta, electorate, enactment: '', enactedEpoch: 0 },
    ...subject,
  };
  draft.set('motion', motion, proposalId);
  draft.set('government', { ...government, motions: number, open: [...government.open, proposalId] });
  const eligible = eligibleWeight(motion);
  call.emit('MotionOpened', {
    ...{ proposalId, number, by: sender, reason: args.reason, eligible, voteEndsAtMs },
    ...subject,
  });
}
