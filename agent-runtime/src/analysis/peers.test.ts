import { expect, test } from 'vitest';
import { readMetricName } from './peers.ts';

const NODES = new Set(['catalog', 'db:primary']);

test.each([
  ['latency_ms:catalog', { base: 'latency_ms', peer: 'catalog' }],
  ['latency_ms:db:primary', { base: 'latency_ms', peer: 'db:primary' }],
  ['job:latency_ms:catalog', { base: 'job:latency_ms', peer: 'catalog' }],
  ['job:latency_ms:rate5m', { base: 'job:latency_ms:rate5m', peer: null }],
  ['saturation:miss_share', { base: 'saturation:miss_share', peer: null }],
  [':catalog', { base: ':catalog', peer: null }],
  ['catalog', { base: 'catalog', peer: null }],
])('%s', (metric, expected) => {
  expect(readMetricName(metric, NODES)).toEqual(expected);
});
