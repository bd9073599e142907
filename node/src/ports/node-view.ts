/**
 * A running node as its gateway and its agent see it. The host implements it; nothing behind it is reachable otherwise.
 * All reads show the final state only.
 */
import type { ConsensusView, Validators } from '../protocol/api/index.ts';
import type { Genesis } from '../protocol/genesis.ts';
import type { StateProof } from '../protocol/merkle/state.ts';
import type { StateRecords } from '../protocol/records.ts';
import type { Hash, Transaction, ValidatorKey } from '../protocol/types.ts';
import type { TransactionEnvelope } from '../protocol/wire.ts';
import type { PeerInfo } from './network.ts';
import type { ChainStore, StoredBlock } from './store.ts';

/** The world state behind one state root. Immutable: keep it, and it stays what it was. */
export interface StateReader {
  get<K extends keyof StateRecords>(kind: K, ...id: readonly string[]): StateRecords[K] | undefined;
  /** Key and canonical JSON text of every record whose key starts with `prefix`, in key order. */
  entries(prefix: string): Iterable<readonly [key: string, value: string]>;
  root(): Hash;
  prove(key: string): StateProof;
}

/** What is known of a transaction that is not in a final block. */
export interface PendingTransaction {
  readonly hash: Hash;
  readonly transaction: Transaction;
}

export type NodeEvent =
  | { readonly type: 'finalized'; readonly block: StoredBlock }
  | { readonly type: 'pending'; readonly count: number }
  | { readonly type: 'peers'; readonly count: number };

export interface NodeView {
  readonly genesis: Genesis;
  readonly genesisHash: Hash;
  readonly key: ValidatorKey;
  readonly name: string;
  readonly startedAtMs: number;
  readonly store: ChainStore;
  /** State after the newest final block, with that block's place. */
  final(): { readonly height: number; readonly hash: Hash; readonly timestampMs: number; readonly state: StateReader };
  /** True while the node follows the chain: it has peers for a quorum (or is one alone) and is not catching up. */
  ready(): boolean;
  pending(): readonly PendingTransaction[];
  validators(): Validators;
  consensus(): ConsensusView;
  peers(): readonly PeerInfo[];
  /** Puts a transaction into the pool and gossips it. @throws AdmissionError */
  submit(envelope: TransactionEnvelope): Promise<Hash>;
  /** Listeners are called after the batch of the block is on disk, in block order. Returns the unsubscription. */
  subscribe(listener: (event: NodeEvent) => void): () => void;
}
