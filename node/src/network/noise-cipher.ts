/**
 * The cipher of the encrypted connections, with its keys kept as native key objects. The library hands the raw key to
 * the platform for every message above its limit for WebAssembly, and the platform makes a key object of it each time:
 * about a tenth of a loaded node's time.
 */
import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import type { ICryptoInterface } from '@chainsafe/libp2p-noise';
import { defaultCrypto } from '@chainsafe/libp2p-noise/crypto';

const ALGORITHM = 'chacha20-poly1305';
/** Bytes of the tag behind each ciphertext (RFC 8439). */
const TAG_BYTES = 16;
/** Bytes below which the library's WebAssembly is quicker than a call into the platform. */
const SHORT_BYTES = 1_200;

/** A connection keeps one key object a direction as long as it lives. */
const keys = new WeakMap<Uint8Array, KeyObject>();

function keyOf(raw: Uint8Array): KeyObject {
  const known = keys.get(raw) ?? createSecretKey(raw);
  keys.set(raw, known);
  return known;
}

type Bytes = Parameters<ICryptoInterface['chaCha20Poly1305Encrypt']>[0];

export const noiseCipher: ICryptoInterface = {
  ...defaultCrypto,
  chaCha20Poly1305Encrypt(plaintext: Bytes, nonce, ad, key) {
    if (plaintext.byteLength < SHORT_BYTES) return defaultCrypto.chaCha20Poly1305Encrypt(plaintext, nonce, ad, key);
    const cipher = createCipheriv(ALGORITHM, keyOf(key), nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(ad, { plaintextLength: plaintext.byteLength });
    const body = cipher.update(plaintext.subarray());
    return Buffer.concat([body, cipher.final(), cipher.getAuthTag()]);
  },
  /** @throws Error when the tag does not hold */
  chaCha20Poly1305Decrypt(ciphertext: Bytes, nonce, ad, key, target) {
    if (ciphertext.byteLength < SHORT_BYTES) {
      return defaultCrypto.chaCha20Poly1305Decrypt(ciphertext, nonce, ad, key, target);
    }
    const end = ciphertext.byteLength - TAG_BYTES;
    const cipher = createDecipheriv(ALGORITHM, keyOf(key), nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(ad, { plaintextLength: end });
    cipher.setAuthTag(ciphertext.subarray(end));
    const plaintext = cipher.update(ciphertext.subarray(0, end));
    cipher.final();
    return plaintext;
  },
};
