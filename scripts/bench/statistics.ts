/** Percentiles of samples and of histograms. */

export interface Percentiles {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

/** The value below which `share` (0..1) of the samples lie, interpolated; NaN without samples. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

export const percentilesOf = (samples: readonly number[]): Percentiles => ({
  p50: percentile(samples, 0.5),
  p90: percentile(samples, 0.9),
  p99: percentile(samples, 0.99),
});

/** Upper bounds, ascending, each with how many samples lie at or below it; the last bound is Infinity. */
export type Histogram = readonly (readonly [bound: number, count: number])[];

export const samplesIn = (histogram: Histogram): number => histogram.at(-1)?.[1] ?? 0;

/** Within the bucket that holds it, samples are taken as evenly spread; NaN without samples. */
export function histogramPercentile(histogram: Histogram, share: number): number {
  const wanted = samplesIn(histogram) * share;
  if (wanted === 0) return Number.NaN;
  let [lower, before] = [0, 0];
  for (const [bound, count] of histogram) {
    if (count >= wanted && count > before) {
      return Number.isFinite(bound) ? lower + ((bound - lower) * (wanted - before)) / (count - before) : lower;
    }
    [lower, before] = [bound, count];
  }
  return lower;
}

export const histogramPercentiles = (histogram: Histogram): Percentiles => ({
  p50: histogramPercentile(histogram, 0.5),
  p90: histogramPercentile(histogram, 0.9),
  p99: histogramPercentile(histogram, 0.99),
});

/** Bounds must be the same in all, or a histogram must be empty. `sign` -1 takes the second from the first. */
export function combine(first: Histogram, second: Histogram, sign: 1 | -1): Histogram {
  if (first.length === 0) return sign === 1 ? second : [];
  const counts = new Map(second);
  return first.map(([bound, count]) => [bound, count + sign * (counts.get(bound) ?? 0)] as const);
}

/** Longest time between two neighbours of ascending moments, the ends of the span included. */
export function longestGap(moments: readonly number[], from: number, to: number): number {
  const inside = [from, ...moments.filter((at) => at > from && at < to), to];
  return inside.reduce((longest, at, index) => Math.max(longest, at - (inside[index - 1] ?? at)), 0);
}
