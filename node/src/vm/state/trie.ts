/**
 * The authenticated map behind the state root: a persistent binary radix tree over SHA-256 of the key, with the hash
 * rules of `protocol/merkle/state.ts`. A subtree with one entry is that entry's leaf, so the shape depends on the
 * content alone and not on the order of writes. A write copies the path to its leaf and shares the rest; hashes are
 * worked out when somebody asks, and stay on the nodes, so a root costs the dirty paths only.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { toHex, utf8Bytes } from '../../protocol/bytes.ts';
import {
  EMPTY_STATE_HASH,
  keyBit,
  type StateProof,
  stateBranchHash,
  stateKeyHash,
  stateLeafHash,
} from '../../protocol/merkle/state.ts';
import type { Hash } from '../../protocol/types.ts';
import { deepFreeze } from './freeze.ts';

/**
 * A hash as it is kept: a string of one byte a character takes 48 bytes, a typed array five times as much. A million
 * accounts take 320 MiB so, and 1,020 MiB otherwise, in about the same time.
 */
type Packed = string;
// Read as a list of numbers, which it is; loops, because this runs twice for every node that a block changes.
const packed = (hash: Uint8Array): Packed => String.fromCharCode.apply(null, hash as unknown as number[]);

function unpacked(text: Packed): Uint8Array {
  const hash = new Uint8Array(text.length);
  for (let at = 0; at < hash.length; at += 1) hash[at] = text.charCodeAt(at);
  return hash;
}

export class Leaf {
  readonly key: string;
  /** Canonical JSON text: what the leaf's hash covers. */
  readonly value: string;
  /** Only until the leaf is hashed: most are never asked for it again. */
  #keyHash: Uint8Array | undefined;
  #hash: Packed | undefined;
  #record: unknown;

  constructor(key: string, value: string, keyHash: Uint8Array) {
    this.key = key;
    this.value = value;
    this.#keyHash = keyHash;
  }

  get keyHash(): Uint8Array {
    return this.#keyHash ?? stateKeyHash(this.key);
  }

  get hash(): Uint8Array {
    if (this.#hash !== undefined) return unpacked(this.#hash);
    const hash = stateLeafHash(this.keyHash, utf8Bytes(this.value));
    this.#hash = packed(hash);
    this.#keyHash = undefined;
    return hash;
  }

  /** The parsed value, deeply frozen; parsed once. */
  get record(): unknown {
    this.#record ??= deepFreeze(JSON.parse(this.value));
    return this.#record;
  }
}

class Branch {
  readonly left: Node;
  readonly right: Node;
  #hash: Packed | undefined;

  constructor(left: Node, right: Node) {
    this.left = left;
    this.right = right;
  }

