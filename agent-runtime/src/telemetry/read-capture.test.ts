import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { CAPTURE_JSON_BYTES_MAX, LINE_CHARACTERS_MAX, SERIES_MAX } from './constants.ts';
import { CaptureError, type CaptureProblem } from './errors.ts';
import { readCapture, readCaptureFrom } from './read-capture.ts';
import { memoryFiles } from './testing/memory-files.ts';

const DESCRIPTION = {
  id: 'small',
  title: 'A small incident',
  alert: { node: 'web', metric: 'latency_ms', at: '2024-05-01T10:05:00Z' },
  window: { from: '2024-05-01T10:00:00Z', to: '2024-05-01T10:10:00Z' },
};
const TRUTH_FILE = 'truth.json';

const FILES = {
  'capture.json': JSON.stringify(DESCRIPTION),
  'topology.csv': 'caller,callee\nweb,api\napi,"db, main"\ncron,\n',
  'metrics.csv': [
    'timestamp,node,metric,value',
    '2024-05-01T10:02:00Z,web,latency_ms,12.5',
    '2024-05-01T12:01:00+02:00,web,latency_ms,1.1e1',
    '2024-05-01T10:03:00Z,web,latency_ms,NaN',
    '2024-05-01T10:04:00Z,web,latency_ms,+Inf',
    '2024-05-01T09:59:59Z,web,latency_ms,9',
    '2024-05-01T10:02:00Z,"db, main",qps,7',
    '',
  ].join('\r\n'),
  'spans.jsonl':
    '{"traceId":"t","spanId":"1","parentSpanId":"","node":"web","operation":"GET /","startUnixNano":"1714557600123456789","durationNano":2500000,"status":"ok","extra":1}\n' +
    '{"traceId":"t","spanId":"2","parentSpanId":"1","node":"api","operation":"q","startUnixNano":1714557600124,"durationNano":"1","status":"error"}\n',
  'logs.jsonl':
    '{"timestamp":"2024-05-01T10:04:59.5Z","node":"api","level":"ERROR","message":"broken \\ud800 text","traceId":"t"}\n\n',
  [TRUTH_FILE]: '{"rootCause":"api"}',
};

const failure = async (changes: Readonly<Record<string, string | Uint8Array>>): Promise<CaptureProblem> => {
  const error = await readCaptureFrom(memoryFiles({ ...FILES, ...changes })).then(
    () => new Error('was read'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof CaptureError)) throw error;
  return error.problem;
};

describe('a capture', () => {
  test.each([1, 7, 4096])('is read from chunks of %i bytes', async (chunkBytes) => {
    const capture = await readCaptureFrom(memoryFiles(FILES, chunkBytes));
    const tenMs = Date.UTC(2024, 4, 1, 10);
    expect(capture).toEqual({
      id: 'small',
      title: 'A small incident',
      alert: { node: 'web', metric: 'latency_ms', atMs: tenMs + 300_000 },
      window: { fromMs: tenMs, toMs: tenMs + 600_000 },
      topology: {
        nodes: ['web', 'api', 'db, main', 'cron'],
        edges: [
          { caller: 'web', callee: 'api' },
          { caller: 'api', callee: 'db, main' },
        ],
      },
      metrics: [
        { node: 'web', metric: 'latency_ms', timesMs: [tenMs + 60_000, tenMs + 120_000], values: [11, 12.5] },
        { node: 'db, main', metric: 'qps', timesMs: [tenMs + 120_000], values: [7] },
      ],
      spans: [
        {
          traceId: 't',
          spanId: '1',
          parentSpanId: null,
          node: 'web',
          operation: 'GET /',
          startMs: tenMs + 123.456,
          durationMs: 2.5,
          status: 'ok',
        },
      ],
      logs: [{ atMs: tenMs + 299_500, node: 'api', level: 'ERROR', message: 'broken \ufffd text', traceId: 't' }],
      discarded: { nonFinite: 2, outsideWindow: 2 },
    });
  });

  test('is read without ever opening the answer beside it', async () => {
    const files = memoryFiles(FILES);
    await readCaptureFrom(files);
    expect(files.opened).toEqual(['capture.json', 'topology.csv', 'metrics.csv', 'spans.jsonl', 'logs.jsonl']);
    expect(files.opened).not.toContain(TRUTH_FILE);
  });

  test('needs neither spans nor logs', async () => {
    const { 'spans.jsonl': _, 'logs.jsonl': __, ...rest } = FILES;
    expect(await readCaptureFrom(memoryFiles(rest))).toMatchObject({ spans: [], logs: [] });
  });
});

