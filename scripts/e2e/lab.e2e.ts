/** The lab under a real Prometheus and a real Alertmanager, read by the agents' own sources; then by the agents. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { liveCapture, readTelemetryConfig } from '@dao-gov/agent-runtime/telemetry';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faultAt } from '../lab/faults.ts';
import { Lab } from '../lab/lab.ts';
import {
  ALERTMANAGER_NAMES,
  findProgram,
  type Monitoring,
  PROMETHEUS_NAMES,
  startMonitoring,
  writeTelemetryConfig,
} from '../lab/prometheus.ts';
import { run } from '../lab/run.ts';
import { SLOW_MS } from '../lab/slo.ts';
import { EDGES, ENTRY, SERVICE_NAMES } from '../lab/system.ts';
import { waitFor } from '../testnet/api.ts';

const installed = findProgram(PROMETHEUS_NAMES) !== undefined && findProgram(ALERTMANAGER_NAMES) !== undefined;
if (!installed) console.warn('skipped: prometheus or alertmanager is not installed (npm run install-prometheus)');

/** Generous: machines are shared, and nothing here asserts speed. */
const WAIT_MS_MAX = 120_000;
const TEST_MS_MAX = 400_000;

describe.skipIf(!installed)('a lab that Prometheus scrapes', () => {
  const directory = mkdtempSync(join(tmpdir(), 'lab-'));
  const webhooks: unknown[] = [];
  let gateway: Server;
  let lab: Lab;
  let monitoring: Monitoring;
  beforeAll(async () => {
    gateway = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      webhooks.push({ path: request.url, body: JSON.parse(Buffer.concat(chunks).toString()) });
      response.end('{}');
    });
    await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
    lab = await Lab.start({ directory, seed: 1, rate: 6, dayMs: 600_000, traceShare: 0.5 });
    monitoring = await startMonitoring({ directory, targets: lab.addresses, gateways: [url], source: 'lab' });
  }, TEST_MS_MAX);
  afterAll(async () => {
    await monitoring?.stop();
    await lab?.stop();
    gateway?.close();
    rmSync(directory, { recursive: true, force: true });
  }, TEST_MS_MAX);

  test(
    'is read as a capture: metrics of every service, the call graph, traces',
    async () => {
      const file = join(directory, 'telemetry.json');
      writeTelemetryConfig(file, monitoring.prometheusUrl, lab.collector.url);
      const capture = await waitFor('telemetry of all services', WAIT_MS_MAX, async () => {
        const alert = { node: ENTRY, metric: 'request_error_rate', atMs: Date.now() };
        const live = await liveCapture(readTelemetryConfig(file), 'lab', alert);
        expect(live.problems).toEqual([]);
        const callers = live.capture.metrics.filter(({ metric }) => metric === 'request_latency_p95_ms');
        return callers.length >= SERVICE_NAMES.length - 1 && live.capture.spans.length > 0 && live.capture;
      });
      const up = capture.metrics.filter(({ metric }) => metric === 'availability').map(({ node }) => node);
      expect(up.sort()).toEqual([...SERVICE_NAMES].sort());
      expect(capture.metrics.map(({ metric }) => metric)).toContain('call_latency_mean_ms:orders-db');
      // A trace goes on from the queue to whoever takes the message.
      const traced = [...EDGES, { caller: 'queue', callee: 'notify' }];
      for (const edge of capture.topology.edges) expect(traced).toContainEqual(edge);
      expect(capture.topology.edges.length).toBeGreaterThan(EDGES.length / 2);
    },
    TEST_MS_MAX,
  );

  test(
    'alerts through Alertmanager when its users see failures',
    async () => {
      lab.setFaults([faultAt('errors', 'search', 0.9)]);
      await waitFor('the webhook', WAIT_MS_MAX, async () => webhooks.length > 0);
      expect(webhooks[0]).toMatchObject({
        path: '/api/alerts/alertmanager',
        body: {
          version: '4',
          status: 'firing',
          alerts: [{ status: 'firing', labels: { service: ENTRY, metric: 'request_error_rate', source: 'lab' } }],
        },
      });
      lab.setFaults([]);
    },
    TEST_MS_MAX,
  );

  test(
    'restarts a service that crashes, and Prometheus sees it down',
    async () => {
      const before = lab.status().find(({ name }) => name === 'price')?.pid;
      const price = () => lab.status().find(({ name }) => name === 'price');
      lab.setFaults([faultAt('crash', 'price')]);
      await waitFor('a crash', WAIT_MS_MAX, async () => price()?.pid !== before);
      const query = new URLSearchParams({ query: 'min_over_time(up{service="price"}[5m])' });
      await waitFor('a scrape that failed', WAIT_MS_MAX, async () => {
        const answer = await fetch(`${monitoring.prometheusUrl}/api/v1/query?${query}`);
        return (await answer.text()).includes('"0"');
      });
      lab.setFaults([]);
      await waitFor('a new process', WAIT_MS_MAX, async () => price()?.pid ?? undefined);
    },
    TEST_MS_MAX,
  );
});

/** What happens by chance in a living system differs from run to run; wrong twice in a row is no chance. */
const LIVING = { timeout: TEST_MS_MAX, retry: 1 };

test('seven agents diagnose a fault of the running lab', LIVING, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'lab-run-'));
  const settings = { dir, seed: 1, rate: 6, day: 600 };
  const fault = { fault: 'errors', target: 'seat', normal: 40, prometheus: installed };
  const result = await run({ ...settings, ...fault, ports: 'free', kill: [] });
  expect(result.source).toBe(installed ? 'prometheus' : 'capture');
  expect(['Finalized', 'Inconclusive']).toContain(result.state);
  // On a machine that stands still everything fails at once, and not to know is the right answer.
  if (result.stallMs <= SLOW_MS)
    expect(result).toMatchObject({ rootCause: 'seat', correct: true, outcome: 'recovered' });
  rmSync(dir, { recursive: true, force: true });
});
