import { expect, test } from 'vitest';
import { rankSeries, type Series } from './metric-series.ts';

const series = (node: string, metric: string, deviation: number | null): Series => ({
  node,
  metric,
  metricKind: 'latency',
  value: '1',
  baseline: null,
  deviation,
  onsetMs: null,
  samples: 1,
});

const ALL = [
  series('calm', 'latency', 200),
  series('odd', 'error_rate', -48_000),
  series('new', 'latency', null),
  series('slow', 'latency', 3_000),
];
const names = (search: string, unusualOnly: boolean) =>
  rankSeries(ALL, { search, unusualOnly }).map(({ node }) => node);

test('the most unusual comes first, in either direction; without a baseline last', () => {
  expect(names('', false)).toEqual(['odd', 'slow', 'calm', 'new']);
});

test('what stands out does so from three spreads on', () => {
  expect(names('', true)).toEqual(['odd', 'slow']);
});

test('search looks at service and metric', () => {
  expect(names(' ERROR ', false)).toEqual(['odd']);
  expect(names('calm', false)).toEqual(['calm']);
});
