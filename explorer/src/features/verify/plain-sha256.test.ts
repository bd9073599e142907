/** Against the package that it stands in for: Node may compile WebAssembly, so the tests load the real one. */
import * as original from '@chainsafe/as-sha256';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as plain from './plain-sha256.ts';

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });

test('hashes two hashes as the original does', () => {
  fc.assert(
    fc.property(bytes32, bytes32, (left, right) => {
      const hash = plain.digest64HashObjects(
        plain.byteArrayToHashObject(left, 0),
        plain.byteArrayToHashObject(right, 0),
      );
      const expected = original.digest64HashObjects(
        original.byteArrayToHashObject(left, 0),
        original.byteArrayToHashObject(right, 0),
      );
      expect(hash).toEqual({ ...expected });
    }),
  );
});

test('reads and writes hashes as the original does, at any offset', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 48 }), fc.nat(), (bytes, seed) => {
      const offset = seed % (bytes.length - 31);
      const hash = plain.byteArrayToHashObject(bytes, offset);
      expect(hash).toEqual({ ...original.byteArrayToHashObject(bytes, offset) });
      const written = plain.allocUnsafe(bytes.length);
      plain.hashObjectToByteArray(hash, written, offset);
      expect(written.subarray(offset, offset + 32)).toEqual(bytes.subarray(offset, offset + 32));
    }),
  );
});
