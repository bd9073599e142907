import { transactionHash } from '../protocol/hashing.ts';
import type { Hash, Transaction } from '../protocol/types.ts';

const known = new WeakMap<Transaction, Hash>();

/**
 * Hash of a transaction, worked out once an object: admission, building and executing all ask for it, and hashing is
 * most of what a simple transaction costs. Transactions are immutable; one that is changed must be a new object.
 */
export function hashOfTransaction(tx: Transaction): Hash {
  const hash = known.get(tx) ?? transactionHash(tx);
  known.set(tx, hash);
  return hash;
}
