import { ensure } from '../../errors.ts';
import { add, subtract } from '../../integers.ts';
import type { Call } from '../call.ts';
import { freeStake } from './ledger.ts';

/** Balance to free stake. Fails: INSUFFICIENT_BALANCE. */
export function stake(call: Call<'stake'>): void {
  const { amount } = call.args;
  const account = call.draft.must('account', call.sender);
  ensure(account.balance >= amount, 'INSUFFICIENT_BALANCE', `The balance is ${account.balance}, not ${amount}.`);
  const next = { ...account, balance: subtract(account.balance, amount), stake: add(account.stake, amount) };
  call.draft.set('account', next, call.sender);
  call.emit('Staked', { address: call.sender, amount, stake: next.stake });
}

/** Free stake to balance; what claims and votes hold locked stays. Fails: INSUFFICIENT_STAKE. */
export function unstake(call: Call<'unstake'>): void {
  const { amount } = call.args;
  const account = call.draft.must('account', call.sender);
  const free = freeStake(account);
  ensure(free >= amount, 'INSUFFICIENT_STAKE', `The free stake is ${free}, not ${amount}.`);
  const next = { ...account, balance: add(account.balance, amount), stake: subtract(account.stake, amount) };
  call.draft.set('account', next, call.sender);
  call.emit('Unstaked', { address: call.sender, amount, stake: next.stake });
}
