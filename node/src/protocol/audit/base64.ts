/** Base64 (RFC 4648, section 4) in pure code: this room has no platform. One text a byte string, and no other. */
import { DecodeError } from '../errors.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Map([...ALPHABET].map((letter, value) => [letter.charCodeAt(0), value]));
const PADDING = '=';
/** Characters a string is put together from at a time: large blobs stay linear. */
const CHUNK_BYTES = 3 * 4_096;

function encodeChunk(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const letters = [18, 12, 6, 0].map((shift) => ALPHABET.charAt((group >> shift) & 63));
    const given = Math.min(bytes.length - at, 3);
    text += letters.slice(0, given + 1).join('') + PADDING.repeat(3 - given);
  }
  return text;
}

export function toBase64(bytes: Uint8Array): string {
  const chunks: string[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) chunks.push(encodeChunk(bytes.subarray(at, at + CHUNK_BYTES)));
  return chunks.join('');
}

/** @throws DecodeError unless the text is exactly what `toBase64` gives for some bytes */
export function fromBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0) throw new DecodeError('base64', 'has a length that is no multiple of 4');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  const letters = text.length - padding;
  let buffer = 0;
  let bits = 0;
  let length = 0;
  for (let at = 0; at < letters; at += 1) {
    const value = VALUES.get(text.charCodeAt(at));
    if (value === undefined) throw new DecodeError('base64', `has an unknown letter at ${at}`);
    buffer = ((buffer << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[length] = (buffer >> bits) & 0xff;
    length += 1;
  }
  // Bits after the last byte must be zero: otherwise two texts would give the same bytes.
  if ((buffer & ((1 << bits) - 1)) !== 0) throw new DecodeError('base64', 'has bits after its last byte');
  return bytes;
}
