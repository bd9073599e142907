/** What a bundle is built from. The shapes are those of a node's store and state, so a node hands its own in. */
import type { Genesis } from '../genesis.ts';
import type { StateProof } from '../merkle/state.ts';
import type { Block, FinalityProof, Hash, Receipt } from '../types.ts';
import { AuditError } from './errors.ts';

/** A final block with what its execution gave. */
export interface AuditBlock {
  readonly block: Block;
  readonly hash: Hash;
  /** One a transaction, then the block's own, if it did anything. */
  readonly receipts: readonly Receipt[];
  readonly finality: FinalityProof;
}

/** A node's final chain. */
export interface AuditSource {
  readonly genesis: Genesis;
  readonly genesisHash: Hash;
  /** The state after the block of this height: the newest final one. */
  readonly state: { readonly height: number; readonly reader: { prove(key: string): StateProof } };
  block(height: number): Promise<AuditBlock | undefined>;
  evidence(hash: Hash): Promise<Uint8Array | undefined>;
  /** Every change of the validators after the genesis, oldest first; none where it is absent. */
  setChanges?(): Promise<readonly AuditSetChange[]>;
}

/** The record of the validators that begin with this epoch, under the last block of the epoch before. */
export interface AuditSetChange {
  readonly epoch: number;
  readonly height: number;
  readonly proof: StateProof;
}

/** @throws AuditError BLOCK_MISSING */
export async function blockOf(source: AuditSource, height: number): Promise<AuditBlock> {
  const block = await source.block(height);
  if (block === undefined) throw new AuditError('BLOCK_MISSING', `this node does not hold block ${height}`);
  return block;
}
