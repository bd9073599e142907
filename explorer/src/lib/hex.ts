/** What a person typed into a search box, judged before any request is made. */
export type HashInput =
  | { readonly kind: 'empty' }
  | { readonly kind: 'hash'; readonly hash: string }
  | { readonly kind: 'not_hex' }
  | { readonly kind: 'wrong_length'; readonly length: number };

/** Hex characters of a 32-byte hash. */
export const HASH_LENGTH = 64;

export function parseHash(input: string): HashInput {
  const text = input.trim().replace(/^0x/i, '').toLowerCase();
  if (text === '') return { kind: 'empty' };
  if (!/^[0-9a-f]+$/.test(text)) return { kind: 'not_hex' };
  return text.length === HASH_LENGTH ? { kind: 'hash', hash: text } : { kind: 'wrong_length', length: text.length };
}

/** A block height as typed, `#12` included; null when it is none. */
export function parseHeight(input: string): number | null {
  const text = input.trim().replace(/^#/, '');
  const height = Number(text);
  return /^\d{1,15}$/.test(text) && Number.isSafeInteger(height) ? height : null;
}
