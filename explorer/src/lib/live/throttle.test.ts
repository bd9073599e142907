import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { throttle } from './throttle.ts';

const INTERVAL_MS = 100;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('acts at once, and once more for all calls within the interval', () => {
  const action = vi.fn();
  const throttled = throttle(action, INTERVAL_MS);
  for (let call = 0; call < 5; call += 1) throttled();
  expect(action).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(INTERVAL_MS);
  expect(action).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(10 * INTERVAL_MS);
  expect(action).toHaveBeenCalledTimes(2);
});

test('never lets the last call of a burst get lost', () => {
  let newest = 0;
  let seen = 0;
  const throttled = throttle(() => {
    seen = newest;
  }, INTERVAL_MS);
  for (newest = 1; newest < 4; newest += 1) throttled();
  vi.advanceTimersByTime(INTERVAL_MS);
  expect(seen).toBe(newest);
});

test('does nothing more once cancelled', () => {
  const action = vi.fn();
  const throttled = throttle(action, INTERVAL_MS);
  throttled();
  throttled();
  throttled.cancel();
  vi.advanceTimersByTime(10 * INTERVAL_MS);
  expect(action).toHaveBeenCalledTimes(1);
});
