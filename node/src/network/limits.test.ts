import { describe, expect, test } from 'vitest';
import { frameQueue } from './frame-queue.ts';
import { tokenBucket } from './token-bucket.ts';

describe('the token bucket', () => {
  const limit = { perSecond: 10, burst: 20, debtMax: 20 };
  const verdicts = (bucket: ReturnType<typeof tokenBucket>, count: number, nowMs: number) =>
    Array.from({ length: count }, () => bucket.take(1, nowMs));

  test('passes a burst, then drops, then calls it abuse', () => {
    const taken = verdicts(tokenBucket(limit), 41, 0);
    expect(taken).toEqual([...Array(20).fill('pass'), ...Array(20).fill('drop'), 'abuse']);
  });

  test('passes a steady rate forever', () => {
    const bucket = tokenBucket(limit);
    for (let second = 0; second < 1_000; second += 1) {
      expect(verdicts(bucket, 10, second * 1_000)).not.toContain('drop');
    }
  });

  test('recovers with time, up to one burst', () => {
    const bucket = tokenBucket(limit);
    verdicts(bucket, 30, 0);
    expect(bucket.take(1, 1_000)).toBe('drop');
    expect(verdicts(bucket, 21, 3_600_000)).toEqual([...Array(20).fill('pass'), 'drop']);
  });
});

describe('the frame queue', () => {
  const frame = (fill: number, length = 10): Uint8Array => new Uint8Array(length).fill(fill);

  test('gives frames back in order, joined up to the chunk size', () => {
    const queue = frameQueue({ framesMax: 10, bytesMax: 1_000 });
    for (const fill of [1, 2, 3]) queue.push(frame(fill));
    expect(queue.take(25)).toEqual({ bytes: new Uint8Array([...frame(1), ...frame(2)]), frames: 2 });
    expect(queue.take(5)).toEqual({ bytes: frame(3), frames: 1 });
    expect(queue.take(5)).toBeUndefined();
  });

  test.each([
    ['frames', { framesMax: 3, bytesMax: 1_000 }],
    ['bytes', { framesMax: 100, bytesMax: 30 }],
  ])('lets the oldest go above its limit of %s', (_, limits) => {
    const queue = frameQueue(limits);
    expect([1, 2, 3, 4, 5].map((fill) => queue.push(frame(fill)))).toEqual([0, 0, 0, 1, 1]);
    expect(queue.take(1_000)?.bytes).toEqual(new Uint8Array([...frame(3), ...frame(4), ...frame(5)]));
  });

  test('one large frame replaces all that it has no room beside', () => {
    const queue = frameQueue({ framesMax: 100, bytesMax: 30 });
    for (const fill of [1, 2, 3]) queue.push(frame(fill));
    expect(queue.push(frame(4, 30))).toBe(3);
    expect(queue.length).toBe(1);
  });

  test('drops what waited too long', () => {
    const queue = frameQueue({ framesMax: 100, bytesMax: 1_000 });
    for (const fill of [1, 2, 3]) queue.push(frame(fill), fill * 100);
    expect([queue.expire(150), queue.expire(150), queue.length]).toEqual([1, 0, 2]);
    expect(queue.take(1_000)?.bytes).toEqual(new Uint8Array([...frame(2), ...frame(3)]));
    queue.push(frame(4), 400);
    expect([queue.expire(1_000), queue.length, queue.take(10)]).toEqual([1, 0, undefined]);
  });

  test('starts anew after it was cleared', () => {
    const queue = frameQueue({ framesMax: 2, bytesMax: 20 });
    queue.push(frame(1));
    expect(queue.clear()).toBe(1);
    expect([queue.push(frame(2)), queue.push(frame(3))]).toEqual([0, 0]);
  });
});