  get hash(): Uint8Array {
    if (this.#hash !== undefined) return unpacked(this.#hash);
    const hash = stateBranchHash(hashOf(this.left), hashOf(this.right));
    this.#hash = packed(hash);
    return hash;
  }
}

type Node = Leaf | Branch | null;

const hashOf = (node: Node): Uint8Array => (node === null ? EMPTY_STATE_HASH : node.hash);
const childOf = (node: Branch, bit: 0 | 1): Node => (bit === 0 ? node.left : node.right);
const withChild = (node: Branch, bit: 0 | 1, child: Node): Branch =>
  bit === 0 ? new Branch(child, node.right) : new Branch(node.left, child);

function inserted(node: Node, leaf: Leaf, depth: number): Node {
  if (node === null) return leaf;
  if (node instanceof Leaf) return node.key === leaf.key ? leaf : split(node, leaf, depth);
  const bit = keyBit(leaf.keyHash, depth);
  return withChild(node, bit, inserted(childOf(node, bit), leaf, depth + 1));
}

/** Two leaves in one place: branches down to the first bit in which their keys differ. */
function split(a: Leaf, b: Leaf, depth: number, hashA = a.keyHash, hashB = b.keyHash): Branch {
  const bitA = keyBit(hashA, depth);
  const bitB = keyBit(hashB, depth);
  if (bitA !== bitB) return bitA === 0 ? new Branch(a, b) : new Branch(b, a);
  const below = split(a, b, depth + 1, hashA, hashB);
  return bitA === 0 ? new Branch(below, null) : new Branch(null, below);
}

function removed(node: Node, key: string, keyHash: Uint8Array, depth: number): Node {
  if (node === null) return null;
  if (node instanceof Leaf) return node.key === key ? null : node;
  const bit = keyBit(keyHash, depth);
  const before = childOf(node, bit);
  const child = removed(before, key, keyHash, depth + 1);
  if (child === before) return node;
  const other = childOf(node, bit === 0 ? 1 : 0);
  // A branch that is left with a single leaf below it collapses into that leaf.
  if (child === null && (other === null || other instanceof Leaf)) return other;
  if (other === null && child instanceof Leaf) return child;
  return withChild(node, bit, child);
}

function* leavesOf(node: Node): Iterable<Leaf> {
  if (node === null) return;
  if (node instanceof Leaf) {
    yield node;
    return;
  }
  yield* leavesOf(node.left);
  yield* leavesOf(node.right);
}

/** The order of the tree's leaves, the first bit first. */
function byKeyHash({ keyHash: a }: Leaf, { keyHash: b }: Leaf): number {
  for (let at = 0; at < a.length; at += 1) {
    const order = (a[at] ?? 0) - (b[at] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}

/** The subtree over leaves `from` to below `to`, which are in order and agree in the first `depth` bits. */
function built(leaves: readonly Leaf[], from: number, to: number, depth: number): Node {
  if (to - from <= 1) return leaves[from] && from < to ? leaves[from] : null;
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >> 1;
    const leaf = leaves[middle] as Leaf; // within the bounds
    if (keyBit(leaf.keyHash, depth) === 0) low = middle + 1;
    else high = middle;
  }
  return new Branch(built(leaves, from, low, depth + 1), built(leaves, low, to, depth + 1));
}

export class Trie {
  static readonly empty = new Trie(null);
  readonly #top: Node;

  private constructor(top: Node) {
    this.#top = top;
  }

  /**
   * A whole tree at once: what as many single writes give, without the copies of paths that they leave behind.
   * @param entries canonical JSON texts by key; of a key that stands there twice the last counts
   */
  static of(entries: Iterable<readonly [key: string, value: string]>): Trie {
    const leaves = Array.from(new Map(entries), ([key, value]) => new Leaf(key, value, stateKeyHash(key)));
    return new Trie(built(leaves.sort(byKeyHash), 0, leaves.length, 0));
  }

  get(key: string): Leaf | undefined {
    const keyHash = stateKeyHash(key);
    let node = this.#top;
    for (let depth = 0; node instanceof Branch; depth += 1) node = childOf(node, keyBit(keyHash, depth));
    return node?.key === key ? node : undefined;
  }

  /** @param value canonical JSON text */
  set(key: string, value: string): Trie {
    return new Trie(inserted(this.#top, new Leaf(key, value, stateKeyHash(key)), 0));
  }

  /** The same tree when there is no such key. */
  delete(key: string): Trie {
    const top = removed(this.#top, key, stateKeyHash(key), 0);
    return top === this.#top ? this : new Trie(top);
  }

  root(): Hash {
    return toHex(hashOf(this.#top));
  }

  /** All leaves, in the order of their key hashes. */
  leaves(): Iterable<Leaf> {
    return leavesOf(this.#top);
  }

  /** Proof of the value, or of the absence, of a key. */
  prove(key: string): StateProof {
    const keyHash = stateKeyHash(key);
    const siblings: Hash[] = [];
    let node = this.#top;
    for (let depth = 0; node instanceof Branch; depth += 1) {
      const bit = keyBit(keyHash, depth);
      siblings.push(toHex(hashOf(childOf(node, bit === 0 ? 1 : 0))));
      node = childOf(node, bit);
    }
    if (node === null) return { key, value: null, siblings };
    if (node.key === key) return { key, value: node.value, siblings };
    const neighbour = { keyHash: toHex(node.keyHash), valueHash: toHex(sha256(utf8Bytes(node.value))) };
    return { key, value: null, siblings, neighbour };
  }
}
