/**
 * Transactions that wait for a block. Each has passed the stateless checks; the pool adds what depends on the account
 * and on its neighbours: nonce order with gaps, no replacement (a sender's word stands), and bounds.
 */
import { AdmissionError } from '../protocol/errors.ts';
import type { Params } from '../protocol/genesis.ts';
import type { AccountRecord } from '../protocol/records.ts';
import type { Address, Hash, Transaction } from '../protocol/types.ts';
import { checkAgainstAccount } from '../vm/index.ts';
import {
  POOL_EVIDENCE_BYTES_MAX,
  POOL_NONCE_GAP_MAX,
  POOL_PER_SENDER_MAX,
  POOL_TRANSACTIONS_MAX,
} from './constants.ts';

export interface PoolEntry {
  readonly hash: Hash;
  readonly transaction: Transaction;
  readonly blobs: ReadonlyMap<Hash, Uint8Array>;
}

/** What the pool asks of the final state. */
export interface PoolState {
  account(address: Address): AccountRecord | undefined;
  params(): Params;
}

export class Mempool {
  private readonly byHash = new Map<Hash, PoolEntry>();
  private readonly bySender = new Map<Address, Map<number, PoolEntry>>();
  /** Blobs of waiting transactions, with how many of these name them. */
  private readonly blobs = new Map<Hash, { readonly bytes: Uint8Array; users: number }>();
  private evidenceBytes = 0;
  private readonly state: PoolState;

  constructor(state: PoolState) {
    this.state = state;
  }

  get size(): number {
    return this.byHash.size;
  }

  get(hash: Hash): PoolEntry | undefined {
    return this.byHash.get(hash);
  }

  /**
   * The waiting transaction that is the same as this one, or this one: a block's were read from other bytes, and what
   * was hashed, parsed and checked on its way into the pool needs not to be so again.
   */
  twin(transaction: Transaction): Transaction {
    const waiting = this.bySender.get(transaction.sender)?.get(transaction.nonce)?.transaction;
    return waiting && isSame(waiting, transaction) ? waiting : transaction;
  }

  entries(): readonly PoolEntry[] {
    return [...this.byHash.values()];
  }

  /** An evidence blob of a waiting transaction. */
  blob(hash: Hash): Uint8Array | undefined {
    return this.blobs.get(hash)?.bytes;
  }

  /** The nonce that the sender's next transaction should carry. */
  nextNonce(sender: Address): number {
    let nonce = this.state.account(sender)?.nonce ?? 0;
    const waiting = this.bySender.get(sender);
    while (waiting?.has(nonce)) nonce += 1;
    return nonce;
  }

  /** @throws AdmissionError TX_KNOWN, TX_NONCE_*, TX_GAS_*, TX_CANNOT_PAY_GAS, MEMPOOL_FULL, MEMPOOL_SENDER_FULL */
  add(entry: PoolEntry): void {
    const { hash, transaction } = entry;
    if (this.byHash.has(hash)) throw new AdmissionError('TX_KNOWN', 'it is waiting already');
    const account = this.state.account(transaction.sender);
    checkAgainstAccount(transaction, account, this.state.params(), { allowGap: true });
    const ahead = transaction.nonce - (account?.nonce ?? 0);
    if (ahead > POOL_NONCE_GAP_MAX) {
      throw new AdmissionError(
        'TX_NONCE_GAP',
        `nonce ${transaction.nonce} is ${ahead} ahead, ${POOL_NONCE_GAP_MAX} at most`,
      );
    }
    const waiting = this.bySender.get(transaction.sender) ?? new Map<number, PoolEntry>();
    if (waiting.has(transaction.nonce)) {
      throw new AdmissionError(
        'TX_NONCE_TAKEN',
        `another transaction with nonce ${transaction.nonce} waits; it is not replaced`,
      );
    }
    if (waiting.size >= POOL_PER_SENDER_MAX) {
      throw new AdmissionError(
        'MEMPOOL_SENDER_FULL',
        `${POOL_PER_SENDER_MAX} transactions of this sender wait already`,
      );
    }
    const bytes = bytesOf(entry);
    if (this.byHash.size >= POOL_TRANSACTIONS_MAX || this.evidenceBytes + bytes > POOL_EVIDENCE_BYTES_MAX) {
      throw new AdmissionError('MEMPOOL_FULL', 'the pool is full, try again later');
    }
    waiting.set(transaction.nonce, entry);
    this.bySender.set(transaction.sender, waiting);
    this.byHash.set(hash, entry);
    this.evidenceBytes += bytes;
    for (const [name, blob] of entry.blobs) {
      const held = this.blobs.get(name) ?? { bytes: blob, users: 0 };
      held.users += 1;
      this.blobs.set(name, held);
    }
  }

