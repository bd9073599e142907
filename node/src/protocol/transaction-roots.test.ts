import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, utf8Bytes } from './bytes.ts';
import { decodeTransaction, encodeTransaction, TransactionSsz, UnsignedTransactionSsz } from './ssz.ts';
import { transactionRoots } from './transaction-roots.ts';
import type { Transaction } from './types.ts';

const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((value) => Buffer.from(value).toString('hex'));
const amount = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const transaction: fc.Arbitrary<Transaction> = fc.record({
  chainId: fc.string({ maxLength: 20 }),
  type: fc.string({ maxLength: 20 }),
  sender: hex(20),
  publicKey: hex(33),
  nonce: amount,
  gasPrice: amount,
  gasLimit: amount,
  args: fc.string({ maxLength: 400, unit: 'grapheme' }),
  evidence: fc.array(hex(32), { maxLength: 4 }),
  signature: hex(64),
});

describe('the roots of a transaction', () => {
  it('are those of its SSZ containers', () => {
    fc.assert(
      fc.property(transaction, (tx) => {
        const raw = TransactionSsz.deserialize(encodeTransaction(tx));
        const { unsigned, signedBy } = transactionRoots(tx);
        expect(unsigned).toEqual(UnsignedTransactionSsz.hashTreeRoot(raw));
        expect(signedBy(tx.signature)).toEqual(TransactionSsz.hashTreeRoot(raw));
        expect(raw.args).toEqual(utf8Bytes(tx.args));
      }),
      { numRuns: 200 },
    );
  });

  it('change with any bit of any field', () => {
    fc.assert(
      fc.property(transaction, fc.nat(), (tx, place) => {
        const bytes = encodeTransaction(tx);
        const bit = place % (bytes.length * 8);
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        let other: Transaction;
        try {
          other = decodeTransaction(bytes);
        } catch {
          return;
        }
        expect(transactionRoots(other).signedBy(other.signature)).not.toEqual(
          transactionRoots(tx).signedBy(tx.signature),
        );
        expect(fromHex(other.signature, 64)).toHaveLength(64);
      }),
      { numRuns: 200 },
    );
  });
});
