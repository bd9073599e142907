/** `npm run import -- telemetry` as a user runs it: saved answers in, a capture out, and the engine finds its cause. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { edgesOfSpans } from '@dao-gov/agent-runtime/analysis';
import { type Capture, type Edge, readCapture } from '@dao-gov/agent-runtime/telemetry';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from './testnet/testnet.ts';

const NANOS_PER_MICRO = 1_000n;
const MICROS_PER_MS = 1_000;
/** Two processes that analyse; generous, as machines are shared. */
const TEST_MS_MAX = 120_000;

let directory = '';
let sample: Capture;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'import-'));
  sample = await readCapture(join(ROOT, 'data/cart-pool-exhaustion'));
});
afterAll(() => rm(directory, { recursive: true }));

const run = (script: string, ...args: readonly string[]) =>
  promisify(execFile)(process.execPath, [join(ROOT, 'scripts', script), ...args]);

/** The sample's metrics as Prometheus would have answered for each of them. */
async function savePrometheus(): Promise<readonly string[]> {
  const files: string[] = [];
  for (const [metric, all] of Map.groupBy(sample.metrics, (series) => series.metric)) {
    const result = all.map(({ node, timesMs, values }) => ({
      metric: { service: node, job: 'shop' },
      values: timesMs.map((atMs, index) => [atMs / 1_000, String(values[index])]),
    }));
    const file = join(directory, `${metric}.json`);
    await writeFile(file, JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } }));
    files.push(file);
  }
  return files;
}

const micros = (ms: number): number => Math.round(ms * MICROS_PER_MS);
const nanos = (ms: number): string => String(BigInt(micros(ms)) * NANOS_PER_MICRO);

/** One line a service, as the collector's file exporter writes; compressed, as such files are kept. */
async function saveOtlp(): Promise<string> {
  const lines = [...Map.groupBy(sample.spans, ({ node }) => node)].map(([node, spans]) => ({
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: node } }] },
        scopeSpans: [
          {
            spans: spans.map(({ startMs, durationMs, operation, status, ...ids }) => ({
              ...{ ...ids, name: operation, status: { code: status === 'error' ? 2 : 0 } },
              startTimeUnixNano: nanos(startMs),
              endTimeUnixNano: nanos(startMs + durationMs),
            })),
          },
        ],
      },
    ],
  }));
  const file = join(directory, 'otlp.json.gz');
  await writeFile(file, gzipSync(lines.map((line) => JSON.stringify(line)).join('\n')));
  return file;
}

async function saveJaeger(): Promise<string> {
  const nodes = [...new Set(sample.spans.map(({ node }) => node))];
  const data = [...Map.groupBy(sample.spans, ({ traceId }) => traceId)].map(([traceID, spans]) => ({
    traceID,
    processes: Object.fromEntries(nodes.map((serviceName, index) => [`p${index}`, { serviceName }])),
    spans: spans.map(({ spanId, parentSpanId, node, operation, startMs, durationMs, status }) => ({
      ...{ traceID, spanID: spanId, operationName: operation, processID: `p${nodes.indexOf(node)}` },
      ...{ startTime: micros(startMs), duration: micros(durationMs) },
      references: parentSpanId === null ? [] : [{ refType: 'CHILD_OF', traceID, spanID: parentSpanId }],
      tags: status === 'error' ? [{ key: 'error', type: 'bool', value: true }] : [],
    })),
  }));
  const file = join(directory, 'jaeger.json');
  await writeFile(file, JSON.stringify({ data }));
  return file;
}

test.each([
  ['OTLP', saveOtlp],
  ['Jaeger', saveJaeger],
] as const)(
  'a Prometheus dump and %s traces become a capture whose cause is found',
  { timeout: TEST_MS_MAX },
  async (format, saveTraces) => {
    const captures = join(directory, `captures-${format}`);
    const { node, metric, atMs } = sample.alert;
    await run(
      ...['import.ts', 'telemetry', '--captures', captures, '--id', 'carts', '--truth', 'cart-store'],
      ...['--prometheus', ...(await savePrometheus()), '--traces', await saveTraces()],
      ...['--alert-node', node, '--alert-metric', metric, '--alert-at', new Date(atMs).toISOString()],
    );
    const imported = await readCapture(join(captures, 'carts'));
    expect(imported.metrics).toHaveLength(sample.metrics.length);
    expect(imported.spans).toHaveLength(sample.spans.length);
    expect(imported.discarded.outsideWindow).toBe(0);
    const textOf = ({ caller, callee }: Edge): string => `${caller} -> ${callee}`;
    const traced = new Set(edgesOfSpans(sample.spans).map(textOf));
    expect(new Set(imported.topology.edges.map(textOf))).toEqual(traced);
    const { stdout } = await run('eval.ts', '--captures', captures, '--json');
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ cases: 1, top1: 1 });
  },
);

describe('refused with the reason', () => {
  const alert = ['--alert-node', 'web', '--alert-at', '2026-01-31T10:00:00Z'];
  test.each<readonly [name: string, args: readonly string[], code: 1 | 2, why: string, text: string]>([
    ['no alert', ['telemetry', '--traces', 'FILE'], 2, '--alert-node and --alert-at tell the alert', '{}'],
    ['nothing saved', ['telemetry', ...alert], 2, '--prometheus or --traces', '{}'],
    ['a path as an id', ['telemetry', ...alert, '--id', '../out'], 2, 'letters, digits', '{}'],
    ['an unknown layout', ['elsewhere', '--from', '.'], 2, 'there is no layout elsewhere', '{}'],
    ['another file', ['telemetry', ...alert, '--traces', 'FILE'], 1, 'saved: not traces of Jaeger or OTLP', '{"a":1}'],
    [
      'an error of Prometheus',
      ['telemetry', ...alert, '--prometheus', 'FILE'],
      1,
      'saved: Prometheus refused: parse error',
      '{"status":"error","errorType":"bad_data","error":"parse error"}',
    ],
    [
      'an instant query',
      ['telemetry', ...alert, '--prometheus', 'FILE'],
      1,
      'not an answer to query_range',
      '{"status":"success","data":{"resultType":"vector","result":[]}}',
    ],
    ['empty files', ['telemetry', ...alert, '--traces', 'FILE'], 1, 'no metric, span or log', '{"data":[]}'],
  ])('%s', async (_name, args, code, why, text) => {
    const file = join(directory, 'saved.json');
    await writeFile(file, text);
    const given = args.map((arg) => (arg === 'FILE' ? file : arg));
    const refused = run('import.ts', ...given, '--captures', join(directory, 'refused'));
    await expect(refused).rejects.toMatchObject({ code, stderr: expect.stringContaining(why) });
  });
});
