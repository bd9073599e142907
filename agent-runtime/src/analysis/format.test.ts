import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimal, plain, readableTime, thousandths, utf8Length } from './format.ts';

describe('decimal text', () => {
  test.each([
    [22220, '22220.0'],
    [98.57, '98.57'],
    [-0, '0.0'],
    [1e21, '1000000000000000000000.0'],
    [1.5e-7, '0.00000015'],
    [-2.5e22, '-25000000000000000000000.0'],
    [Number.NaN, '0.0'],
  ])('%d', (value, text) => {
    expect(decimal(value)).toBe(text);
  });

  test('reads back as the very same number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Number(decimal(value))).toBe(value === 0 ? 0 : value);
        expect(plain(value)).not.toContain('e');
      }),
    );
  });
});

test('thousandths are whole and round down', () => {
  expect([0, 0.9999, 1, 2, -1, Number.NaN].map(thousandths)).toEqual([0, 999, 1000, 1000, 0, 0]);
});

test('times outside the range of dates do not throw', () => {
  expect(readableTime(Date.UTC(2023, 9, 15, 14))).toBe('2023-10-15 14:00 UTC');
  expect(readableTime(Date.UTC(2023, 9, 15, 14, 0, 30))).toBe('2023-10-15 14:00:30 UTC');
  expect([Number.NaN, 9e15, Number.NEGATIVE_INFINITY].map(readableTime)).toEqual(['unknown', 'unknown', 'unknown']);
});

test('UTF-8 length', () => {
  expect(utf8Length('aé服😀')).toBe(1 + 2 + 3 + 4);
});
