import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RecentRecords } from './buffer.ts';
import { decodeLogs, decodeSpans } from './decode.ts';
import { encodeLogs, encodeSpans } from './encode.ts';
import { fetchReceived } from './fetch.ts';
import { type OtlpReceiver, startOtlpReceiver } from './receiver.ts';

const of = (node: string | null) => ({
  attributes: node === null ? [] : [{ key: 'service.name', value: { stringValue: node } }],
});
const traces = (node: string | null, ...spans: unknown[]) => ({
  resourceSpans: [{ resource: of(node), scopeSpans: [{ scope: { name: 'x' }, spans }] }],
});
const logs = (node: string, ...logRecords: unknown[]) => ({
  resourceLogs: [{ resource: of(node), scopeLogs: [{ logRecords }] }],
});
const SPAN = {
  traceId: '5b8efff798038103d269b633813fc60c',
  spanId: 'eee19b7ec3c1b174',
  parentSpanId: 'eee19b7ec3c1b173',
  name: 'GET /seat',
  kind: 2,
  startTimeUnixNano: '1700000000000123000',
  endTimeUnixNano: '1700000000002623000',
  status: { code: 2 },
  attributes: [{ key: 'later', value: { somethingNew: 1 } }],
  flags: 257,
};

describe('spans', () => {
  test('of the protocol, to the microsecond, unknown fields ignored', () => {
    expect(decodeSpans(traces('seat', SPAN))).toEqual({
      rejected: 0,
      items: [
        {
          traceId: SPAN.traceId,
          spanId: SPAN.spanId,
          parentSpanId: SPAN.parentSpanId,
          node: 'seat',
          operation: 'GET /seat',
          startMs: 1_700_000_000_000.123,
          durationMs: 2.5,
          status: 'error',
        },
      ],
    });
  });

  test.each([
    ['no parent', {}, { parentSpanId: null }],
    ['an empty parent', { parentSpanId: '' }, { parentSpanId: null }],
    ['a parent of zeros', { parentSpanId: '0000000000000000' }, { parentSpanId: null }],
    ['a status by name', { status: { code: 'STATUS_CODE_OK' } }, { status: 'ok' }],
    ['no status', { status: undefined }, { status: 'unset' }],
    ['times as numbers', { startTimeUnixNano: 1_000_000, endTimeUnixNano: 3_000_000 }, { startMs: 1, durationMs: 2 }],
  ])('%s', (_, changes, expected) => {
    const { parentSpanId: _parent, ...base } = SPAN;
    expect(decodeSpans(traces('a', { ...base, ...changes })).items).toEqual([expect.objectContaining(expected)]);
  });

  test.each([
    ['no service', traces(null, SPAN)],
    ['no name', traces('a', { ...SPAN, name: '' })],
    ['an end before the start', traces('a', { ...SPAN, endTimeUnixNano: '1' })],
    ['a time that is no number', traces('a', { ...SPAN, startTimeUnixNano: 'soon' })],
    ['no object', traces('a', 'span')],
    ['a control character in a name', traces('a', { ...SPAN, name: 'a\u0000b' })],
  ])('%s is counted, and the others stand', (_, body) => {
    const both = { resourceSpans: [...body.resourceSpans, ...traces('b', SPAN).resourceSpans] };
    expect(decodeSpans(both)).toMatchObject({ rejected: 1, items: [{ node: 'b' }] });
  });
});

describe('logs', () => {
  test('with time, level, body and trace', () => {
    const record = {
      timeUnixNano: '1700000000000000000',
      severityText: 'WARN',
      body: { stringValue: 'slow' },
      traceId: 'ab',
    };
    expect(decodeLogs(logs('a', record)).items).toEqual([
      { atMs: 1_700_000_000_000, node: 'a', level: 'WARN', message: 'slow', traceId: 'ab' },
    ]);
  });

  test.each([
    [
      'the time of arrival where the time is unknown',
      { timeUnixNano: '0', observedTimeUnixNano: '5000000' },
      { atMs: 5 },
    ],
    ['a level by number', { timeUnixNano: '1000000', severityNumber: 17 }, { level: 'ERROR' }],
    ['a body that is no text', { timeUnixNano: '1000000', body: { intValue: '7' } }, { message: '{"intValue":"7"}' }],
  ])('%s', (_, record, expected) => {
    expect(decodeLogs(logs('a', record)).items).toEqual([expect.objectContaining(expected)]);
  });

  test('without any time is counted', () => {
    expect(decodeLogs(logs('a', { body: { stringValue: 'x' } }))).toEqual({ items: [], rejected: 1 });
  });
});

