import { expect, test } from 'vitest';
import { MEMORY_ENTRIES_MAX, RETRY_AFTER_MS, RETRY_AFTER_MS_MAX } from './constants.ts';
import { Memory } from './memory.ts';

const failure = { code: 'TX_CANNOT_PAY_GAS', detail: 'poor' };

test('a duty that failed rests, and longer every time', () => {
  const memory = new Memory<string>();
  expect(memory.isTime('duty', 0)).toBe(true);
  memory.fail('duty', 1_000, failure);
  expect(memory.isTime('duty', 1_000 + RETRY_AFTER_MS - 1)).toBe(false);
  expect(memory.isTime('duty', 1_000 + RETRY_AFTER_MS)).toBe(true);
  memory.fail('duty', 1_000, failure);
  expect(memory.isTime('duty', 1_000 + RETRY_AFTER_MS)).toBe(false);
  expect(memory.isTime('duty', 1_000 + 2 * RETRY_AFTER_MS)).toBe(true);
  for (let again = 0; again < 20; again += 1) memory.fail('duty', 1_000, failure);
  expect(memory.isTime('duty', 1_000 + RETRY_AFTER_MS_MAX)).toBe(true);
});

test('its failure is known to the next attempt, until it is done', () => {
  const memory = new Memory<string>();
  memory.fail('duty', 0, failure);
  expect(memory.failureOf('duty')).toEqual(failure);
  memory.forget('duty');
  expect(memory.failureOf('duty')).toBeUndefined();
});

test('what is to wait waits, without counting as a failure', () => {
  const memory = new Memory<string>();
  memory.rest('duty', 5_000);
  expect([memory.isTime('duty', 4_999), memory.isTime('duty', 5_000)]).toEqual([false, true]);
  expect(memory.failureOf('duty')).toBeUndefined();
});

test('what was declined stays declined, other duties do not', () => {
  const memory = new Memory<string>();
  memory.decline('duty');
  expect(memory.isTime('duty', Number.MAX_SAFE_INTEGER)).toBe(false);
  expect(memory.isTime('other', 0)).toBe(true);
  memory.clear();
  expect(memory.isTime('duty', 0)).toBe(true);
});

test('an alert is new once', () => {
  const memory = new Memory<string>();
  expect([memory.isNew('alert'), memory.isNew('alert'), memory.isNew('other')]).toEqual([true, false, true]);
});

test('it is bounded: the oldest goes', () => {
  const memory = new Memory<string>();
  for (let index = 0; index <= MEMORY_ENTRIES_MAX; index += 1) memory.ballots.set(`proposal ${index}`, 'For');
  expect(memory.ballots.get('proposal 0')).toBeUndefined();
  expect(memory.ballots.get(`proposal ${MEMORY_ENTRIES_MAX}`)).toBe('For');
});
