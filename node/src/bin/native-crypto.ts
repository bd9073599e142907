/**
 * Signatures in native code: ed25519 by the platform's OpenSSL, secp256k1 by libsecp256k1 (a fifth of OpenSSL's time)
 * where its binary fits this machine. Where a library is laxer than the protocol, the rule is checked here first;
 * `native-crypto.test.ts` holds all of them to the answers of the portable reference.
 */
import { createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';
import { createRequire } from 'node:module';
import type { ValidatorSigner } from '../ports/index.ts';
import { fromHex, toHex } from '../protocol/bytes.ts';
import type { Verifier } from '../protocol/crypto/verifier.ts';
import { type Wallet, walletOf } from '../protocol/crypto/wallet.ts';
import { addressOf, transactionSigningRoot } from '../protocol/hashing.ts';
import type { Hex, UnsignedTransaction } from '../protocol/types.ts';

/** Half of secp256k1's group order: a larger S is the other spelling of the same signature and is refused. */
const HALF_ORDER = fromHex('7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0');
const S_OFFSET = 32;
/** DER prefixes of a SubjectPublicKeyInfo (RFC 8410; RFC 5480 with a compressed point) and of a PKCS #8 seed. */
const ED25519_SPKI = fromHex('302a300506032b6570032100');
const ED25519_PKCS8 = fromHex('302e020100300506032b657004220420');
const SECP256K1_SPKI = fromHex('3036301006072a8648ce3d020106052b8104000a032200');
/** Parsed keys that are kept. A network has few validators and agents; strangers' keys push each other out. */
const KEYS_MAX = 1_024;

function keyCache(prefix: Uint8Array, bytes: number): (key: Hex) => KeyObject {
  const known = new Map<Hex, KeyObject>();
  return (key) => {
    const cached = known.get(key);
    if (cached) return cached;
    const der = Buffer.concat([prefix, fromHex(key, bytes)]);
    const parsed = createPublicKey({ key: der, format: 'der', type: 'spki' });
    if (known.size >= KEYS_MAX) known.clear();
    known.set(key, parsed);
    return parsed;
  };
}

const ed25519Key = keyCache(ED25519_SPKI, 32);
const secp256k1Key = keyCache(SECP256K1_SPKI, 33);

/** Total: any input that a key or a signature cannot be read from is a signature that does not hold. */
function holds(check: () => boolean): boolean {
  try {
    return check();
  } catch {
    return false;
  }
}

/** ECDSA over a 32-byte digest, 64-byte compact signature, compressed key. Throws on what it cannot read. */
type EcdsaVerify = (signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array) => boolean;

interface Libsecp256k1 {
  readonly ecdsaVerify: EcdsaVerify;
  publicKeyCreate(secret: Uint8Array, compressed: boolean): Uint8Array;
  /** Low-S, with the nonce of RFC 6979. */
  ecdsaSign(digest: Uint8Array, secret: Uint8Array): { readonly signature: Uint8Array };
}

/**
 * The library's own entry falls back to plain JavaScript without a word, slower than OpenSSL; its bindings throw.
 * @returns undefined when no binary was built for this machine
 */
export function libsecp256k1(): Libsecp256k1 | undefined {
  try {
    return createRequire(import.meta.url)('secp256k1/bindings') as Libsecp256k1;
  } catch {
    return undefined;
  }
}

type WalletVerify = Verifier['wallet'];

/** @param ecdsa the digest of the message is made here: SHA-256 */
const walletVerifyBy =
  (ecdsa: EcdsaVerify): WalletVerify =>
  (publicKey, message, signature) =>
    holds(() => {
      const bytes = fromHex(signature, 64);
      if (Buffer.compare(bytes.subarray(S_OFFSET), HALF_ORDER) > 0) return false;
      return ecdsa(bytes, hash('sha256', message, 'buffer'), fromHex(publicKey, 33));
    });

export const opensslWalletVerify: WalletVerify = (publicKey, message, signature) =>
  holds(() => {
    const bytes = fromHex(signature, 64);
    if (Buffer.compare(bytes.subarray(S_OFFSET), HALF_ORDER) > 0) return false;
    return verify('sha256', message, { key: secp256k1Key(publicKey), dsaEncoding: 'ieee-p1363' }, bytes);
  });

const fast = libsecp256k1();

export const nativeVerifier: Verifier = {
  wallet: fast ? walletVerifyBy(fast.ecdsaVerify) : opensslWalletVerify,
  validator: (key, message, signature) => holds(() => verify(null, message, ed25519Key(key), fromHex(signature, 64))),
};

/** @param seed 32 bytes */
export function nativeSigner(seed: Uint8Array): ValidatorSigner {
  const key = createPrivateKey({ key: Buffer.concat([ED25519_PKCS8, seed]), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return { key: toHex(spki.subarray(ED25519_SPKI.length)), sign: (message) => toHex(sign(null, message, key)) };
}

/** The wallet of a secret, which signs in native code where there is some. @throws Error when it is no scalar */
export function nativeWallet(secret: Uint8Array): Wallet {
  if (!fast) return walletOf(secret);
  const publicKey = fast.publicKeyCreate(secret, true);
  const signatureOf = (tx: UnsignedTransaction): Uint8Array =>
    fast.ecdsaSign(hash('sha256', transactionSigningRoot(tx), 'buffer'), secret).signature;
  return {
    address: addressOf(publicKey),
    publicKey: toHex(publicKey),
    sign: (tx) => ({ ...tx, signature: toHex(signatureOf(tx)) }),
  };
}
