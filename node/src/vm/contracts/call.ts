/** What a contract gets to work with. */
import type { CallArgs, CallType } from '../../protocol/calls.ts';
import type { AccountRecord } from '../../protocol/records.ts';
import type { Address, Amount, Hash } from '../../protocol/types.ts';
import type { BlockContext } from '../context.ts';
import { ensure } from '../errors.ts';
import type { StateDraft } from '../state/draft.ts';
import type { ContractEvents, EventName } from './events.ts';

/** The state to change, the block it happens in, and where to say what happened. */
export interface Effects {
  readonly draft: StateDraft;
  readonly block: BlockContext;
  emit<K extends EventName>(name: K, data: ContractEvents[K]): void;
}

/** One transaction's call. Nonce and gas are settled already. */
export interface Call<T extends CallType = CallType> extends Effects {
  readonly args: CallArgs[T];
  readonly sender: Address;
  /** Hash of the transaction. */
  readonly transaction: Hash;
  readonly evidence: readonly Hash[];
  /** Tokens that this transaction paid for its gas. */
  readonly fee: Amount;
}

export type Agent = NonNullable<AccountRecord['agent']>;

/** The sender as an agent. @throws ContractError NOT_AN_AGENT */
export function agentOf(call: Pick<Call, 'draft' | 'sender'>): Agent {
  const agent = call.draft.must('account', call.sender).agent;
  ensure(agent !== null, 'NOT_AN_AGENT', 'Only the account of an agent may make this call.');
  return agent;
}

/** @throws ContractError EVIDENCE_REQUIRED unless the blob travels with this transaction */
export function requireEvidence(call: Pick<Call, 'evidence'>, hash: Hash): void {
  ensure(
    call.evidence.includes(hash),
    'EVIDENCE_REQUIRED',
    'The evidence that the call names does not travel with it.',
  );
}
