/**
 * Motions in the block's own phase: votes decide them, and what passed takes effect when the next epoch begins, in the
 * order in which it passed, never within an epoch. Each is looked at again at that moment: parameters must still be in
 * bounds together with what was enacted before, and spending must fit the epoch's cap (or wait for the next) and the
 * treasury.
 */

import type { FailureCode } from '../../../protocol/errors.ts';
import { changedParams, isParamProblem, paramValue } from '../../../protocol/param-bounds.ts';
import type { MotionRecord, ParamChange } from '../../../protocol/records.ts';
import type { Address, Hash } from '../../../protocol/types.ts';
import { add } from '../../integers.ts';
import type { Effects } from '../call.ts';
import { epochOf, isEpochBoundary } from '../params/epoch.ts';
import { paramsOf } from '../params/params.ts';
import { payFromTreasury, releaseStake } from '../token/ledger.ts';
import { advancePoll } from './advance.ts';
import { votesOf } from './ballots.ts';
import { governmentOf } from './government.ts';

/** @param hasRoom whether the block's receipt holds the events of another turn */
export function advanceGovernment(effects: Effects, hasRoom: () => boolean): void {
  for (const id of effects.draft.get('government')?.open ?? []) {
    if (!hasRoom()) return;
    advanceMotion(effects, id);
  }
  turnEpoch(effects, hasRoom);
}

function advanceMotion(effects: Effects, id: Hash): void {
  const { draft } = effects;
  const before = draft.must('motion', id);
  const votes = votesOf(draft, before);
  const decided = advancePoll(effects, before, votes);
  if (decided === before) return;
  const passed = decided.status === 'passed';
  const ref = { incidentId: '', proposalId: id };
  releaseStake(effects, decided.proposer, decided.stake, 'motion', ref);
  for (const { voter, stake } of votes) releaseStake(effects, voter, stake, 'vote', ref);
  draft.set('motion', { ...decided, settled: true, released: true, enactment: passed ? 'waiting' : '' }, id);
  const government = governmentOf(effects);
  const open = government.open.filter((other) => other !== id);
  draft.set('government', { ...government, open, waiting: passed ? [...government.waiting, id] : government.waiting });
  effects.emit('MotionDecided', { proposalId: id, number: decided.number, passed });
}

/** The sums of the old epoch end, and what had passed in it takes effect. */
function turnEpoch(effects: Effects, hasRoom: () => boolean): void {
  const { draft } = effects;
  const known = draft.get('government');
  if (known === undefined || !hasRoom() || !isEpochBoundary(effects, known.epoch)) return;
  draft.set('government', { ...known, epoch: epochOf(effects), spent: 0, rewarded: 0 });
  for (const id of known.waiting) enact(effects, draft.must('motion', id));
}

function enact(effects: Effects, motion: MotionRecord): void {
  if (motion.kind === 'parameters') enactParameters(effects, motion);
  else enactSpending(effects, motion);
}

function enactParameters(effects: Effects, motion: MotionRecord): void {
  const before = paramsOf(effects.draft);
  const after = changedParams(before, motion.changes);
  if (isParamProblem(after)) return refuse(effects, motion, after.code);
  effects.draft.set('params', after);
  const changes = motion.changes.map(({ name, value }): ParamChange & { readonly from: number | string } => ({
    ...{ name, value, from: paramValue(before, name) },
  }));
  finish(effects, motion, 'enacted');
  effects.emit('ParametersChanged', { proposalId: motion.proposalId, epoch: epochOf(effects), changes });
}

function enactSpending(effects: Effects, motion: MotionRecord): void {
  const { amount, proposalId } = motion;
  const to: Address = motion.to; // a spending motion names somebody
  const { draft } = effects;
  const cap = paramsOf(draft).government.epochSpending;
  if (amount > cap) return refuse(effects, motion, 'SPENDING_ABOVE_CAP');
  const government = governmentOf(effects);
  // What does not fit beside the others waits for an epoch of its own.
  if (add(government.spent, amount) > cap) return;
  if (draft.must('treasury').balance < amount) return refuse(effects, motion, 'INSUFFICIENT_BALANCE');
  payFromTreasury(draft, to, amount);
  draft.set('government', { ...government, spent: add(government.spent, amount) });
  finish(effects, motion, 'enacted');
  effects.emit('TreasurySpent', { proposalId, epoch: epochOf(effects), to, amount });
}

function refuse(effects: Effects, motion: MotionRecord, code: FailureCode): void {
  finish(effects, motion, 'refused');
  effects.emit('MotionRefused', { proposalId: motion.proposalId, epoch: epochOf(effects), code });
}

function finish(effects: Effects, motion: MotionRecord, enactment: 'enacted' | 'refused'): void {
  const { draft } = effects;
  draft.set('motion', { ...motion, enactment, enactedEpoch: epochOf(effects) }, motion.proposalId);
  const government = governmentOf(effects);
  draft.set('government', { ...government, waiting: government.waiting.filter((id) => id !== motion.proposalId) });
}
