/**
 * Signatures for whole nodes that cost nothing: the message beside the key. They bind signer and message completely and
 * are no secret; an actor signs through its own signer only. Real ones would take most of a run's time.
 */
import { toHex } from '../../protocol/bytes.ts';
import type { Verifier } from '../../protocol/crypto/verifier.ts';
import { transactionSigningRoot } from '../../protocol/hashing.ts';
import type { Hex, Transaction, UnsignedTransaction } from '../../protocol/types.ts';

/** Every message that is signed is a root of 32 bytes; the last 32 bytes of a key name it. */
export const cheapSignature = (key: Hex, message: Uint8Array): Hex => toHex(message) + key.slice(-64);

export const cheapVerifier: Verifier = {
  wallet: (key, message, signature) => signature === cheapSignature(key, message),
  validator: (key, message, signature) => signature === cheapSignature(key, message),
};

export const cheaplySigned = (unsigned: UnsignedTransaction): Transaction => ({
  ...unsigned,
  signature: cheapSignature(unsigned.publicKey, transactionSigningRoot(unsigned)),
});
