/**
 * Stands in for `@chainsafe/as-sha256` in browsers (vite.config.ts puts it there). That package compiles WebAssembly when
 * it is loaded, which the gateway's content security policy refuses; the SSZ library needs five functions of it, and
 * hashes with noble otherwise. A wrong hash here would fail every verification, never pass a false one.
 */
import { sha256 } from '@noble/hashes/sha2.js';

/** A 32-byte hash as eight signed little-endian words. */
export interface HashObject {
  h0: number;
  h1: number;
  h2: number;
  h3: number;
  h4: number;
  h5: number;
  h6: number;
  h7: number;
}

const WORDS = ['h0', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'h7'] as const;
const WORD_BYTES = 4;
const HASH_BYTES = 32;

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export const allocUnsafe = (size = 0): Uint8Array => new Uint8Array(size);

export function hashObjectToByteArray(hash: HashObject, bytes: Uint8Array, offset: number): void {
  const view = viewOf(bytes);
  for (const [index, word] of WORDS.entries()) view.setInt32(offset + index * WORD_BYTES, hash[word], true);
}

export function byteArrayIntoHashObject(bytes: Uint8Array, offset: number, output: HashObject): void {
  const view = viewOf(bytes);
  for (const [index, word] of WORDS.entries()) output[word] = view.getInt32(offset + index * WORD_BYTES, true);
}

export function byteArrayToHashObject(bytes: Uint8Array, offset: number): HashObject {
  const output: HashObject = { h0: 0, h1: 0, h2: 0, h3: 0, h4: 0, h5: 0, h6: 0, h7: 0 };
  byteArrayIntoHashObject(bytes, offset, output);
  return output;
}

/** SHA-256 of the two hashes one after the other. */
export function digest64HashObjects(left: HashObject, right: HashObject): HashObject {
  const input = new Uint8Array(2 * HASH_BYTES);
  hashObjectToByteArray(left, input, 0);
  hashObjectToByteArray(right, input, HASH_BYTES);
  return byteArrayToHashObject(sha256(input), 0);
}
