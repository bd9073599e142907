import type { MetricsSnapshot } from '@dao-gov/node/protocol';

export type Series = MetricsSnapshot['series'][number];

/** Deviation in thousandths of a spread from which a series stands out: the usual three. */
export const STANDS_OUT = 3_000;

/** The series that match, by the size of their deviation; those without a baseline come last. */
export function rankSeries(
  series: readonly Series[],
  { search, unusualOnly }: { readonly search: string; readonly unusualOnly: boolean },
): readonly Series[] {
  const wanted = search.trim().toLowerCase();
  const size = ({ deviation }: Series): number => (deviation === null ? -1 : Math.abs(deviation));
  return series
    .filter(
      (one) =>
        (wanted === '' || `${one.node} ${one.metric}`.toLowerCase().includes(wanted)) &&
        (!unusualOnly || size(one) >= STANDS_OUT),
    )
    .toSorted((a, b) => size(b) - size(a));
}
