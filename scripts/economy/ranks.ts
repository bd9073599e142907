/** Rank correlation and means, for statements about orders. */

/** Ranks from 1 on; equal values share the mean of their ranks. */
function ranksOf(values: readonly number[]): readonly number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return values.map((value) => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2 + 1);
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** Half the width of the 95 % interval of the mean, by the normal approximation; Infinity for fewer than two values. */
export function meanError(values: readonly number[]): number {
  if (values.length < 2) return Number.POSITIVE_INFINITY;
  const middle = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
  return 1.96 * Math.sqrt(variance / values.length);
}

/** Spearman's rank correlation, -1..1: Pearson's of the ranks, so that ties count right. NaN when one does not vary. */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [ranksOf(a), ranksOf(b)];
  const [mx, my] = [mean(x), mean(y)];
  const product = (u: readonly number[], mu: number, v: readonly number[], mv: number): number =>
    u.reduce((sum, value, index) => sum + (value - mu) * ((v[index] ?? mv) - mv), 0);
  return product(x, mx, y, my) / Math.sqrt(product(x, mx, x, mx) * product(y, my, y, my));
}
