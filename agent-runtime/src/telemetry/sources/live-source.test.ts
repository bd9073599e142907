import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inlineAnalyst } from '../../core/analyst.ts';
import { captureSource } from '../capture-source.ts';
import { serve, type TestServer } from '../testing/http-server.ts';
import { type TelemetryConfig, telemetryConfigSchema } from './config.ts';
import { type LiveClock, liveCapture } from './live-source.ts';
import { nodeOfAddress, topologyOf } from './topology.ts';
import { withLive } from './with-live.ts';

const AT_MS = 1_700_000_000_000;
const ALERT = { node: 'web', metric: 'latency_ms', atMs: AT_MS };

/** Notes how long it was asked to sleep, and sleeps no longer than it takes to say so. */
function clockAt(nowMs: number): LiveClock & { readonly slept: number[] } {
  const slept: number[] = [];
  return {
    slept,
    nowMs: () => nowMs,
    sleep: async (ms) => {
      slept.push(ms);
    },
  };
}

/** An hour by quarter minutes; seat turns slow two minutes before the alert. */
const valueAt = (service: string, index: number): readonly [number, string] => [
  AT_MS / 1_000 - 3_600 + index * 15,
  service === 'seat' && index >= 232 ? '900' : String(20 + (index % 3)),
];

let prometheus: TestServer;
let gone: string;
beforeEach(async () => {
  prometheus = await serve(({ pathname }) => ({
    json: {
      status: 'success',
      data: {
        resultType: 'matrix',
        result:
          pathname === '/api/v1/query'
            ? [{ metric: { service: 'web', address: 'seat.shop.svc:8080' } }]
            : ['web', 'seat'].map((service) => ({
                metric: { service },
                values: Array.from({ length: 240 }, (_, index) => valueAt(service, index)),
              })),
      },
    },
  }));
  const closed = await serve(() => ({ text: '' }));
  await closed.close();
  gone = closed.url;
});
afterEach(() => prometheus.close());

const configOf = (value: object): TelemetryConfig => telemetryConfigSchema.parse(value);
const metrics = (url: string): object => ({
  url,
  queries: [{ metric: 'latency_ms', means: 'latency', query: 'q' }],
  edges: [{ query: 'e', caller: 'service', callee: 'address' }],
});

describe('a live capture', () => {
  test('goes on without what does not answer, and says so', async () => {
    const config = configOf({ prometheus: metrics(prometheus.url), jaeger: { url: gone }, otlp: { url: gone } });
    const { capture, problems } = await liveCapture(config, 'lab', ALERT, clockAt(AT_MS + 600_000));
    expect(capture.metrics.map(({ node }) => node)).toEqual(['web', 'seat']);
    expect(capture.topology.edges).toEqual([{ caller: 'web', callee: 'seat' }]);
    expect(capture.spans).toEqual([]);
    expect(problems.map(({ code }) => code)).toEqual([
      'source-unreachable',
      'source-unreachable',
      'source-unreachable',
    ]);
  });

  test('of nothing at all is an error that names the first system', async () => {
    const config = configOf({ prometheus: metrics(gone) });
    await expect(liveCapture(config, 'lab', ALERT, clockAt(AT_MS + 600_000))).rejects.toMatchObject({
      code: 'source-unreachable',
      message: expect.stringContaining('prometheus'),
    });
  });

  test.each([
    ['now', AT_MS, [45_000]],
    ['long ago', AT_MS + 3_600_000, []],
    ['in the future', AT_MS - 3_600_000, [45_000]],
  ])('of an alert %s waits no longer than the window after it', async (_, nowMs, slept) => {
    const clock = clockAt(nowMs);
    await liveCapture(configOf({ prometheus: metrics(prometheus.url) }), 'lab', ALERT, clock);
    expect(clock.slept).toEqual(slept);
  });

  test('of a later window is read as far as time has come, and nobody waits', async () => {
    const clock = clockAt(AT_MS + 120_000);
    const window = { fromMs: AT_MS - 60_000, toMs: AT_MS + 600_000 };
    const config = configOf({ prometheus: metrics(prometheus.url) });
    const { capture } = await liveCapture(config, 'lab', ALERT, clock, window);
    expect(clock.slept).toEqual([]);
    expect(capture.window).toEqual({ fromMs: AT_MS - 60_000, toMs: AT_MS + 120_000 });
    const asked = prometheus.asked.find(({ pathname }) => pathname.endsWith('query_range'));
    expect(Number(asked?.searchParams.get('end')) * 1_000).toBe(AT_MS + 120_000 - (AT_MS % 15_000));
  });

  test('two agents that ask at different times get the same', async () => {
    const config = configOf({ prometheus: metrics(prometheus.url) });
    const first = await liveCapture(config, 'lab', ALERT, clockAt(AT_MS + 45_000));
    const second = await liveCapture(config, 'lab', ALERT, clockAt(AT_MS + 99_000));
    expect(second).toEqual(first);
    const ranges = prometheus.asked
      .filter(({ pathname }) => pathname.endsWith('query_range'))
      .map(({ search }) => search);
    expect(new Set(ranges).size).toBe(1);
  });
});

describe('an agent with live sources', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'live-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const sourceOf = async (config: object, onProblem?: (problem: Error) => void) => {
    const configFile = join(folder, 'telemetry.json');
    await writeFile(configFile, JSON.stringify(config));
    return withLive(captureSource(folder), {
      configFile,
      clock: clockAt(AT_MS + 600_000),
      ...(onProblem && { onProblem }),
    });
  };

  test('finds the cause of an alert that is in no capture', async () => {
    const problems: string[] = [];
    const config = { prometheus: metrics(prometheus.url), jaeger: { url: gone } };
    const source = await sourceOf(config, ({ message }) => problems.push(message));
    const findings = await inlineAnalyst(source).analyse('alertmanager', ALERT);
    expect(findings.candidates[0]?.node).toBe('seat');
    expect(problems).toEqual([expect.stringContaining('jaeger: source-unreachable')]);
  });

  test.each([
    ['nothing answers', { prometheus: metrics('http://127.0.0.1:9') }],
    ['the configuration is wrong', { prometheus: {} }],
  ])('TELEMETRY_UNAVAILABLE when %s', async (_, config) => {
    const analyst = inlineAnalyst(await sourceOf(config));
    await expect(analyst.analyse('alertmanager', ALERT)).rejects.toMatchObject({ code: 'TELEMETRY_UNAVAILABLE' });
  });
});

describe('topology', () => {
  test.each([
    ['seat', 'seat'],
    ['seat:8080', 'seat'],
    ['seat.shop.svc.cluster.local:80', 'seat'],
    ['db.example.org:5432', 'db.example.org'],
  ])('%s is the node %s', (address, node) => {
    expect(nodeOfAddress(address, new Set(['seat', 'web']))).toBe(node);
  });

  test('is the union of what is known, each edge once', () => {
    const twice = { caller: 'web', callee: 'seat' };
    expect(
      topologyOf(['web', 'seat'], [twice], [{ caller: 'web', callee: 'seat:80' }], [{ caller: 'seat', callee: 'db' }]),
    ).toEqual({
      nodes: ['db', 'seat', 'web'],
      edges: [twice, { caller: 'seat', callee: 'db' }],
    });
  });
});
