/**
 * Test-only: a chain of one machine that looks like a running node. Transactions wait in a pool, blocks come when the
 * test asks for them, time is the test's. No consensus and no network: for everything that lives above final blocks.
 */
import type { Clock, StoredBlock, TransactionPlace } from '../ports/index.ts';
import { nobleVerifier } from '../protocol/crypto/verifier.ts';
import { AdmissionError } from '../protocol/errors.ts';
import type { Genesis } from '../protocol/genesis.ts';
import { evidenceHash, headerHash, transactionHash, validatorSetHash } from '../protocol/hashing.ts';
import type { AccountRecord } from '../protocol/records.ts';
import type { Address, Hash, Header, Transaction } from '../protocol/types.ts';
import type { TransactionEnvelope } from '../protocol/wire.ts';
import {
  assertConserved,
  buildBlock,
  checkAgainstAccount,
  checkStateless,
  type ExecutionResult,
  epochOf,
  genesisHeader,
  genesisState,
  type State,
  validatorSetOf,
} from '../vm/index.ts';
import { developmentGenesis } from './chain-kit.ts';

/** Time that passes only when a test says so. Callbacks that fall due run in order of their time. */
export class SimulatorClock implements Clock {
  #nowMs = 0;
  readonly #originMs: number;
  readonly #waiting = new Set<{ readonly atMs: number; readonly callback: () => void }>();

  constructor(originMs: number) {
    this.#originMs = originMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#originMs + this.#nowMs;
  }

  at(monotonicMs: number, callback: () => void): () => void {
    const entry = { atMs: monotonicMs, callback };
    this.#waiting.add(entry);
    return () => void this.#waiting.delete(entry);
  }

  advance(byMs: number): void {
    const untilMs = this.#nowMs + byMs;
    for (let next = this.#nextUntil(untilMs); next; next = this.#nextUntil(untilMs)) {
      this.#waiting.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.callback();
    }
    this.#nowMs = untilMs;
  }

  #nextUntil(untilMs: number) {
    const due = [...this.#waiting].filter(({ atMs }) => atMs <= untilMs);
    return due.sort((a, b) => a.atMs - b.atMs)[0];
  }
}

export interface SimulatorOptions {
  readonly genesis?: Genesis;
  /** Block time between two blocks, unless `produce` is told otherwise. */
  readonly blockMs?: number;
}

type FinalizedEvent = { readonly type: 'finalized'; readonly block: StoredBlock };
type PendingEvent = { readonly type: 'pending'; readonly count: number };

export class ChainSimulator {
  readonly genesis: Genesis;
  readonly clock: SimulatorClock;
  /** Blobs and transactions that reached a block. */
  readonly store = {
    placeOf: async (hash: Hash): Promise<TransactionPlace | undefined> => this.#places.get(hash),
    blockAt: async (height: number): Promise<StoredBlock | undefined> => this.#blocks[height - 1],
    evidence: async (hash: Hash): Promise<Uint8Array | undefined> => this.#evidence.get(hash),
  };
  readonly #blockMs: number;
  readonly #blocks: StoredBlock[] = [];
  readonly #places = new Map<Hash, TransactionPlace>();
  readonly #evidence = new Map<Hash, Uint8Array>();
  readonly #pool = new Map<Hash, TransactionEnvelope>();
  readonly #listeners = new Set<(event: FinalizedEvent | PendingEvent) => void>();
  #state: State;
  #tip: Header;
  #toLose = 0;

  constructor(options: SimulatorOptions = {}) {
    this.genesis = options.genesis ?? developmentGenesis();
    this.#blockMs = options.blockMs ?? 100;
    this.#state = genesisState(this.genesis);
    this.#tip = genesisHeader(this.genesis);
    this.clock = new SimulatorClock(this.genesis.timestampMs);
  }

