import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64, toBase64 } from './base64.ts';

describe('base64', () => {
  it('is what the platform writes, and reads back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const text = toBase64(bytes);
        expect(text).toBe(Buffer.from(bytes).toString('base64'));
        expect(fromBase64(text)).toEqual(bytes);
      }),
    );
    const large = Uint8Array.from({ length: 40_001 }, (_, index) => index % 251);
    expect(fromBase64(toBase64(large))).toEqual(large);
  });

  it.each(['A', 'AA', 'AAA', 'A===', 'AA=A', 'AB==', 'AAB=', 'AA A', 'AA-_', '=AAA', '====', 'AAAA====', 'ÄÖÜß'])(
    'refuses %j, of which there is another spelling or none',
    (text) => {
      expect(() => fromBase64(text)).toThrow(/base64/);
    },
  );
});
