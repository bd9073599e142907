import { describe, expect, it } from 'vitest';
import { combine, histogramPercentile, longestGap, percentile, percentilesOf } from './statistics.ts';

describe('percentiles of samples', () => {
  it.each([
    [[5], 0.99, 5],
    [[3, 1, 2], 0.5, 2],
    [[1, 2, 3, 4], 0.5, 2.5],
    [[0, 10], 0.9, 9],
  ])('of %j at %d is %d', (samples, share, value) => expect(percentile(samples, share)).toBeCloseTo(value));

  it('are no numbers without samples', () => expect(percentilesOf([]).p50).toBeNaN());
});

describe('percentiles of a histogram', () => {
  const histogram = [
    [10, 0],
    [20, 4],
    [30, 10],
    [Number.POSITIVE_INFINITY, 10],
  ] as const;

  it.each([
    [0.2, 15],
    [0.4, 20],
    [0.7, 25],
    [1, 30],
  ])('lie inside the bucket: %d', (share, value) => expect(histogramPercentile(histogram, share)).toBeCloseTo(value));

  it('beyond the last bound are that bound', () =>
    expect(
      histogramPercentile(
        [
          [10, 0],
          [Number.POSITIVE_INFINITY, 3],
        ],
        0.5,
      ),
    ).toBe(10));

  it('count only what came in between two looks', () => {
    const later = histogram.map(([bound, count]) => [bound, count * 2] as const);
    expect(combine(later, histogram, -1)).toEqual(histogram);
    expect(combine(later, [], -1)).toEqual(later);
    expect(combine([], later, 1)).toEqual(later);
  });
});

describe('the longest gap', () => {
  it('counts the ends of the span', () => expect(longestGap([12, 14], 10, 20)).toBe(6));
  it('is the whole span without moments', () => expect(longestGap([1, 30], 10, 20)).toBe(10));
});
