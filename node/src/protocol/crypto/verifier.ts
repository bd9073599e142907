import type { Hex } from '../types.ts';
import { verifyValidator } from './validator.ts';
import { verifyWallet } from './wallet.ts';

/**
 * Signature checks as a port: noble in browsers and as the reference, native libraries on a node's hot path.
 * Both must decide every input alike (`crypto/differential.test.ts`).
 */
export interface Verifier {
  /** ECDSA with SHA-256 over secp256k1, low-S. */
  wallet(publicKey: Hex, message: Uint8Array, signature: Hex): boolean;
  /** ed25519 by RFC 8032. */
  validator(key: Hex, message: Uint8Array, signature: Hex): boolean;
}

export const nobleVerifier: Verifier = { wallet: verifyWallet, validator: verifyValidator };
