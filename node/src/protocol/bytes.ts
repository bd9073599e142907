import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { DecodeError } from './errors.ts';
import type { Hex } from './types.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export const toHex = (bytes: Uint8Array): Hex => bytesToHex(bytes);

/** Length up to which a loop over plain ASCII beats the platform's encoder. Most texts of the protocol are such. */
const SHORT_TEXT = 256;

export function utf8Bytes(text: string): Uint8Array {
  if (text.length > SHORT_TEXT) return utf8ToBytes(text);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 127) return utf8ToBytes(text);
    bytes[at] = code;
  }
  return bytes;
}
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
