/**
 * What a node keeps. The chain store holds final blocks only and changes by one atomic, synced batch a block; the log
 * holds what was signed and is synced before anything leaves the process.
 */
import type { StateProof } from '../protocol/merkle/state.ts';
import type { Block, FinalityProof, Hash, Receipt } from '../protocol/types.ts';

/** A final block with all that its execution gave. */
export interface FinalBlock {
  readonly block: Block;
  readonly hash: Hash;
  readonly receipts: readonly Receipt[];
  /** Canonical JSON texts of the records that changed; null for a deleted one. */
  readonly stateChanges: ReadonlyMap<string, string | null>;
  readonly finality: FinalityProof;
  /** On the last block of an epoch after which others certify. */
  readonly setChange?: SetChange;
}

/** Proof, under the state root of the block of this height, of the validators that begin with this epoch. */
export interface SetChange {
  readonly epoch: number;
  readonly height: number;
  readonly proof: StateProof;
}

export interface StoredBlock {
  readonly block: Block;
  readonly hash: Hash;
  readonly receipts: readonly Receipt[];
  readonly finality: FinalityProof;
}

export interface ChainTip {
  readonly height: number;
  readonly hash: Hash;
}

/** Where a transaction stands in the chain. */
export interface TransactionPlace {
  readonly height: number;
  readonly index: number;
}

/** One event with its place: the position is a global order over the whole chain. */
export interface StoredEvent {
  readonly height: number;
  /** Index of the receipt in its block, and of the event in its receipt. */
  readonly receipt: number;
  readonly index: number;
  readonly timestampMs: number;
  readonly transaction: Hash;
  readonly name: string;
  readonly data: { readonly [key: string]: unknown };
}

export interface ChainStore {
  /** Where it lies, for people who must repair it. */
  readonly location: string;
  /** The genesis that this store was made for; undefined when it is new. */
  genesisHash(): Promise<Hash | undefined>;
  /** Binds a new store to its genesis and writes the genesis state. */
  initialise(genesisHash: Hash, state: ReadonlyMap<string, string>): Promise<void>;
  tip(): Promise<ChainTip | undefined>;
  /** Blocks in height order, all in one atomic synced batch. @throws StoreError OUT_OF_ORDER */
  commit(blocks: readonly FinalBlock[]): Promise<void>;
  blockAt(height: number): Promise<StoredBlock | undefined>;
  /** Final blocks as they are encoded, from a height upwards, without gaps: as many as there are, `count` at most. */
  blockBytes(from: number, count: number): Promise<readonly Uint8Array[]>;
  /** Every change of the validators after the genesis, oldest first. */
  setChanges(): Promise<readonly SetChange[]>;
  heightOf(hash: Hash): Promise<number | undefined>;
  placeOf(transaction: Hash): Promise<TransactionPlace | undefined>;
  /** Newest first; `before` is exclusive. */
  events(query: { readonly limit: number; readonly beforeHeight?: number }): Promise<readonly StoredEvent[]>;
  /** The whole state at the tip, in key order. */
  state(): AsyncIterable<readonly [key: string, value: string]>;
  putEvidence(blobs: ReadonlyMap<Hash, Uint8Array>): Promise<void>;
  evidence(hash: Hash): Promise<Uint8Array | undefined>;
  hasEvidence(hash: Hash): Promise<boolean>;
  close(): Promise<void>;
}

export interface WriteAheadLog {
  /** Where it lies, for people who must repair it. */
  readonly location: string;
  /** Resolves when the records are on disk (synced), in order. */
  append(records: readonly Uint8Array[]): Promise<void>;
  /** All whole records, oldest first. A torn tail (the last, unfinished write) is cut off. @throws StoreError CORRUPT */
  replay(): Promise<readonly Uint8Array[]>;
  /** Replaces the content atomically: what finality has made obsolete goes. */
  rewrite(records: readonly Uint8Array[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * CORRUPT: damaged. OUT_OF_ORDER: a block that does not continue the chain. WRONG_GENESIS: of another chain.
 * WRONG_FORMAT: of another version of the program. LOG_LOST: the chain is there, what was signed is not.
 * CLOSED: used after its end. LOCKED: another process uses it. DISK_FULL, READ_ONLY, WRITE_FAILED: the disk refuses.
 */
export type StoreErrorCode =
  | 'CORRUPT'
  | 'OUT_OF_ORDER'
  | 'WRONG_GENESIS'
  | 'WRONG_FORMAT'
  | 'LOG_LOST'
  | 'CLOSED'
  | 'LOCKED'
  | 'DISK_FULL'
  | 'READ_ONLY'
  | 'WRITE_FAILED';

/** Where a fault lies: a file or directory, and the byte in it where that is known. */
export interface StorePlace {
  readonly path?: string;
  readonly offset?: number;
}

/** The message is one line for a person: what happened, where, and what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;
  readonly place: StorePlace;

  constructor(code: StoreErrorCode, detail: string, place: StorePlace = {}) {
    super(`${code}: ${detail}`);
    this.code = code;
    this.place = place;
  }
}

/** Data of another chain: the owner chooses between the data and the genesis. */
export const wrongGenesis = (path: string, found: Hash, expected: Hash): StoreError =>
  new StoreError(
    'WRONG_GENESIS',
    `${path} belongs to the chain of genesis ${found}, not ${expected}; start with the genesis file of that chain, ` +
      'or give this node another data directory',
    { path },
  );