  final(): { readonly height: number; readonly hash: Hash; readonly timestampMs: number; readonly state: State } {
    const { height, timestampMs } = this.#tip;
    return { height, hash: headerHash(this.#tip), timestampMs, state: this.#state };
  }

  /** Final blocks from height 1 on. */
  blocks(): readonly StoredBlock[] {
    return this.#blocks;
  }

  pendingCount(): number {
    return this.#pool.size;
  }

  /** The next so many transactions are admitted and then lost, as with a node that dies right after its answer. */
  lose(count: number): void {
    this.#toLose = count;
  }

  subscribe(listener: (event: FinalizedEvent | PendingEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** @throws AdmissionError as a node's pool does */
  async submit({ transaction, blobs }: TransactionEnvelope): Promise<Hash> {
    const hash = transactionHash(transaction);
    if (this.#pool.has(hash) || this.#places.has(hash)) throw new AdmissionError('TX_KNOWN', 'it is known already');
    checkStateless(transaction, this.genesis.chainId, nobleVerifier);
    checkBlobs(transaction, blobs);
    checkAgainstAccount(transaction, this.account(transaction.sender), this.genesis.params, { allowGap: true });
    const taken = [...this.#pool.values()].some(({ transaction: { sender, nonce } }) => {
      return sender === transaction.sender && nonce === transaction.nonce;
    });
    if (taken) throw new AdmissionError('TX_NONCE_TAKEN', 'another transaction with this nonce waits');
    if (this.#toLose > 0) {
      this.#toLose -= 1;
      return hash;
    }
    this.#pool.set(hash, { transaction, blobs });
    this.#emit({ type: 'pending', count: this.#pool.size });
    return hash;
  }

  account(address: Address): AccountRecord | undefined {
    return this.#state.get('account', address);
  }

  /** Makes the next block out of what waits, final at once. @param afterMs block time since the one before */
  produce(afterMs: number = this.#blockMs): StoredBlock {
    this.clock.advance(afterMs);
    const height = this.#tip.height + 1;
    const timestampMs = this.#tip.timestampMs + afterMs;
    const proposer = this.genesis.validators[0]?.key ?? '';
    const { epoch } = epochOf(this.#state);
    const chainId = this.genesis.chainId;
    const context = { chainId, height, timestampMs, epoch, proposer, verifier: nobleVerifier };
    const candidates = [...this.#pool.values()].map(({ transaction }) => transaction);
    const built = buildBlock(
      this.#state,
      context,
      candidates.sort((a, b) => a.nonce - b.nonce),
    );
    const header = this.#header(context, built.result);
    const block = this.#stored(header, built.transactions, built.result);
    this.#state = built.result.state;
    this.#tip = header;
    this.#keep(block);
    this.#dropOvertaken();
    this.#emit({ type: 'finalized', block });
    return block;
  }

  /** @throws InvariantError when tokens came or went */
  assertConserved(): void {
    assertConserved(this.#state);
  }

  #header(context: Pick<Header, 'height' | 'timestampMs' | 'epoch' | 'proposer'>, result: ExecutionResult): Header {
    return {
      height: context.height,
      view: context.height,
      epoch: context.epoch,
      parentHash: headerHash(this.#tip),
      timestampMs: context.timestampMs,
      proposer: context.proposer,
      transactionsRoot: result.transactionsRoot,
      receiptsRoot: result.receiptsRoot,
      stateRoot: result.stateRoot,
      evidenceRoot: result.evidenceRoot,
      validatorSetHash: validatorSetHash(validatorSetOf(this.#state)),
    };
  }

  /** The certificate is nobody's: there is no consensus here to certify anything. */
  #stored(header: Header, transactions: readonly Transaction[], { receipts }: ExecutionResult): StoredBlock {
    const { epoch, view } = header;
    const hash = headerHash(header);
    const certificate = { kind: 'finalize', epoch, view, block: hash, signers: [], signatures: [] } as const;
    return { block: { header, transactions }, hash, receipts, finality: { descendants: [], certificate } };
  }

  #keep(stored: StoredBlock): void {
    this.#blocks.push(stored);
    for (const [index, transaction] of stored.block.transactions.entries()) {
      const hash = transactionHash(transaction);
      this.#places.set(hash, { height: stored.block.header.height, index });
      for (const blob of this.#pool.get(hash)?.blobs ?? []) this.#evidence.set(evidenceHash(blob), blob);
      this.#pool.delete(hash);
    }
  }

  #dropOvertaken(): void {
    for (const [hash, { transaction }] of this.#pool) {
      if (transaction.nonce < (this.account(transaction.sender)?.nonce ?? 0)) this.#pool.delete(hash);
    }
  }

  #emit(event: FinalizedEvent | PendingEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}

function checkBlobs({ evidence }: Transaction, blobs: readonly Uint8Array[]): void {
  if (blobs.length !== evidence.length) throw new AdmissionError('TX_EVIDENCE_MISSING', 'a blob is missing');
  for (const [index, blob] of blobs.entries()) {
    if (evidenceHash(blob) !== evidence[index]) throw new AdmissionError('TX_EVIDENCE_MISMATCH', `blob ${index}`);
  }
}
