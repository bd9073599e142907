import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { DecodeError } from './errors.ts';
import type { Hex } from './types.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export const toHex = (bytes: Uint8Array): Hex => bytesToHex(bytes);
export const utf8Bytes = (text: string): Uint8Array => utf8ToBytes(text);
export const joinBytes = (...parts: readonly Uint8Array[]): Uint8Array => concatBytes(...parts);

/** Bytes behind a hex string. @throws DecodeError on anything but hex, or when `length` bytes were wanted and not given */
export function fromHex(hex: Hex, length?: number): Uint8Array {
  if (length !== undefined && hex.length !== length * 2) throw new DecodeError('hex', `wants ${length} bytes`);
  try {
    return hexToBytes(hex);
  } catch {
    throw new DecodeError('hex', 'is not hexadecimal');
  }
}

/** Text behind UTF-8 bytes. @throws DecodeError on malformed UTF-8 */
export function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new DecodeError('text', 'is not UTF-8');
  }
}

export function bytesEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