test('what was received comes back as it was', () => {
  const { items } = decodeSpans(traces('seat', SPAN, { ...SPAN, spanId: 'aa', parentSpanId: undefined }));
  expect(decodeSpans(encodeSpans(items)).items).toEqual(items);
  const told = decodeLogs(
    logs('a', { timeUnixNano: '1000000', severityText: 'INFO', body: { stringValue: 'x' } }),
  ).items;
  expect(decodeLogs(encodeLogs(told)).items).toEqual(told);
});

test('a full buffer drops the oldest and says how many', () => {
  const records = new RecentRecords<number>(10, (item) => item);
  for (let item = 1; item <= 100; item += 1) records.add([item]);
  expect(records.between(0, 1_000)).toEqual([91, 92, 93, 94, 95, 96, 97, 98, 99, 100]);
  expect([records.size, records.dropped]).toEqual([10, 90]);
});

describe('the receiver', () => {
  let receiver: OtlpReceiver;
  beforeEach(async () => {
    receiver = await startOtlpReceiver();
  });
  afterEach(() => receiver.close());

  const post = (path: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    fetch(`${receiver.url}${path}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });

  test('takes spans and logs, plain and compressed, and gives those of a window to agents', async () => {
    const early = { ...SPAN, spanId: 'b1', startTimeUnixNano: '1000000', endTimeUnixNano: '2000000' };
    expect((await post('/v1/traces', JSON.stringify(traces('seat', SPAN, early)))).status).toBe(200);
    const record = { timeUnixNano: SPAN.startTimeUnixNano, severityText: 'ERROR', body: { stringValue: 'failed' } };
    const zipped = new Uint8Array(gzipSync(JSON.stringify(logs('seat', record))));
    expect((await post('/v1/logs', zipped, { 'content-encoding': 'gzip' })).status).toBe(200);
    const window = { fromMs: 1_699_999_999_000, toMs: 1_700_000_001_000 };
    const received = await fetchReceived({ url: receiver.url }, window);
    expect(received.problems).toEqual([]);
    expect(received.spans.map(({ spanId }) => spanId)).toEqual([SPAN.spanId]);
    expect(received.logs).toEqual([expect.objectContaining({ message: 'failed', level: 'ERROR' })]);
  });

  test('tells the exporter how many records were malformed', async () => {
    const answer = await post('/v1/traces', JSON.stringify(traces('a', SPAN, { name: 'half' })));
    expect(await answer.json()).toEqual({
      partialSuccess: { rejectedSpans: 1, errorMessage: 'malformed records' },
    });
    expect(receiver.spans.size).toBe(1);
  });

  test.each([
    ['not JSON', 400, '/v1/traces', 'x', {}],
    ['no export', 400, '/v1/traces', '{"resourceSpans":7}', {}],
    ['protobuf', 415, '/v1/traces', 'x', { 'content-type': 'application/x-protobuf' }],
    ['a wrong path', 404, '/v1/metrics', '{}', {}],
    ['broken gzip', 400, '/v1/logs', 'x', { 'content-encoding': 'gzip' }],
  ] as const)('%s is refused', async (_, status, path, body, headers) => {
    expect((await post(path, body, headers)).status).toBe(status);
  });

  test('a small body that grows beyond measure is refused', async () => {
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(17 * 1024 * 1024, 0x20)));
    expect(bomb.byteLength).toBeLessThan(100_000);
    expect((await post('/v1/traces', bomb, { 'content-encoding': 'gzip' })).status).toBe(413);
  });

  test('a window must be given', async () => {
    expect((await fetch(`${receiver.url}/v1/traces?from=1`)).status).toBe(400);
  });
});
