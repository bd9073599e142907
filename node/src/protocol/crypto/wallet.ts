/**
 * Wallet keys: ECDSA with SHA-256 over secp256k1 (RFC 6979 nonces), low-S, compact 64 bytes. The message is the signing
 * root; it is hashed once more by ECDSA, which lets native libraries verify it without a raw-digest mode.
 */
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { fromHex, toHex } from '../bytes.ts';
import { addressOf, transactionSigningRoot } from '../hashing.ts';
import type { Address, Hex, Transaction, UnsignedTransaction } from '../types.ts';

export interface Wallet {
  readonly address: Address;
  readonly publicKey: Hex;
  sign(tx: UnsignedTransaction): Transaction;
}

/** @param secret 32 bytes, a valid secp256k1 scalar. @throws Error when it is not */
export function walletOf(secret: Uint8Array): Wallet {
  const publicKey = secp256k1.getPublicKey(secret, true);
  return {
    address: addressOf(publicKey),
    publicKey: toHex(publicKey),
    sign: (tx) => ({
      ...tx,
      signature: toHex(secp256k1.sign(transactionSigningRoot(tx), secret, { prehash: true, lowS: true })),
    }),
  };
}

/** ECDSA check over a message; high-S signatures are refused. */
export function verifyWallet(publicKey: Hex, message: Uint8Array, signature: Hex): boolean {
  try {
    return secp256k1.verify(fromHex(signature, 64), message, fromHex(publicKey, 33), { prehash: true, lowS: true });
  } catch {
    return false;
  }
}
