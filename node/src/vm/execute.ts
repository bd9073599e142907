/**
 * `execute(parent, context, transactions)`: the one function that turns a block into a state. Proposer and validators
 * run it alike and compare roots. It reads nothing but its arguments. Signatures are not checked here: the host has
 * done that (`admission.ts`), once a transaction and not once a block.
 */
import { AdmissionError } from '../protocol/errors.ts';
import { intrinsicGas } from '../protocol/gas.ts';
import {
  evidenceRootOf,
  receiptHash,
  receiptsRootOf,
  transactionHash,
  transactionsRootOf,
} from '../protocol/hashing.ts';
import { type Hash, type Receipt, type Transaction, ZERO_HASH } from '../protocol/types.ts';
import { checkAgainstAccount, type DecodedCall, decodeCall } from './admission.ts';
import type { BlockContext } from './context.ts';
import { perform } from './contracts/dispatch.ts';
import { paramsOf } from './contracts/params/params.ts';
import { runStakingPhase } from './contracts/staking/epoch.ts';
import { runSystemPhase } from './contracts/system.ts';
import { creditTreasury, debit } from './contracts/token/ledger.ts';
import { ContractError, InvalidBlockError, InvariantError } from './errors.ts';
import { add, multiply, sum } from './integers.ts';
import { eventLog, failedReceipt, successReceipt } from './receipts.ts';
import { StateDraft } from './state/draft.ts';
import type { State } from './state/state.ts';

export interface ExecutionResult {
  readonly state: State;
  /** One a transaction, in order; then the block's own (transaction hash of zeros), if it did anything. */
  readonly receipts: readonly Receipt[];
  /** Canonical texts of the records that changed, in key order; null for a deleted one. */
  readonly changes: ReadonlyMap<string, string | null>;
  readonly transactionsRoot: Hash;
  readonly receiptsRoot: Hash;
  readonly evidenceRoot: Hash;
  readonly stateRoot: Hash;
}

/**
 * Executes a block.
 * @throws InvalidBlockError when a transaction must not be in it: no such call, wrong nonce, gas too cheap or unpayable
 * @throws InvariantError when the machine itself is wrong
 */
export function execute(parent: State, context: BlockContext, transactions: readonly Transaction[]): ExecutionResult {
  const draft = new StateDraft(parent);
  const receipts = transactions.map((tx, index) => {
    try {
      return applyTransaction(draft, context, tx);
    } catch (error) {
      if (error instanceof AdmissionError) throw new InvalidBlockError(error.code, index, error.message);
      throw error;
    }
  });
  return closeBlock(draft, context, transactions, receipts);
}

/**
 * Applies one transaction: checked against its account, paid for, then performed or rolled back.
 * @throws AdmissionError when it may not be in the block; the draft is then as it was
 */
export function applyTransaction(draft: StateDraft, context: BlockContext, tx: Transaction): Receipt {
  const account = draft.get('account', tx.sender);
  checkAgainstAccount(tx, account, paramsOf(draft), { allowGap: false });
  const call = decodeCall(tx);
  const hash = transactionHash(tx);
  const needed = intrinsicGas(tx);
  const gasUsed = Math.min(needed, tx.gasLimit);
  const fee = multiply(gasUsed, tx.gasPrice);
  payGas(draft, tx, fee);
  try {
    if (needed > tx.gasLimit) {
      throw new ContractError('OUT_OF_GAS', `The call needs ${needed} gas, its limit is ${tx.gasLimit}.`);
    }
    return successReceipt(hash, gasUsed, performAtomically(draft, context, tx, call, hash, fee));
  } catch (error) {
    if (error instanceof ContractError) return failedReceipt(hash, gasUsed, error);
    throw error;
  }
}

/** Nonce and gas: what stays of a transaction whatever becomes of it. */
function payGas(draft: StateDraft, { sender }: Transaction, fee: number): void {
  debit(draft, sender, fee);
  creditTreasury(draft, fee);
  const account = draft.must('account', sender);
  draft.set('account', { ...account, nonce: add(account.nonce, 1) }, sender);
}

function performAtomically(
  draft: StateDraft,
  block: BlockContext,
  { sender, evidence }: Transaction,
  { type, args }: DecodedCall,
  transaction: Hash,
  fee: number,
): Receipt['events'] {
  const log = eventLog();
  draft.checkpoint();
  try {
    perform(type, { draft, block, emit: log.emit, args, sender, transaction, evidence, fee });
  } catch (error) {
    draft.rollback();
    throw error;
  }
  draft.commit();
  return log.events;
}

/** What an empty tail gives: nothing happens in it, not even what every block does by itself. */
export const emptyResult = (state: State): ExecutionResult => ({
  ...{ state, receipts: [], changes: new Map<string, null>(), stateRoot: state.root() },
  transactionsRoot: transactionsRootOf([]),
  receiptsRoot: receiptsRootOf([]),
  evidenceRoot: evidenceRootOf([]),
});

const feesOf = (transactions: readonly Transaction[], receipts: readonly Receipt[]): number =>
  sum(receipts.map(({ gasUsed }, index) => multiply(gasUsed, transactions[index]?.gasPrice ?? 0)));

/** The system phase, the check that no token came or went, and the roots. @throws InvariantError */
export function closeBlock(
  draft: StateDraft,
  context: BlockContext,
  transactions: readonly Transaction[],
  transactionReceipts: readonly Receipt[],
): ExecutionResult {
  const log = eventLog();
  const effects = { draft, block: context, emit: log.emit };
  runStakingPhase(effects, feesOf(transactions, transactionReceipts));
  runSystemPhase(effects, () => log.events.length);
  const delta = draft.tokenDelta();
  if (delta !== 0) throw new InvariantError(`block ${context.height} made ${delta} tokens`);
  const own = log.events.length > 0 ? [successReceipt(ZERO_HASH, 0, log.events)] : [];
  const receipts = [...transactionReceipts, ...own];
  const changes = draft.changes();
  const state = draft.base.with(changes);
  return {
    state,
    receipts,
    changes,
    transactionsRoot: transactionsRootOf(transactionReceipts.map(({ transaction }) => transaction)),
    receiptsRoot: receiptsRootOf(receipts.map(receiptHash)),
    evidenceRoot: evidenceRootOf(transactions),
    stateRoot: state.root(),
  };
}
