/** Validator keys: ed25519 by RFC 8032 (not ZIP-215), which is the rule that native libraries share. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { fromHex, toHex } from '../bytes.ts';
import type { Hex, ValidatorKey } from '../types.ts';

/** @param secret 32 bytes, the seed */
export const validatorKeyOf = (secret: Uint8Array): ValidatorKey => toHex(ed25519.getPublicKey(secret));

export const signAsValidator = (secret: Uint8Array, message: Uint8Array): Hex => toHex(ed25519.sign(message, secret));

export function verifyValidator(key: ValidatorKey, message: Uint8Array, signature: Hex): boolean {
  try {
    return ed25519.verify(fromHex(signature, 64), message, fromHex(key, 32), { zip215: false });
  } catch {
    return false;
  }
}
