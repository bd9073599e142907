/**
 * Merkle root and inclusion proofs of an SSZ list of 32-byte leaves: a tree of fixed depth padded with zero subtrees,
 * with the length mixed in (simple-serialize, `merkleize` and `mix_in_length`). No leaf is ever duplicated, so two
 * different lists never share a root.
 */
import { digest64, zeroHash } from '@chainsafe/persistent-merkle-tree';
import { bytesEqual, fromHex, toHex } from '../bytes.ts';
import { DecodeError } from '../errors.ts';
import type { Hash } from '../types.ts';

export interface ListProof {
  readonly index: number;
  /** Number of leaves of the whole list. */
  readonly length: number;
  /** From the leaf's neighbour upwards; as many as the tree is deep. */
  readonly siblings: readonly Hash[];
}

const depthOf = (limit: number): number => Math.ceil(Math.log2(limit));

function lengthChunk(length: number): Uint8Array {
  const chunk = new Uint8Array(32);
  new DataView(chunk.buffer).setUint32(0, length, true);
  return chunk;
}

/** All levels of the tree, leaves first, without the padding. */
function levelsOf(leaves: readonly Uint8Array[], limit: number): Uint8Array[][] {
  if (leaves.length > limit) throw new DecodeError('list', `more than ${limit} items`);
  const levels: Uint8Array[][] = [[...leaves]];
  for (let level = 0; level < depthOf(limit); level += 1) {
    const below = levels[level] as Uint8Array[]; // pushed by the previous turn
    const above: Uint8Array[] = [];
    for (let index = 0; index < below.length; index += 2) {
      above.push(digest64(below[index] as Uint8Array, below[index + 1] ?? zeroHash(level)));
    }
    levels.push(above);
  }
  return levels;
}

/** Root of a list of 32-byte leaves with the given SSZ limit. @throws DecodeError when the list is longer */
export function listRoot(leaves: readonly Uint8Array[], limit: number): Uint8Array {
  const top = levelsOf(leaves, limit).at(-1)?.[0] ?? zeroHash(depthOf(limit));
  return digest64(top, lengthChunk(leaves.length));
}

/** Proof that the leaf at `index` is in the list. @throws DecodeError when there is no such leaf */
export function proveListItem(leaves: readonly Uint8Array[], index: number, limit: number): ListProof {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length)
    throw new DecodeError('proof.index', 'no such leaf');
  const levels = levelsOf(leaves, limit);
  const siblings: Hash[] = [];
  for (let level = 0; level < depthOf(limit); level += 1) {
    siblings.push(toHex(levels[level]?.[(index >> level) ^ 1] ?? zeroHash(level)));
  }
  return { index, length: leaves.length, siblings };
}

/** Tells whether `leaf` stands at `proof.index` of the list of `proof.length` items that has this root. */
export function verifyListItem(leaf: Hash, proof: ListProof, root: Hash, limit: number): boolean {
  if (proof.siblings.length !== depthOf(limit) || proof.index >= proof.length || proof.length > limit) return false;
  let node = fromHex(leaf, 32);
  proof.siblings.forEach((sibling, level) => {
    const other = fromHex(sibling, 32);
    node = (proof.index >> level) & 1 ? digest64(other, node) : digest64(node, other);
  });
  return bytesEqual(digest64(node, lengthChunk(proof.length)), fromHex(root, 32));
}
