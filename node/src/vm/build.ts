/** A block out of what the pool offers: what fits and may enter is chosen by executing it, and executed only once. */
import { BLOCK_BYTES_MAX, TRANSACTIONS_PER_BLOCK_MAX } from '../protocol/constants.ts';
import { type AdmissionCode, AdmissionError } from '../protocol/errors.ts';
import { encodeTransaction, HeaderSsz } from '../protocol/ssz.ts';
import type { Receipt, Transaction } from '../protocol/types.ts';
import type { BlockContext } from './context.ts';
import { InvariantError } from './errors.ts';
import { applyTransaction, closeBlock, type ExecutionResult } from './execute.ts';
import { StateDraft } from './state/draft.ts';
import type { State } from './state/state.ts';

/** Bytes of an SSZ offset: one for the list in the block, one for each transaction in the list. */
const OFFSET_BYTES = 4;
/** Bytes of a serialized block without transactions. */
export const EMPTY_BLOCK_BYTES = headerBytes() + OFFSET_BYTES;

function headerBytes(): number {
  if (HeaderSsz.fixedSize === null) throw new InvariantError('a header has one size');
  return HeaderSsz.fixedSize;
}

export interface BuiltBlock {
  readonly transactions: readonly Transaction[];
  readonly result: ExecutionResult;
  /** Candidates that may not enter now, in order; those left when the block was full are not among them. */
  readonly skipped: readonly { readonly transaction: Transaction; readonly code: AdmissionCode }[];
}

/**
 * Chooses from candidates in their order and executes the choice. A candidate that its account does not allow is
 * skipped; the first that no longer fits ends the block.
 * @param candidates already checked by `checkStateless`
 * @throws InvariantError when the machine itself is wrong
 */
export function buildBlock(parent: State, context: BlockContext, candidates: Iterable<Transaction>): BuiltBlock {
  const draft = new StateDraft(parent);
  const transactions: Transaction[] = [];
  const receipts: Receipt[] = [];
  const skipped: { transaction: Transaction; code: AdmissionCode }[] = [];
  let bytes = EMPTY_BLOCK_BYTES;
  for (const transaction of candidates) {
    const size = OFFSET_BYTES + encodeTransaction(transaction).length;
    if (transactions.length === TRANSACTIONS_PER_BLOCK_MAX || bytes + size > BLOCK_BYTES_MAX) break;
    try {
      receipts.push(applyTransaction(draft, context, transaction));
    } catch (error) {
      if (!(error instanceof AdmissionError)) throw error;
      skipped.push({ transaction, code: error.code });
      continue;
    }
    transactions.push(transaction);
    bytes += size;
  }
  return { transactions, result: closeBlock(draft, context, transactions, receipts), skipped };
}
