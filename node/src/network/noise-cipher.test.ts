import { randomBytes } from 'node:crypto';
import { defaultCrypto } from '@chainsafe/libp2p-noise/crypto';
import { describe, expect, it } from 'vitest';
import { noiseCipher } from './noise-cipher.ts';

const key = new Uint8Array(randomBytes(32));
const nonce = new Uint8Array(12).fill(3);
const header = new Uint8Array([1, 2, 3]);
const bytesOf = (some: { subarray(): Uint8Array }): readonly number[] => [...some.subarray()];

describe('the cipher of encrypted connections', () => {
  it.each([0, 1, 1_183, 1_184, 1_199, 1_200, 1_201, 65_519])('speaks as the library does, %i bytes', (length) => {
    const text = new Uint8Array(randomBytes(length));
    const sealed = noiseCipher.chaCha20Poly1305Encrypt(text, nonce, header, key);
    expect(bytesOf(sealed)).toEqual(bytesOf(defaultCrypto.chaCha20Poly1305Encrypt(text, nonce, header, key)));
    const copy = Uint8Array.from(bytesOf(sealed));
    expect(bytesOf(noiseCipher.chaCha20Poly1305Decrypt(copy.slice(), nonce, header, key))).toEqual([...text]);
    expect(bytesOf(defaultCrypto.chaCha20Poly1305Decrypt(copy, nonce, header, key))).toEqual([...text]);
  });

  it.each([100, 5_000])('refuses %i bytes with one changed, under another header or another key', (length) => {
    const sealed = Uint8Array.from(
      bytesOf(noiseCipher.chaCha20Poly1305Encrypt(new Uint8Array(length), nonce, header, key)),
    );
    const changed = sealed.slice();
    changed[length >> 1] = (changed[length >> 1] ?? 0) ^ 1;
    const open = (bytes: Uint8Array, ad: Uint8Array, by: Uint8Array) => () =>
      noiseCipher.chaCha20Poly1305Decrypt(bytes.slice(), nonce, ad, by);
    expect(open(changed, header, key)).toThrow();
    expect(open(sealed, new Uint8Array(3), key)).toThrow();
    expect(open(sealed, header, new Uint8Array(32))).toThrow();
    expect(bytesOf(open(sealed, header, key)())).toEqual(bytesOf(new Uint8Array(length)));
  });
});
