import { describe, expect, test } from 'vitest';
import { createFormatters, durationParts, formatDecimal, relativeParts, shortHash } from './format.ts';

const SECOND_MS = 1_000;
const english = createFormatters('en-US', 'UTC');
const chinese = createFormatters('zh-CN', 'UTC');
const AT_MS = Date.UTC(2026, 10, 22, 17, 5, 9, 87);

describe('numbers', () => {
  test('are grouped, and keep three digits after the point', () => {
    expect(english.number(22_120)).toBe('22,120');
    expect(english.number(0.12345)).toBe('0.123');
  });

  test('carry their sign where a change is meant', () => {
    expect([800, -50, 0].map(english.signed)).toEqual(['+800', '-50', '0']);
  });

  test('in thousandths read as percentages and weights', () => {
    expect(english.percent(751)).toBe('75.1%');
    expect(english.percent(1_000)).toBe('100%');
    expect(english.weight(4_200)).toBe('4.2');
  });

  test('measured as text stay text when they are no numbers', () => {
    expect(formatDecimal(english, '22220.0')).toBe('22,220');
    expect(formatDecimal(english, 'n/a')).toBe('n/a');
  });
});

describe('times', () => {
  test('are written in the language of the reader', () => {
    expect(english.dateTime(AT_MS)).toContain('11/22/2026');
    expect(chinese.dateTime(AT_MS)).toContain('2026/11/22');
    expect(english.timeOfDay(AT_MS)).toContain('05:09.087');
  });

  test('midnight is hour 0, not 24', () => {
    expect(english.timeOfDay(Date.UTC(2026, 0, 1))).toMatch(/^0/);
  });

  test('of the past are said as a distance, and a clock ahead of ours is now', () => {
    expect(english.ago(AT_MS - 5 * SECOND_MS, AT_MS)).toBe('5 seconds ago');
    expect(chinese.ago(AT_MS - 120 * SECOND_MS, AT_MS)).toContain('2');
    expect(english.ago(AT_MS + 5 * SECOND_MS, AT_MS)).toBe('now');
  });

  test.each([
    [0, [['second', 0]]],
    [59_999, [['second', 59]]],
    [
      65_000,
      [
        ['minute', 1],
        ['second', 5],
      ],
    ],
    [
      90_061_000,
      [
        ['day', 1],
        ['hour', 1],
      ],
    ],
    [-5, [['second', 0]]],
  ])('%i ms last %j', (lengthMs, parts) => {
    expect(durationParts(lengthMs)).toEqual(parts);
  });

  test('below a second are told in milliseconds', () => {
    expect(english.duration(38)).toBe('38ms');
    expect(english.duration(65_000)).toBe('1m 5s');
  });

  test.each([
    [-59_000, [-59, 'second']],
    [-61_000, [-1, 'minute']],
    [-7_200_000, [-2, 'hour']],
    [-200_000_000, [-2, 'day']],
  ])('%i ms is a distance of %j', (differenceMs, parts) => {
    expect(relativeParts(differenceMs)).toEqual(parts);
  });
});

test('bytes are rounded to kilobytes', () => {
  expect(english.bytes(512)).toBe('512B');
  expect(english.bytes(6_656)).toBe('6.5kB');
});

test('hashes keep head and tail, short texts stay whole', () => {
  expect(shortHash('0123456789abcdef0123456789abcdef')).toBe('01234567…abcdef');
  expect(shortHash('0123456789abcde')).toBe('0123456789abcde');
});
