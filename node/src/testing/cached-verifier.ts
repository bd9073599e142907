import { toHex } from '../protocol/bytes.ts';
import { nobleVerifier, type Verifier } from '../protocol/crypto/verifier.ts';

/** The reference verifier that remembers its answers: for tests that verify one bundle in hundreds of variants. */
export function cachedVerifier(inner: Verifier = nobleVerifier): Verifier {
  const known = new Map<string, boolean>();
  const remember = (key: string, check: () => boolean): boolean => {
    const answer = known.get(key) ?? check();
    known.set(key, answer);
    return answer;
  };
  return {
    wallet: (key, digest, signature) =>
      remember(`w${key}${toHex(digest)}${signature}`, () => inner.wallet(key, digest, signature)),
    validator: (key, message, signature) =>
      remember(`v${key}${toHex(message)}${signature}`, () => inner.validator(key, message, signature)),
  };
}
