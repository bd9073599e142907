import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startOtlpReceiver, telemetryConfigSchema } from '@dao-gov/agent-runtime/telemetry';
import { Counter, Histogram, Registry } from 'prom-client';
import { describe, expect, test, vi } from 'vitest';
import { ROOT } from '../../testnet/testnet.ts';
import { derive } from './derive.ts';
import { parseExposition, type Sample } from './exposition.ts';
import { Observation } from './observation.ts';

const all = (): boolean => true;

describe('the exposition format', () => {
  test('of prom-client is read as it was meant', async () => {
    const registry = new Registry();
    const counter = new Counter({ name: 'hits', help: 'x', labelNames: ['path'], registers: [registry] });
    counter.inc({ path: 'a "quoted" \\ {brace}, and\na line' }, 3);
    new Histogram({ name: 'took', help: 'x', buckets: [0.5], registers: [registry] }).observe(0.25);
    expect(parseExposition(await registry.metrics(), all)).toEqual([
      { name: 'hits', labels: { path: 'a "quoted" \\ {brace}, and\na line' }, value: 3 },
      { name: 'took_bucket', labels: { le: '0.5' }, value: 1 },
      { name: 'took_bucket', labels: { le: '+Inf' }, value: 1 },
      { name: 'took_sum', labels: {}, value: 0.25 },
      { name: 'took_count', labels: {}, value: 1 },
    ]);
  });

  test('unwanted names are left out', () => {
    expect(parseExposition('a 1\nb 2\n', (name) => name === 'b').map(({ value }) => value)).toEqual([2]);
  });
});

const SERVED = 'http_server_request_duration_seconds';
const sample = (name: string, value: number, labels: Record<string, string> = {}): Sample => ({ name, value, labels });
const served = (status: string, count: number, sum: number): Sample[] => {
  const labels = { http_route: '/', http_response_status_code: status };
  return [
    sample(`${SERVED}_count`, count, labels),
    sample(`${SERVED}_sum`, sum, labels),
    sample(`${SERVED}_bucket`, count / 2, { ...labels, le: '0.1' }),
    sample(`${SERVED}_bucket`, count, { ...labels, le: '0.3' }),
    sample(`${SERVED}_bucket`, count, { ...labels, le: '+Inf' }),
  ];
};

describe('what two scrapes tell', () => {
  test('rate, mean, percentile and share of failures of what was served in between', () => {
    const before = served('200', 100, 10);
    const now = [...served('200', 118, 12), ...served('503', 2, 0.2)];
    expect(derive(before, now, 5)).toMatchObject({
      requests_per_second: 4,
      request_error_rate: 0.1,
      request_latency_mean_ms: expect.closeTo(110, 6),
      request_latency_p95_ms: expect.closeTo(280, 6),
    });
  });

  test('a counter that fell began anew', () => {
    expect(derive(served('200', 100, 10), served('200', 5, 1), 5).requests_per_second).toBe(1);
  });

  test('without requests there is no latency and no share of failures, but there is a rate', () => {
    const idle = derive(served('200', 100, 10), served('200', 100, 10), 5);
    expect(idle).toMatchObject({ requests_per_second: 0 });
    expect(idle).not.toHaveProperty('request_latency_mean_ms');
    expect(idle).not.toHaveProperty('request_error_rate');
  });

  test('calls are told apart by callee; no answer is a failure', () => {
    const call = (to: string, status: string, count: number): Sample[] => {
      const labels = { server_address: to, http_response_status_code: status };
      return [
        sample('http_client_request_duration_seconds_count', count, labels),
        sample('http_client_request_duration_seconds_sum', count / 10, labels),
      ];
    };
    expect(
      derive([], [...call('seat', '200', 3), ...call('seat', 'none', 1), ...call('price', '200', 2)], 5),
    ).toMatchObject({
      'call_latency_mean_ms:seat': expect.closeTo(100, 6),
      'call_error_rate:seat': 0.25,
      'call_error_rate:price': 0,
    });
  });
});

test('the names derived here are those that the preset asks of Prometheus', () => {
  const preset = telemetryConfigSchema.parse(JSON.parse(readFileSync(`${ROOT}/config/telemetry.json`, 'utf8')));
  const known = new Set(preset.prometheus?.queries.map(({ metric }) => metric));
  const histograms = [
    SERVED,
    'db_query_duration_seconds',
    'db_lock_wait_seconds',
    'messaging_process_duration_seconds',
  ];
  const counters = ['process_cpu_seconds_total', 'cache_hits_total', 'cache_misses_total'];
  const gauges = [
    'process_resident_memory_bytes',
    'nodejs_eventloop_lag_p99_seconds',
    'db_waiting_queries',
    'queue_depth',
  ];
  const pool = [
    'db_client_connections_max',
    'db_client_connections_pending_requests',
    'queue_oldest_message_age_seconds',
  ];
  const now = [
    ...served('200', 1, 1),
    ...[...histograms, 'db_client_connections_wait_time_seconds'].flatMap((name) => [
      sample(`${name}_count`, 1),
      sample(`${name}_sum`, 1),
    ]),
    ...[...counters, ...gauges, ...pool].map((name) => sample(name, 1)),
  ];
  const names = Object.keys(derive([], now, 1));
  expect(names.length).toBeGreaterThan(15);
  expect(names.filter((name) => !known.has(name))).toEqual([]);
});

test('what was observed is cut out afterwards; who does not answer is down until it does', async () => {
  const server = createServer((_, response) => response.end('queue_depth 4\n'));
  const listen = (port: number): Promise<void> => new Promise((done) => server.listen(port, '127.0.0.1', done));
  await listen(0);
  const { port } = server.address() as AddressInfo; // of a listening TCP server
  const collector = await startOtlpReceiver();
  const observation = new Observation({ addresses: { queue: `http://127.0.0.1:${port}` }, collector }, 60_000);
  const wait = { timeout: 20_000 };
  try {
    await vi.waitFor(() => expect(observation.latest('queue', 'queue_depth')).toBe(4), wait);
    const middleMs = Date.now();
    server.close();
    server.closeAllConnections();
    await vi.waitFor(() => expect(observation.down).toEqual(['queue']), wait);
    await listen(port);
    await vi.waitFor(() => expect(observation.down).toEqual([]), wait);
    const early = observation.cut(0, middleMs).rows;
    const late = observation.cut(middleMs + 1, Date.now() + 1_000).rows;
    expect(early.every(({ values }) => values.availability === 1)).toBe(true);
    expect(late.some(({ values }) => values.availability === 0)).toBe(true);
    observation.forget();
    expect(observation.cut(0, middleMs).rows).toEqual([]);
  } finally {
    observation.stop();
    server.close();
    server.closeAllConnections();
    await collector.close();
  }
}, 60_000);
