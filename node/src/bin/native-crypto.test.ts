import { describe, expect, it } from 'vitest';
import { fromHex, toHex, utf8Bytes } from '../protocol/bytes.ts';
import { signAsValidator, validatorKeyOf } from '../protocol/crypto/validator.ts';
import { nobleVerifier } from '../protocol/crypto/verifier.ts';
import { walletOf } from '../protocol/crypto/wallet.ts';
import { transactionSigningRoot } from '../protocol/hashing.ts';
import { seededRandom } from '../testing/random.ts';
import { libsecp256k1, nativeSigner, nativeVerifier, nativeWallet, opensslWalletVerify } from './native-crypto.ts';

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const ED_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const message = utf8Bytes('a vote');
const seed = new Uint8Array(32).fill(7);
const key = validatorKeyOf(seed);
const good = signAsValidator(seed, message);

/** S of an ed25519 signature as a number, and back (little endian). */
const scalarOf = (signature: string): bigint => BigInt(`0x${toHex(fromHex(signature.slice(64)).reverse())}`);
const withScalar = (signature: string, s: bigint): string =>
  signature.slice(0, 64) + toHex(fromHex(s.toString(16).padStart(64, '0')).reverse());

const secret = new Uint8Array(32).fill(9);
const wallet = walletOf(secret);
const tx = wallet.sign({
  chainId: 'test',
  type: 'transfer',
  sender: wallet.address,
  publicKey: wallet.publicKey,
  nonce: 0,
  gasPrice: 1,
  gasLimit: 200,
  args: '{}',
  evidence: [],
});
const root = transactionSigningRoot(tx);
const highS =
  tx.signature.slice(0, 64) + (ORDER - BigInt(`0x${tx.signature.slice(64)}`)).toString(16).padStart(64, '0');

describe('native and portable verification agree', () => {
  // Where libsecp256k1 has no binary the rest of this file holds OpenSSL alone to the reference.
  it.runIf(process.platform === 'linux' && process.arch === 'x64')(
    'has libsecp256k1 on the platform of the images',
    () => {
      expect(libsecp256k1()?.ecdsaVerify).toBeTypeOf('function');
    },
  );

  it('signs as the reference does', () => {
    const { signature, ...unsigned } = tx;
    for (let nonce = 0; nonce < 20; nonce += 1) {
      const another = { ...unsigned, nonce };
      expect(nativeWallet(secret).sign(another)).toEqual(wallet.sign(another));
    }
    expect(nativeSigner(seed).sign(message)).toBe(good);
    expect(nativeSigner(seed).key).toBe(key);
  });

  it.each([
    ['a good signature', key, good, true],
    ['another message', key, signAsValidator(seed, utf8Bytes('another')), false],
    ['S not reduced (RFC 8032, 5.1.7)', key, withScalar(good, scalarOf(good) + ED_ORDER), false],
    ['the identity as key', `01${'0'.repeat(62)}`, good, false],
    ['a key of small order', 'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', good, false],
    ['a key that is no point', 'f'.repeat(64), good, false],
    ['a key of wrong length', 'ab', good, false],
    ['a signature of wrong length', key, 'ab', false],
    ['a signature that is not hex', key, 'z'.repeat(128), false],
    ['all zeros', key, '0'.repeat(128), false],
  ])('ed25519: %s', (_case, publicKey, signature, expected) => {
    expect(nobleVerifier.validator(publicKey, message, signature)).toBe(expected);
    expect(nativeVerifier.validator(publicKey, message, signature)).toBe(expected);
  });

  it.each([
    ['a good signature', wallet.publicKey, tx.signature, true],
    ['high S', wallet.publicKey, highS, false],
    ['r and s zero', wallet.publicKey, '0'.repeat(128), false],
    ['s zero', wallet.publicKey, tx.signature.slice(0, 64) + '0'.repeat(64), false],
    ['r beyond the order', wallet.publicKey, 'f'.repeat(64) + tx.signature.slice(64), false],
    ['a key that is no point', `02${'f'.repeat(64)}`, tx.signature, false],
    ['an uncompressed prefix', `04${wallet.publicKey.slice(2)}`, tx.signature, false],
    ['a short signature', wallet.publicKey, tx.signature.slice(2), false],
  ])('secp256k1: %s', (_case, publicKey, signature, expected) => {
    expect(nobleVerifier.wallet(publicKey, root, signature)).toBe(expected);
    expect(nativeVerifier.wallet(publicKey, root, signature)).toBe(expected);
    expect(opensslWalletVerify(publicKey, root, signature)).toBe(expected);
  });

  it('on signatures with any one bit flipped', () => {
    const random = seededRandom(1);
    for (let round = 0; round < 60; round += 1) {
      const bit = random.below(512);
      const flip = (signature: string): string => {
        const bytes = fromHex(signature);
        bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
        return toHex(bytes);
      };
      for (const verifier of [nobleVerifier, nativeVerifier]) {
        expect(verifier.validator(key, message, flip(good))).toBe(false);
        expect(verifier.wallet(wallet.publicKey, root, flip(tx.signature))).toBe(false);
      }
      expect(opensslWalletVerify(wallet.publicKey, root, flip(tx.signature))).toBe(false);
    }
  });
});
