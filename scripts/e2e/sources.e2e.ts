/** The shipped telemetry configuration against a real Prometheus: names of Istio, of OpenTelemetry, of older libraries. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Capture, type LiveCapture, liveCapture, telemetryConfigSchema } from '@dao-gov/agent-runtime/telemetry';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findProgram, PROMETHEUS_NAMES } from '../lab/prometheus.ts';
import { waitFor } from '../testnet/api.ts';
import { freePorts } from '../testnet/ports.ts';
import { ROOT } from '../testnet/testnet.ts';
import { ERROR_SHARE, type Exporter, LATENCY_S, RATE, startExporter } from './exporter.ts';

const program = findProgram(PROMETHEUS_NAMES);
if (program === undefined) console.warn('skipped: prometheus is not installed (npm run install-prometheus)');

const WAIT_MS_MAX = 120_000;
const MS_PER_S = 1_000;
/** Scrapes a second apart that a rate over five of them is believed with. */
const SAMPLES_MIN = 6;

describe.skipIf(program === undefined)('config/telemetry.json', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sources-'));
  let prometheus: ChildProcess;
  let exporter: Exporter;
  let live: LiveCapture;

  beforeAll(async () => {
    exporter = await startExporter();
    const [port = 0] = await freePorts(1);
    const url = `http://127.0.0.1:${port}`;
    prometheus = startPrometheus(directory, port, exporter.host);
    const shipped = JSON.parse(readFileSync(join(ROOT, 'config/telemetry.json'), 'utf8'));
    const config = telemetryConfigSchema.parse({
      window: { beforeMs: 60_000, afterMs: 0, stepMs: MS_PER_S },
      prometheus: { ...shipped.prometheus, url, rateWindowMs: 5 * MS_PER_S },
    });
    live = await waitFor('a few scrapes of every page', WAIT_MS_MAX, async () => {
      const found = await liveCapture(config, 'live', { node: 'web', metric: 'latency', atMs: Date.now() });
      const long = ['seat', 'checkout', 'payment'].every(
        (node) => (seriesOf(found.capture, node, 'requests_per_second')?.values ?? []).length >= SAMPLES_MIN,
      );
      return long && found;
    });
  }, WAIT_MS_MAX);
  afterAll(async () => {
    const ended = new Promise((exited) => prometheus?.once('exit', exited));
    if (prometheus?.kill('SIGKILL')) await ended;
    await exporter?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  test('holds no query that Prometheus refuses', () => {
    expect(live.problems).toEqual([]);
  });

  test.each([
    ['Istio', 'seat', 2 * RATE],
    ['OpenTelemetry', 'checkout', RATE],
    ['older libraries', 'payment', RATE],
  ])('measures traffic, latency and errors by the names of %s', (_names, node, rate) => {
    const last = (metric: string): number => seriesOf(live.capture, node, metric)?.values.at(-1) ?? Number.NaN;
    expect(last('requests_per_second')).toBeGreaterThan(rate * 0.7);
    expect(last('requests_per_second')).toBeLessThan(rate * 1.3);
    expect(last('request_latency_p95_ms')).toBeGreaterThan(0.1 * MS_PER_S);
    expect(last('request_latency_p95_ms')).toBeLessThanOrEqual(0.25 * MS_PER_S);
    expect(last('request_error_rate')).toBeCloseTo(ERROR_SHARE, 1);
  });

  test('sees calls from the side of the caller', () => {
    const mesh = seriesOf(live.capture, 'web', 'call_latency_mean_ms:seat')?.values.at(-1);
    expect(mesh).toBeCloseTo(LATENCY_S * MS_PER_S, 0);
    expect(seriesOf(live.capture, 'web', 'call_error_rate:seat')?.values.at(-1)).toBeCloseTo(ERROR_SHARE, 1);
    expect(seriesOf(live.capture, 'checkout', 'call_latency_mean_ms:ledger.shop.svc:8080')).toBeDefined();
  });

  test('draws the call graph from Istio’s workloads and OpenTelemetry’s clients, without what is unknown', () => {
    const { edges, nodes } = live.capture.topology;
    expect(edges).toContainEqual({ caller: 'ingress', callee: 'web' });
    expect(edges).toContainEqual({ caller: 'web', callee: 'seat' });
    expect(edges).toContainEqual({ caller: 'checkout', callee: 'ledger.shop.svc' });
    expect(nodes).not.toContain('unknown');
  });

  test('takes what is not a number for absent', () => {
    expect(seriesOf(live.capture, 'checkout', 'heap_memory_bytes')).toBeUndefined();
    expect(live.capture.discarded.nonFinite).toBeGreaterThan(0);
    for (const { values } of live.capture.metrics) expect(values.every(Number.isFinite)).toBe(true);
  });

  test('says which targets are up', () => {
    expect(seriesOf(live.capture, 'payment', 'availability')?.values.at(-1)).toBe(1);
    expect(seriesOf(live.capture, 'gone', 'availability')?.values.at(-1)).toBe(0);
  });
});

const seriesOf = ({ metrics }: Capture, node: string, metric: string) =>
  metrics.find((series) => series.node === node && series.metric === metric);

/** Labels as the usual set-ups give them: a mesh and a collector have a job, a service of its own has its name. */
function startPrometheus(directory: string, port: number, host: string): ChildProcess {
  const scrape = (job: string, path: string, labels = {}, target = host): object => ({
    ...{ job_name: job, metrics_path: path, honor_labels: true },
    static_configs: [{ targets: [target], labels }],
  });
  const config = {
    global: { scrape_interval: '1s', scrape_timeout: '900ms' },
    scrape_configs: [
      scrape('istio-proxies', '/istio'),
      scrape('collector', '/otel'),
      scrape('services', '/classic', { service: 'payment' }),
      scrape('down', '/classic', { service: 'gone' }, '127.0.0.1:9'),
    ],
  };
  writeFileSync(join(directory, 'prometheus.json'), JSON.stringify(config));
  const args = [
    '--config.file=prometheus.json',
    '--storage.tsdb.path=data',
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=warn',
  ];
  return spawn(program ?? '', args, { cwd: directory, stdio: 'ignore' });
}
