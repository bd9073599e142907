/** What the treasury may still pay for incidents in this epoch. However many are opened, it is not emptied at once. */
import type { Amount } from '../../../protocol/types.ts';
import { add } from '../../integers.ts';
import type { Effects } from '../call.ts';
import { governmentOf } from '../governance/government.ts';
import { paramsOf } from '../params/params.ts';

export function payable(effects: Effects): Amount {
  const { rewarded } = governmentOf(effects);
  const left = Math.max(0, paramsOf(effects.draft).work.epochBudget - rewarded);
  return Math.min(effects.draft.must('treasury').balance, left);
}

/** Counts a payment, or a reservation, against the budget. What comes back unused is not counted back. */
export function countPaid(effects: Effects, amount: Amount): void {
  if (amount === 0) return;
  const government = governmentOf(effects);
  effects.draft.set('government', { ...government, rewarded: add(government.rewarded, amount) });
}
