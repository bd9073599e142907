/**
 * Proofs against the state root. The state is a binary radix tree over SHA-256 of the key: a subtree with a single
 * entry is that entry's leaf, an empty one is 32 zero bytes. Leaf and branch hashes carry different prefixes, so no
 * leaf can pass for a branch (RFC 6962, section 2.1).
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesEqual, fromHex, joinBytes, utf8Bytes } from '../bytes.ts';
import type { Hash } from '../types.ts';

const LEAF_PREFIX = new Uint8Array([0]);
const BRANCH_PREFIX = new Uint8Array([1]);
export const EMPTY_STATE_HASH = new Uint8Array(32);

export const stateKeyHash = (key: string): Uint8Array => sha256(utf8Bytes(key));
export const stateLeafHash = (keyHash: Uint8Array, value: Uint8Array): Uint8Array =>
  sha256(joinBytes(LEAF_PREFIX, keyHash, sha256(value)));
export const stateBranchHash = (left: Uint8Array, right: Uint8Array): Uint8Array =>
  sha256(joinBytes(BRANCH_PREFIX, left, right));

/** Bit `depth` of a key hash, the first byte's highest bit first: the way down the tree. */
export const keyBit = (keyHash: Uint8Array, depth: number): 0 | 1 =>
  (((keyHash[depth >> 3] ?? 0) >> (7 - (depth & 7))) & 1) as 0 | 1;

export interface StateProof {
  readonly key: string;
  /** Canonical JSON text of the value; null when the key is proven absent. */
  readonly value: string | null;
  /** Hashes beside the way down, from the root's level to the leaf's. */
  readonly siblings: readonly Hash[];
  /** For an absent key: the other leaf that stands where it would be; absent when that place is empty. */
  readonly neighbour?: { readonly keyHash: Hash; readonly valueHash: Hash };
}

/** Tells whether the proof holds under this state root. */
export function verifyStateProof(proof: StateProof, root: Hash): boolean {
  if (proof.siblings.length > 256) return false;
  const keyHash = stateKeyHash(proof.key);
  const start = startOf(proof, keyHash);
  if (start === undefined) return false;
  let node = start;
  for (let depth = proof.siblings.length - 1; depth >= 0; depth -= 1) {
    const sibling = fromHex(proof.siblings[depth] as string, 32); // depth < length
    node = keyBit(keyHash, depth) === 0 ? stateBranchHash(node, sibling) : stateBranchHash(sibling, node);
  }
  return bytesEqual(node, fromHex(root, 32));
}

function startOf(proof: StateProof, keyHash: Uint8Array): Uint8Array | undefined {
  if (proof.value !== null) return proof.neighbour ? undefined : stateLeafHash(keyHash, utf8Bytes(proof.value));
  if (!proof.neighbour) return EMPTY_STATE_HASH;
  const other = fromHex(proof.neighbour.keyHash, 32);
  if (bytesEqual(other, keyHash)) return undefined;
  for (let depth = 0; depth < proof.siblings.length; depth += 1) {
    if (keyBit(other, depth) !== keyBit(keyHash, depth)) return undefined;
  }
  return sha256(joinBytes(LEAF_PREFIX, other, fromHex(proof.neighbour.valueHash, 32)));
}
