import { expect, test } from 'vitest';
import { parseHash, parseHeight } from './hex.ts';

const HASH = 'ab'.repeat(32);

test.each([
  ['', { kind: 'empty' }],
  ['   ', { kind: 'empty' }],
  [HASH, { kind: 'hash', hash: HASH }],
  [` 0x${HASH.toUpperCase()} `, { kind: 'hash', hash: HASH }],
  ['drink-buy', { kind: 'not_hex' }],
  ['abcd', { kind: 'wrong_length', length: 4 }],
  [`${HASH}00`, { kind: 'wrong_length', length: 66 }],
])('%j is %j', (input, result) => {
  expect(parseHash(input)).toEqual(result);
});

test.each([
  ['12', 12],
  [' #12 ', 12],
  ['0', 0],
  ['', null],
  ['-1', null],
  ['1.5', null],
  ['12a', null],
  ['9'.repeat(20), null],
])('%j is the height %j', (input, height) => {
  expect(parseHeight(input)).toBe(height);
});
