import canonicalize from 'canonicalize';
import { DecodeError } from './errors.ts';

/**
 * Canonical JSON (RFC 8785) restricted to what two machines can never read differently: numbers are safe integers,
 * there is no `undefined`, and decoding accepts exactly the bytes that encoding would have produced. That last rule
 * refuses duplicate keys, other spellings of a number, unsorted keys and white space in one comparison.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Nesting that is accepted. Deeper input is an attack on the stack, not a call. */
const DEPTH_MAX = 32;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function assertIntegersOnly(value: unknown, depth = 0): void {
  if (depth > DEPTH_MAX) throw new DecodeError('json', `nested deeper than ${DEPTH_MAX}`);
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return;
    case 'number':
      if (Number.isSafeInteger(value) && !Object.is(value, -0)) return;
      throw new DecodeError('json', `${value} is not a safe integer`);
    case 'object':
      if (value === null) return;
      for (const item of Array.isArray(value) ? value : Object.values(value)) assertIntegersOnly(item, depth + 1);
      return;
    default:
      throw new DecodeError('json', `${typeof value} has no JSON form`);
  }
}

/** Canonical text of a JSON value. @throws DecodeError on floats, `undefined` and the like */
export function canonicalText(value: unknown): string {
  assertIntegersOnly(value);
  let text: string | undefined;
  try {
    text = canonicalize(value);
  } catch {
    throw new DecodeError('json', 'is not well-formed Unicode');
  }
  if (text === undefined) throw new DecodeError('json', 'has no JSON form');
  return text;
}

/** Canonical UTF-8 bytes of a JSON value. @throws DecodeError as `canonicalText` */
export function canonicalBytes(value: unknown): Uint8Array {
  return encoder.encode(canonicalText(value));
}

/** The value behind canonical bytes. @throws DecodeError unless the bytes are exactly canonical */
export function parseCanonical(bytes: Uint8Array): Json {
  let text: string;
  let value: unknown;
  try {
    text = decoder.decode(bytes);
    value = JSON.parse(text);
  } catch {
    throw new DecodeError('json', 'is not JSON in UTF-8');
  }
  if (canonicalText(value) !== text) throw new DecodeError('json', 'is not in canonical form (RFC 8785)');
  return value as Json;
}
