/** Wallets of the load, which sign in native code: in JavaScript a signature takes as long as a node's whole work on it. */
import { hash } from 'node:crypto';
import { createRequire } from 'node:module';
import { toHex, transactionSigningRoot, type UnsignedTransaction, type Wallet, walletOf } from '@dao-gov/node/protocol';

interface Libsecp256k1 {
  /** Low-S, with the nonce of RFC 6979. */
  ecdsaSign(digest: Uint8Array, secret: Uint8Array): { readonly signature: Uint8Array };
}

/** Undefined where no binary was built for this machine. */
function libsecp256k1(): Libsecp256k1 | undefined {
  try {
    return createRequire(import.meta.url)('secp256k1/bindings') as Libsecp256k1;
  } catch {
    return undefined;
  }
}

const fast = libsecp256k1();

/** The wallet of a secret. @throws Error when it is no scalar */
export function nativeWallet(secret: Uint8Array): Wallet {
  const wallet = walletOf(secret);
  if (!fast) return wallet;
  const signatureOf = (tx: UnsignedTransaction): Uint8Array =>
    fast.ecdsaSign(hash('sha256', transactionSigningRoot(tx), 'buffer'), secret).signature;
  return { ...wallet, sign: (tx) => ({ ...tx, signature: toHex(signatureOf(tx)) }) };
}
