import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonTokens } from './json-tokens.ts';

test('tells keys from strings, numbers and words', () => {
  const value = { 'a:"b\'': 'x: 1', n: [-1.5e21, true, null] };
  const kinds = jsonTokens(value).flatMap(({ text, kind }) => (kind === 'plain' ? [] : [[kind, text]]));
  expect(kinds).toEqual([
    ['key', JSON.stringify('a:"b\'')],
    ['string', '"x: 1"'],
    ['key', '"n"'],
    ['number', '-1.5e+21'],
    ['word', 'true'],
    ['word', 'null'],
  ]);
});

test('joined, the tokens are the printed JSON, whatever the value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(
        jsonTokens(value)
          .map(({ text }) => text)
          .join(''),
      ).toBe(JSON.stringify(value, null, 2));
    }),
  );
});
