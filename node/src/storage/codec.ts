/** Values of the chain store as bytes: SSZ where the protocol has a schema, short text where a person may look. */

import type { ChainTip, SetChange, TransactionPlace } from '../ports/store.ts';
import { textOf, utf8Bytes } from '../protocol/bytes.ts';
import { canonicalBytes, parseCanonical } from '../protocol/canonical.ts';
import { DecodeError } from '../protocol/errors.ts';
import { decodeReceipt, encodeReceipt } from '../protocol/ssz.ts';
import type { Receipt } from '../protocol/types.ts';

const LENGTH_BYTES = 4;

/** Receipts one after another, each behind its length (u32, little-endian). */
export function encodeReceipts(receipts: readonly Receipt[]): Uint8Array {
  const parts = receipts.map(encodeReceipt);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + LENGTH_BYTES + part.length, 0));
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const part of parts) {
    view.setUint32(offset, part.length, true);
    bytes.set(part, offset + LENGTH_BYTES);
    offset += LENGTH_BYTES + part.length;
  }
  return bytes;
}

/** @throws DecodeError */
export function decodeReceipts(bytes: Uint8Array): readonly Receipt[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const receipts: Receipt[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    if (offset + LENGTH_BYTES > bytes.length) throw new DecodeError('receipts', 'end within a length');
    const end = offset + LENGTH_BYTES + view.getUint32(offset, true);
    if (end > bytes.length) throw new DecodeError('receipts', 'end within a receipt');
    receipts.push(decodeReceipt(bytes.subarray(offset + LENGTH_BYTES, end)));
    offset = end;
  }
  return receipts;
}

/** A whole number as it was written: no sign, no leading zero, no other spelling. */
function count(where: string, text: string | undefined): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0 || String(value) !== text) {
    throw new DecodeError(where, 'is no height or index');
  }
  return value;
}

/** The two halves of `a/b`. */
function halves(where: string, bytes: Uint8Array): readonly [string, string] {
  const [first, second, ...more] = textOf(bytes).split('/');
  if (first === undefined || second === undefined || more.length > 0) throw new DecodeError(where, 'has no two parts');
  return [first, second];
}

export const encodeHeight = (height: number): Uint8Array => utf8Bytes(String(height));
/** @throws DecodeError */
export const decodeHeight = (bytes: Uint8Array): number => count('height', textOf(bytes));

export const encodePlace = (place: TransactionPlace): Uint8Array => utf8Bytes(`${place.height}/${place.index}`);
/** @throws DecodeError */
export function decodePlace(bytes: Uint8Array): TransactionPlace {
  const [height, index] = halves('place', bytes);
  return { height: count('place.height', height), index: count('place.index', index) };
}

export const encodeTip = (tip: ChainTip): Uint8Array => utf8Bytes(`${tip.height}/${tip.hash}`);
/** @throws DecodeError */
export function decodeTip(bytes: Uint8Array): ChainTip {
  const [height, hash] = halves('tip', bytes);
  if (!/^[0-9a-f]{64}$/.test(hash)) throw new DecodeError('tip.hash', 'is no hash');
  return { height: count('tip.height', height), hash };
}

export const encodeSetChange = (change: SetChange): Uint8Array => canonicalBytes(change);
/** @throws DecodeError */
export function decodeSetChange(bytes: Uint8Array): SetChange {
  try {
    return parseCanonical(bytes) as unknown as SetChange; // canonical bytes that this node itself wrote
  } catch (error) {
    throw new DecodeError('set change', error instanceof Error ? error.message : 'malformed');
  }
}
