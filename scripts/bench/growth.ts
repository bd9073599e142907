/** How a cost grows with the number of validators: the power of n that fits it. */
import { isKnown, type Point } from './chart.ts';

/**
 * The exponent e of the best fit y = c · x^e, by least squares of the logarithms; NaN without two places on the x axis.
 * Messages of an all-to-all protocol have 2 in n (n - 1), which between 4 and 25 looks like 2.14.
 */
export function growthExponent(points: readonly Point[]): number {
  const logs = points
    .filter((point) => isKnown(point) && Math.min(...point) > 0)
    .map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(logs.map(([x]) => x)), mean(logs.map(([, y]) => y))];
  const spread = logs.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
  return spread === 0 ? Number.NaN : logs.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) / spread;
}

/** A line of n (n - 1) through the first point: what everyone's one message to everyone else costs more and more. */
export function squareGuide(points: readonly Point[]): readonly Point[] {
  const [first] = points;
  if (!first) return [];
  const [x0, y0] = first;
  return points.map(([x]) => [x, (y0 * x * (x - 1)) / (x0 * (x0 - 1))] as const);
}
