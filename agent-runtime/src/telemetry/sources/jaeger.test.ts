import { afterEach, describe, expect, test } from 'vitest';
import { type Reply, serve, type TestServer } from '../testing/http-server.ts';
import { fetchTraces, slicesOf } from './jaeger.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const WINDOW = { fromMs: 1_000_000, toMs: 1_100_000 };
const ALERT = { node: 'web', atMs: 1_090_000 };

async function fetched(answer: (url: URL) => Reply, services?: readonly string[], timeoutMs?: number) {
  server = await serve(answer);
  const config = { url: server.url, timeoutMs, ...(services && { services: [...services] }) };
  return fetchTraces(config, WINDOW, ALERT);
}

const otlp = (node: string, ...spans: object[]): object => ({
  result: {
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: node } }] },
        scopeSpans: [{ spans }],
      },
    ],
  },
});

const spanV3 = (spanId: string, parentSpanId?: string): object => ({
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId,
  ...(parentSpanId && { parentSpanId }),
  name: 'GET /',
  startTimeUnixNano: '1050000000000',
  endTimeUnixNano: '1050012500000',
  status: { code: 2 },
});

describe('version 3', () => {
  const services: Reply = { json: { services: ['web', 'seat', 'idle'] } };

  test('spans of all chunks, each once; services seen already are not asked for', async () => {
    const chunks = [otlp('web', spanV3('a1')), otlp('seat', spanV3('b2', 'a1'))];
    const { spans, problems } = await fetched((url) => {
      if (url.pathname === '/api/v3/services') return services;
      if (url.searchParams.get('query.service_name') === 'idle') return { status: 404, json: { error: {} } };
      return { text: chunks.map((chunk) => JSON.stringify(chunk)).join('\n') };
    });
    expect(problems).toEqual([]);
    expect(spans).toEqual([
      expect.objectContaining({ node: 'web', spanId: 'a1', parentSpanId: null, durationMs: 12.5, status: 'error' }),
      expect.objectContaining({ node: 'seat', spanId: 'b2', parentSpanId: 'a1', startMs: 1_050_000 }),
    ]);
    const asked = server?.asked.map((url) => url.searchParams.get('query.service_name'));
    expect(new Set(asked)).toEqual(new Set([null, 'web', 'idle']));
  });

  test('both times are given, and the window is asked for in slices', async () => {
    await fetched((url) => (url.pathname === '/api/v3/services' ? services : { status: 404, text: '' }), ['web']);
    const asked = server?.asked.filter(({ pathname }) => pathname === '/api/v3/traces') ?? [];
    expect(asked).toHaveLength(4);
    expect(asked[0]?.searchParams.get('query.start_time_min')).toBe('1970-01-01T00:16:40.000Z');
    expect(asked.at(-1)?.searchParams.get('query.start_time_max')).toBe('1970-01-01T00:18:20.000Z');
  });
});

describe('version 1', () => {
  const trace = {
    data: [
      {
        traceID: 't1',
        spans: [
          {
            traceID: 't1',
            spanID: 'a',
            operationName: 'GET /',
            startTime: 1_050_000_000,
            duration: 12_500,
            processID: 'p1',
          },
          {
            traceID: 't1',
            spanID: 'b',
            operationName: 'reserve',
            references: [{ refType: 'CHILD_OF', traceID: 't1', spanID: 'a' }],
            startTime: 1_050_001_000,
            duration: 1_000,
            tags: [{ key: 'error', type: 'bool', value: true }],
            processID: 'p2',
          },
          { traceID: 't1', spanID: 'c', operationName: 'lost', startTime: 1, duration: 1, processID: 'p9' },
        ],
        processes: { p1: { serviceName: 'web' }, p2: { serviceName: 'seat' } },
      },
    ],
  };

  test('is used where version 3 answers with a page', async () => {
    const { spans, problems } = await fetched((url) => {
      if (url.pathname === '/api/services') return { json: { data: ['web'] } };
      return url.pathname === '/api/traces' ? { json: trace } : { text: '<html>Jaeger UI</html>' };
    });
    expect(problems).toEqual([]);
    expect(spans).toEqual([
      expect.objectContaining({ node: 'web', spanId: 'a', parentSpanId: null, startMs: 1_050_000, durationMs: 12.5 }),
      expect.objectContaining({ node: 'seat', spanId: 'b', parentSpanId: 'a', status: 'error' }),
    ]);
  });
});

describe('what goes wrong', () => {
  test.each<[string, (url: URL) => Reply]>([
    ['source-refused', () => ({ status: 500, text: 'no storage' })],
    ['source-timeout', () => ({ hang: true })],
    [
      'answer-invalid',
      (url) =>
        url.pathname === '/api/v3/services' ? { json: { services: [] } } : { json: { result: { resourceSpans: 7 } } },
    ],
  ])('%s', async (code, answer) => {
    const { spans, problems } = await fetched(answer, undefined, code === 'source-timeout' ? 200 : undefined);
    expect(spans).toEqual([]);
    expect(problems.map((problem) => problem.code)).toEqual([code]);
  });

  test('what had come before stands', async () => {
    const { spans, problems } = await fetched((url) => {
      if (url.pathname === '/api/v3/services') return { json: { services: ['web', 'seat'] } };
      const isWeb = url.searchParams.get('query.service_name') === 'web';
      return isWeb ? { json: otlp('web', spanV3('a1')) } : { status: 500, text: 'no storage' };
    });
    expect(spans.map(({ node, spanId }) => [node, spanId])).toEqual([['web', 'a1']]);
    expect(problems.map(({ code }) => code)).toEqual(['source-refused']);
  });
});

test('slices cover the window without a gap, and the last holds the incident', () => {
  const slices = slicesOf(WINDOW, ALERT.atMs);
  expect(slices[0]?.fromMs).toBe(WINDOW.fromMs);
  expect(slices.at(-1)?.toMs).toBe(WINDOW.toMs);
  for (const [index, { fromMs }] of slices.entries()) if (index > 0) expect(fromMs).toBe(slices[index - 1]?.toMs);
  expect(slices.at(-1)?.fromMs).toBeLessThan(ALERT.atMs);
});