describe('problems are reported with file and line', () => {
  const metrics = (row: string): Readonly<Record<string, string>> => ({
    'metrics.csv': `timestamp,node,metric,value\n2024-05-01T10:02:00Z,web,latency_ms,12.5\n${row}\n`,
  });
  const description = (changes: object): Readonly<Record<string, string>> => ({
    'capture.json': JSON.stringify({ ...DESCRIPTION, ...changes }),
  });

  test.each<[string, Readonly<Record<string, string | Uint8Array>>, Partial<Record<string, unknown>>]>([
    [
      'not a number',
      metrics('2024-05-01T10:03:00Z,web,latency_ms,fast'),
      { code: 'number-invalid', file: 'metrics.csv', line: 3, text: 'fast' },
    ],
    ['an empty number', metrics('2024-05-01T10:03:00Z,web,latency_ms,'), { code: 'number-invalid', line: 3 }],
    ['a hexadecimal number', metrics('2024-05-01T10:03:00Z,web,latency_ms,0x10'), { code: 'number-invalid', line: 3 }],
    [
      'a time without a zone',
      metrics('2024-05-01T10:03:00,web,latency_ms,1'),
      { code: 'time-invalid', file: 'metrics.csv', line: 3 },
    ],
    ['a day that does not exist', metrics('2024-02-30T10:03:00Z,web,latency_ms,1'), { code: 'time-invalid', line: 3 }],
    ['a short row', metrics('2024-05-01T10:03:00Z,web,1'), { code: 'row-invalid', line: 3 }],
    ['an open quote', metrics('2024-05-01T10:03:00Z,"web,latency_ms,1'), { code: 'row-invalid', line: 3 }],
    ['a nameless node', metrics('2024-05-01T10:03:00Z,,latency_ms,1'), { code: 'row-invalid', line: 3 }],
    [
      'control characters in a name',
      metrics('2024-05-01T10:03:00Z,w\u0007b,latency_ms,1'),
      { code: 'row-invalid', line: 3 },
    ],
    ['two values of one time', metrics('2024-05-01T10:02:00Z,web,latency_ms,13'), { code: 'row-conflicting', line: 3 }],
    [
      'another header',
      { 'metrics.csv': 'time,node,metric,value\n' },
      { code: 'header-invalid', file: 'metrics.csv', line: 1 },
    ],
    ['an empty file', { 'topology.csv': '' }, { code: 'header-invalid', file: 'topology.csv', line: 1 }],
    [
      'bytes that are not text',
      { 'topology.csv': Uint8Array.of(0x63, 0xff, 0xfe) },
      { code: 'file-undecodable', file: 'topology.csv' },
    ],
    ['an endless line', { 'topology.csv': 'x'.repeat(LINE_CHARACTERS_MAX + 2) }, { code: 'line-too-long', line: 1 }],
    [
      'broken JSON',
      { 'spans.jsonl': '\n{"traceId":' },
      { code: 'json-invalid', file: 'spans.jsonl', line: 2, why: 'not JSON' },
    ],
    [
      'a span of another shape',
      { 'spans.jsonl': '{"traceId":"t"}' },
      { code: 'json-invalid', file: 'spans.jsonl', line: 1 },
    ],
    [
      'a log without a time',
      { 'logs.jsonl': '{"node":"a","level":"x","message":""}' },
      { code: 'json-invalid', file: 'logs.jsonl', line: 1 },
    ],
    ['an id that is a path', description({ id: '../truth' }), { code: 'json-invalid', file: 'capture.json' }],
    [
      'an alert outside the window',
      description({ alert: { ...DESCRIPTION.alert, at: '2024-05-01T11:00:00Z' } }),
      { code: 'json-invalid' },
    ],
    [
      'too large a description',
      { 'capture.json': ' '.repeat(CAPTURE_JSON_BYTES_MAX + 1) },
      { code: 'file-too-large', file: 'capture.json', what: 'bytes' },
    ],
    [
      'too many series',
      { 'metrics.csv': manySeries(SERIES_MAX + 1) },
      { code: 'file-too-large', file: 'metrics.csv', what: 'series', max: SERIES_MAX },
    ],
  ])('%s', async (_, changes, expected) => {
    expect(await failure(changes)).toMatchObject(expected);
  });

  test.each(['capture.json', 'topology.csv', 'metrics.csv'])('%s is missing', async (missing) => {
    const rest = Object.fromEntries(Object.entries(FILES).filter(([name]) => name !== missing));
    await expect(readCaptureFrom(memoryFiles(rest))).rejects.toMatchObject({
      problem: { code: 'file-missing', file: missing },
    });
  });

  test('the message names the place', () => {
    const error = new CaptureError({ code: 'number-invalid', file: 'metrics.csv', line: 3, text: 'fast' });
    expect(error.message).toBe('metrics.csv:3: number-invalid text="fast"');
  });
});

describe('compressed files', () => {
  const folders: string[] = [];
  afterEach(async () => {
    await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
  });

  const write = async (files: Readonly<Record<string, string | Uint8Array>>): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), 'capture-'));
    folders.push(folder);
    await Promise.all(Object.entries(files).map(([name, content]) => writeFile(join(folder, name), content)));
    return folder;
  };
  const compressed = Object.fromEntries(Object.entries(FILES).map(([name, text]) => [`${name}.gz`, gzipSync(text)]));

  test('read the same as plain ones', async () => {
    expect(await readCapture(await write(compressed))).toEqual(await readCaptureFrom(memoryFiles(FILES)));
  });

  test('are limited by what they unpack to', async () => {
    const folder = await write({ ...compressed, 'capture.json.gz': gzipSync(' '.repeat(CAPTURE_JSON_BYTES_MAX * 50)) });
    await expect(readCapture(folder)).rejects.toMatchObject({ code: 'file-too-large' });
  });

  test('must be complete', async () => {
    const folder = await write({ ...compressed, 'metrics.csv.gz': gzipSync(FILES['metrics.csv']).subarray(0, 40) });
    await expect(readCapture(folder)).rejects.toMatchObject({ code: 'file-undecodable' });
  });
});

function manySeries(count: number): string {
  const rows = Array.from({ length: count }, (_, index) => `2024-05-01T10:03:00Z,n${index},qps,1`);
  return `timestamp,node,metric,value\n${rows.join('\n')}\n`;
}
