import { describe, expect, it } from 'vitest';
import { AdmissionError } from '../protocol/errors.ts';
import { transactionHash } from '../protocol/hashing.ts';
import type { AccountRecord } from '../protocol/records.ts';
import { decodeTransaction, encodeTransaction } from '../protocol/ssz.ts';
import type { Transaction } from '../protocol/types.ts';
import { TestChain, testAgents, testParams } from '../testing/index.ts';
import { Mempool } from './mempool.ts';

const chain = new TestChain();
const recipient = testAgents[6]?.wallet.address ?? '';

const transfer = (agent: number, nonce: number, amount = 5): Transaction => {
  const { wallet } = testAgents[agent] ?? {};
  if (!wallet) throw new Error('no such agent');
  return chain.transactionOf(wallet, 'transfer', { to: recipient, amount }, { nonce });
};

function poolOf(...waiting: readonly Transaction[]): Mempool {
  const pool = new Mempool({
    account: (address): AccountRecord | undefined => chain.account(address),
    params: () => testParams,
  });
  for (const transaction of waiting) {
    pool.add({ hash: transactionHash(transaction), transaction, blobs: new Map() });
  }
  return pool;
}

describe('transactions that wait', () => {
  it('come by sender in turn, and each sender’s by nonce', () => {
    const pool = poolOf(transfer(0, 1), transfer(0, 0), transfer(0, 2), transfer(1, 0));
    expect([...pool.candidates()].map(({ sender, nonce }) => [sender, nonce])).toEqual([
      [testAgents[0]?.wallet.address, 0],
      [testAgents[1]?.wallet.address, 0],
      [testAgents[0]?.wallet.address, 1],
      [testAgents[0]?.wallet.address, 2],
    ]);
  });

  it('are ready unless they are on their way or a nonce before them is missing', () => {
    const first = transfer(0, 0);
    expect(poolOf(first).hasReady(new Set())).toBe(true);
    expect(poolOf(first).hasReady(new Set([transactionHash(first)]))).toBe(false);
    expect(poolOf(transfer(0, 1)).hasReady(new Set())).toBe(false);
  });

  it('are not replaced, and not taken twice', () => {
    const pool = poolOf(transfer(0, 0));
    const add = (transaction: Transaction) => () =>
      pool.add({ hash: transactionHash(transaction), transaction, blobs: new Map() });
    expect(add(transfer(0, 0, 6))).toThrow(AdmissionError);
    expect(add(transfer(0, 0))).toThrow('waiting already');
  });
});

describe('the twin of a transaction', () => {
  const waiting = transfer(0, 0);
  const pool = poolOf(waiting);

  it('is the one that waits, when the same came in other bytes', () => {
    const read = decodeTransaction(encodeTransaction(waiting));
    expect(read).not.toBe(waiting);
    expect(pool.twin(read)).toBe(waiting);
  });

  it.each<[string, Partial<Transaction>]>([
    ['signature', { signature: `${waiting.signature.slice(0, -1)}${waiting.signature.endsWith('0') ? '1' : '0'}` }],
    ['arguments', { args: waiting.args.replace('5', '6') }],
    ['gas limit', { gasLimit: waiting.gasLimit + 1 }],
    ['gas price', { gasPrice: waiting.gasPrice + 1 }],
    ['chain', { chainId: 'another' }],
    ['type', { type: 'stake' }],
    ['public key', { publicKey: testAgents[1]?.wallet.publicKey ?? '' }],
    ['evidence', { evidence: ['00'.repeat(32)] }],
    ['nonce', { nonce: 1 }],
    ['sender', { sender: recipient }],
  ])('is itself with another %s', (_, change) => {
    const other = { ...waiting, ...change };
    expect(pool.twin(other)).toBe(other);
  });
});
