import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type Reply, serve, type TestServer } from '../testing/http-server.ts';
import { nameInMeaning, type PrometheusConfig, telemetryConfigSchema } from './config.ts';
import { alignedRange, fetchMetrics } from './prometheus.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const WINDOW = { fromMs: 1_000_000, toMs: 1_060_000 };

function configOf(url: string, changes: Partial<PrometheusConfig> = {}): PrometheusConfig {
  const queries = [{ metric: 'latency_ms', means: 'latency' as const, query: 'sum by ($node) (rate(x[$window]))' }];
  return { url, nodeLabels: ['service', 'job'], queries, edges: [], ...changes };
}

const matrix = (...result: object[]): Reply => ({
  json: { status: 'success', data: { resultType: 'matrix', result } },
});

async function fetched(answer: (url: URL) => Reply, changes: Partial<PrometheusConfig> = {}) {
  server = await serve(answer);
  return fetchMetrics(configOf(server.url, changes), WINDOW, 15_000);
}

describe('range queries', () => {
  test('become series of the nodes that the labels name', async () => {
    const { metrics, problems } = await fetched(() =>
      matrix(
        {
          metric: { service: 'seat', job: 'shop' },
          values: [
            [1_005, '1.5'],
            [1_020, '2'],
          ],
        },
        { metric: { job: 'node-exporter' }, values: [[1_005, '7']] },
        { metric: { instance: 'somewhere' }, values: [[1_005, '9']] },
      ),
    );
    expect(problems).toEqual([]);
    expect(metrics).toEqual([
      { node: 'seat', metric: 'latency_ms', timesMs: [1_005_000, 1_020_000], values: [1.5, 2] },
      { node: 'node-exporter', metric: 'latency_ms', timesMs: [1_005_000], values: [7] },
    ]);
  });

  test('fill in labels and window, and are aligned to their step', async () => {
    await fetched(() => matrix());
    const asked = server?.asked[0]?.searchParams;
    expect(asked?.get('query')).toBe('sum by (service, job) (rate(x[60000ms]))');
    expect([asked?.get('start'), asked?.get('end'), asked?.get('step')]).toEqual(['1005', '1050', '15']);
  });

  test('NaN, infinities and text are no observations', async () => {
    const { metrics, nonFinite } = await fetched(() =>
      matrix(
        {
          metric: { service: 'a' },
          values: [
            [1, 'NaN'],
            [2, '+Inf'],
            [3, '-Inf'],
            [4, 'x'],
            [5, '1'],
          ],
        },
        { metric: { service: 'b' }, values: [[1, 'NaN']] },
      ),
    );
    expect(metrics).toEqual([{ node: 'a', metric: 'latency_ms', timesMs: [5_000], values: [1] }]);
    expect(nonFinite).toBe(5);
  });

  test('of two queries for one metric the first that answers stands', async () => {
    const means = 'latency' as const;
    const { metrics } = await fetched(
      (url) =>
        url.searchParams.get('query') === 'new'
          ? matrix({ metric: { service: 'a' }, values: [[1, '1']] })
          : matrix({ metric: { service: 'a' }, values: [[1, '2']] }, { metric: { service: 'b' }, values: [[1, '3']] }),
      {
        queries: [
          { metric: 'm_ms', means, query: 'new' },
          { metric: 'm_ms', means, query: 'old' },
        ],
      },
    );
    expect(metrics.map(({ node, values }) => [node, values[0]])).toEqual([
      ['a', 1],
      ['b', 3],
    ]);
  });

  test('a label may tell parts of a metric apart', async () => {
    const { metrics } = await fetched(() => matrix({ metric: { service: 'a', peer: 'b' }, values: [[1, '1']] }), {
      queries: [{ metric: 'call_latency_ms', means: 'latency', query: 'q', part: 'peer' }],
    });
    expect(metrics[0]?.metric).toBe('call_latency_ms:b');
  });

  test('a token is sent, and never to where a redirect points', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'token-'));
    await writeFile(join(folder, 'token'), 'secret\n');
    try {
      const { problems } = await fetched(() => ({ status: 302, text: '' }), { tokenFile: join(folder, 'token') });
      expect(server?.headers[0]?.authorization).toBe('Bearer secret');
      expect(problems.map(({ code }) => code)).toEqual(['source-unreachable']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('edges', () => {
  test('come from caller and callee labels; unknown ones and calls to oneself are none', async () => {
    const { edges } = await fetched(
      (url) =>
        url.pathname === '/api/v1/query'
          ? matrix(
              { metric: { source: 'a', destination: 'b' } },
              { metric: { source: 'unknown', destination: 'b' } },
              { metric: { source: 'b', destination: 'b' } },
              { metric: { source: 'b' } },
            )
          : matrix(),
      { edges: [{ query: 'e', caller: 'source', callee: 'destination' }] },
    );
    expect(edges).toEqual([{ caller: 'a', callee: 'b' }]);
  });
});

describe('what goes wrong is told, and the rest stands', () => {
  const two = [
    { metric: 'bad_ms', means: 'latency' as const, query: 'bad' },
    { metric: 'good_ms', means: 'latency' as const, query: 'good' },
  ];
  const good = matrix({ metric: { service: 'a' }, values: [[1, '1']] });

  test.each<[string, Reply, string]>([
    [
      'source-refused',
      { status: 400, json: { status: 'error', errorType: 'bad_data', error: 'parse error' } },
      'parse',
    ],
    ['source-refused', { status: 503, text: 'overloaded' }, 'no reason given'],
    ['answer-invalid', { text: '<html>a login page</html>' }, 'not an answer of Prometheus'],
    ['answer-invalid', { json: { status: 'success', data: { resultType: 'matrix', result: 5 } } }, 'not an answer'],
  ])('%s from %j', async (code, reply, text) => {
    const { metrics, problems } = await fetched((url) => (url.searchParams.get('query') === 'bad' ? reply : good), {
      queries: two,
    });
    expect(metrics.map(({ metric }) => metric)).toEqual(['good_ms']);
    expect(problems.map((problem) => problem.code)).toEqual([code]);
    expect(problems[0]?.message).toContain(text);
  });

  test('a partial answer is used and noted', async () => {
    const { metrics, problems } = await fetched(() => ({
      json: {
        status: 'success',
        warnings: ['a store did not answer'],
        data: { resultType: 'matrix', result: [{ metric: { service: 'a' }, values: [[1, '1']] }] },
      },
    }));
    expect(metrics).toHaveLength(1);
    expect(problems[0]?.message).toContain('a store did not answer');
  });

  test('source-timeout: an answer that never ends; it is not asked again', async () => {
    const { metrics, problems } = await fetched(() => ({ hang: true }), {
      timeoutMs: 150,
      queries: Array.from({ length: 20 }, (_, index) => ({
        metric: 'm_ms',
        means: 'latency' as const,
        query: `q${index}`,
      })),
    });
    expect(metrics).toEqual([]);
    expect(problems.map(({ code }) => code)).toEqual(['source-timeout']);
    expect(server?.asked.length).toBeLessThanOrEqual(4);
  });

  test('source-unreachable: nothing listens', async () => {
    const gone = await serve(() => ({ text: '' }));
    await gone.close();
    const { problems } = await fetchMetrics(configOf(gone.url), WINDOW, 15_000);
    expect(problems[0]).toMatchObject({ code: 'source-unreachable', problem: { why: 'ECONNREFUSED' } });
  });

  test('answer-too-large: more series than any system has', async () => {
    const result = Array.from({ length: 2_001 }, (_, index) => ({
      metric: { service: `s${index}` },
      values: [[1, '1']],
    }));
    const { metrics, problems } = await fetched(() => matrix(...result));
    expect(metrics).toHaveLength(2_000);
    expect(problems[0]?.code).toBe('answer-too-large');
  });

  test('config-invalid: a token file that is not there', async () => {
    const { problems } = await fetched(() => good, { tokenFile: '/nowhere/token' });
    expect(problems[0]?.code).toBe('config-invalid');
    expect(server?.asked).toEqual([]);
  });
});

describe('the range', () => {
  test.each([
    ['a minute by the second', 60_000, 1_000, 1_000],
    ['an hour by quarter minutes', 3_600_000, 15_000, 15_000],
    ['a day by the second: fewer points', 86_400_000, 1_000, 120_000],
  ])('%s', (_, spanMs, wishedMs, stepMs) => {
    const range = alignedRange({ fromMs: 7, toMs: 7 + spanMs }, wishedMs);
    expect(range.stepMs).toBe(stepMs);
    expect(range.fromMs).toBeGreaterThanOrEqual(7);
    expect((range.toMs - range.fromMs) / range.stepMs).toBeLessThanOrEqual(720);
  });
});

describe('the configuration', () => {
  test.each([
    ['request_duration_ms', 'latency', 'request_duration_ms'],
    ['restarts', 'errors', 'error:restarts'],
    ['miss_share', 'saturation', 'saturation:miss_share'],
    ['anything', 'other', 'anything'],
  ] as const)('%s that means %s is read so as %s', (metric, means, name) => {
    expect(nameInMeaning(metric, means)).toBe(name);
  });

  test.each([
    ['an unknown field', { promotheus: {} }],
    [
      'a file URL',
      { prometheus: { url: 'file:///etc/passwd', queries: [{ metric: 'm', means: 'other', query: 'q' }] } },
    ],
    ['an unknown meaning', { prometheus: { url: 'http://p', queries: [{ metric: 'm', means: 'mood', query: 'q' }] } }],
    ['no query', { prometheus: { url: 'http://p', queries: [] } }],
    ['a window of a week', { window: { beforeMs: 604_800_000 } }],
  ])('%s is refused', (_, value) => {
    expect(telemetryConfigSchema.safeParse(value).success).toBe(false);
  });
});
