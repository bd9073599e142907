import { ensure } from '../../errors.ts';
import type { Call } from '../call.ts';
import { credit, debit } from './ledger.ts';
import { recordPassing } from './standing.ts';

/** Moves tokens between balances. A new address gets an account. Fails: SELF_TRANSFER, INSUFFICIENT_BALANCE. */
export function transfer(call: Call<'transfer'>): void {
  const { to, amount } = call.args;
  ensure(to !== call.sender, 'SELF_TRANSFER', 'A transfer to oneself moves nothing.');
  const { balance } = call.draft.must('account', call.sender);
  ensure(balance >= amount, 'INSUFFICIENT_BALANCE', `The balance is ${balance}, not ${amount}.`);
  debit(call.draft, call.sender, amount);
  credit(call.draft, to, amount);
  recordPassing(call.draft, call.sender, to, amount);
  call.emit('Transferred', { from: call.sender, to, amount });
}