  /** All that wait, each sender's in nonce order, senders in turn: one that sends much does not keep the others out. */
  *candidates(): Iterable<Transaction> {
    const queues = [...this.bySender.values()].map((waiting) =>
      [...waiting.values()].map(({ transaction }) => transaction).sort((a, b) => a.nonce - b.nonce),
    );
    for (let place = 0; queues.some((queue) => place < queue.length); place += 1) {
      for (const queue of queues) {
        const candidate = queue[place];
        if (candidate) yield candidate;
      }
    }
  }

  /** True when a block built now would hold something: a sender's next nonce waits and is not on its way already. */
  hasReady(inFlight: ReadonlySet<Hash>): boolean {
    for (const [sender, waiting] of this.bySender) {
      for (let nonce = this.state.account(sender)?.nonce ?? 0; ; nonce += 1) {
        const entry = waiting.get(nonce);
        if (!entry) break;
        if (!inFlight.has(entry.hash)) return true;
      }
    }
    return false;
  }

  /** Drops what the final state has overtaken, for the senders whose accounts changed. Returns how many went. */
  settle(senders: Iterable<Address>): number {
    let dropped = 0;
    for (const sender of senders) {
      const waiting = this.bySender.get(sender);
      if (!waiting) continue;
      const account = this.state.account(sender);
      for (const entry of [...waiting.values()]) {
        if (!this.isOvertaken(entry, account)) continue;
        this.remove(entry);
        dropped += 1;
      }
    }
    return dropped;
  }

  private isOvertaken({ transaction }: PoolEntry, account: AccountRecord | undefined): boolean {
    // By far the most common reason, told without an error being made for it.
    if (transaction.nonce < (account?.nonce ?? 0)) return true;
    try {
      checkAgainstAccount(transaction, account, this.state.params(), { allowGap: true });
      return false;
    } catch (error) {
      if (error instanceof AdmissionError) return true;
      throw error;
    }
  }

  private remove(entry: PoolEntry): void {
    const { sender, nonce } = entry.transaction;
    this.byHash.delete(entry.hash);
    this.evidenceBytes -= bytesOf(entry);
    for (const name of entry.blobs.keys()) {
      const held = this.blobs.get(name);
      if (held) held.users -= 1;
      if (held?.users === 0) this.blobs.delete(name);
    }
    const waiting = this.bySender.get(sender);
    waiting?.delete(nonce);
    if (waiting?.size === 0) this.bySender.delete(sender);
  }
}

function isSame(a: Transaction, b: Transaction): boolean {
  return (
    a.signature === b.signature &&
    a.chainId === b.chainId &&
    a.type === b.type &&
    a.sender === b.sender &&
    a.publicKey === b.publicKey &&
    a.nonce === b.nonce &&
    a.gasPrice === b.gasPrice &&
    a.gasLimit === b.gasLimit &&
    a.args === b.args &&
    a.evidence.length === b.evidence.length &&
    a.evidence.every((hash, index) => hash === b.evidence[index])
  );
}

function bytesOf(entry: PoolEntry): number {
  let bytes = entry.transaction.args.length;
  for (const blob of entry.blobs.values()) bytes += blob.length;
  return bytes;
}
