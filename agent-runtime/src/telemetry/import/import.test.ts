/** Importers, on small layouts made here, through the writer and back through the reader. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { analyse, edgesOfSpans } from '../../analysis/index.ts';
import { simulate } from '../../analysis/testing/simulated-system.ts';
import { readCapture } from '../read-capture.ts';
import type { Imported } from './imported.ts';
import { importPetshop } from './petshop.ts';
import { parsePrometheus } from './prometheus.ts';
import { importRcaeval } from './rcaeval.ts';
import { parseTraces } from './traces.ts';
import { writeCapture } from './write-capture.ts';

let root = '';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'import-'));
});

afterEach(async () => {
  await rm(root, { recursive: true });
});

async function files(contents: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(contents)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
}

async function all(imported: AsyncIterable<Imported>): Promise<readonly Imported[]> {
  const list: Imported[] = [];
  for await (const item of imported) list.push(item);
  return list;
}

describe('the writer', () => {
  test('what is written is read back as it was', async () => {
    const simulated = simulate({ seed: 1, fault: 'errors', traces: true, logs: true }).capture;
    // The last traces begin after the last observation.
    const capture = { ...simulated, window: { ...simulated.window, toMs: simulated.window.toMs + 60_000 } };
    const folder = join(root, 'case');
    await writeCapture(folder, { capture, truth: { rootCause: 'a' } });
    const read = await readCapture(folder);
    const sorted = (from: typeof read.metrics) =>
      from.toSorted((left, right) => `${left.node} ${left.metric}`.localeCompare(`${right.node} ${right.metric}`));
    expect(sorted(read.metrics)).toEqual(sorted(capture.metrics));
    expect(read.topology.edges).toEqual(capture.topology.edges);
    expect(read.logs).toEqual(capture.logs);
    expect(read.spans.length).toBe(capture.spans.length);
    const drift = read.spans.map(({ durationMs }, index) =>
      Math.abs(durationMs - (capture.spans[index]?.durationMs ?? 0)),
    );
    expect(Math.max(...drift)).toBeLessThan(0.01);
    expect(analyse(read).candidates[0]?.node).toBe(
      analyse({ ...capture, discarded: read.discarded }).candidates[0]?.node,
    );
  });

  test('names with commas and quotes survive', async () => {
    const { capture } = simulate({ seed: 1, fault: 'none' });
    const node = 'say "hi", service';
    const metrics = [{ node, metric: 'latency_ms', timesMs: [0, 30_000], values: [1, 2] }];
    const topology = { nodes: [node, 'b'], edges: [{ caller: node, callee: 'b' }] };
    await writeCapture(root, { capture: { ...capture, metrics, topology }, truth: null });
    expect(await readCapture(root)).toMatchObject({ metrics, topology: { edges: topology.edges } });
  });
});

describe('PetShop', () => {
  test('an issue becomes a capture with its history before it, at the same time of day', async () => {
    const head = ['microservice,web,db', 'metric,latency,latency', 'statistic,Average,p90', 'unix_timestamp,,'];
    const day = 86_400;
    await files({
      'low/graph.csv': ',web,db\nweb,0.0,1.0\ndb,0.0,0.0\n',
      'low/noissue/metrics.csv': [...head, `${10 * day},0.1,`, `${10 * day + 300},0.2,0.5`, ''].join('\n'),
      'low/train/issue_0/metrics.csv': [...head, `${3 * day + 600},0.9,0.5`, ''].join('\n'),
      'low/train/issue_0/target.json': JSON.stringify({
        target: { node: 'web', metric: 'latency', agg: 'Average', timestamp: 3 * day + 610 },
        root_cause: { node: 'db', metric: null },
      }),
      'low/test/.keep': '',
    });
    const [only] = await all(importPetshop(root));
    expect(only?.truth).toEqual({ rootCause: 'db', scenario: 'low latency' });
    expect(only?.capture).toMatchObject({
      id: 'low-train-issue_0',
      alert: { node: 'web', metric: 'latency_average', atMs: (3 * day + 610) * 1_000 },
      topology: { nodes: ['web', 'db'], edges: [{ caller: 'web', callee: 'db' }] },
      metrics: [
        {
          node: 'web',
          metric: 'latency_average',
          timesMs: [3 * day, 3 * day + 300, 3 * day + 600].map((seconds) => seconds * 1_000),
          values: [0.1, 0.2, 0.9],
        },
        { node: 'db', metric: 'latency_p90', values: [0.5, 0.5] },
      ],
    });
  });
});

describe('RCAEval', () => {
  test('the entry alerts, the folder names the cause, empty cells and repeated seconds are left out', async () => {
    const rows = Array.from({ length: 20 }, (_, index) => `${1_000 + index},0.5,${index === 3 ? '' : 0.01},40`);
    await files({
      'store/db_cpu/1/data.csv': ['time,front_latency-50,db_latency-50,db_cpu', ...rows, rows[19], ''].join('\n'),
      'store/db_cpu/1/inject_time.txt': '1010\n',
      'store/db_cpu/notes.md': 'no case',
    });
    const [only, ...others] = await all(importRcaeval(join(root, 'store')));
    expect(others).toEqual([]);
    expect(only?.truth).toEqual({ rootCause: 'db', fault: 'cpu', faultKind: 'cpu' });
    expect(only?.capture.alert).toEqual({ node: 'front', metric: 'latency-50', atMs: 1_019_000 });
    expect(only?.capture.metrics.map(({ node, metric, values }) => [node, metric, values.length])).toEqual([
      ['front', 'latency-50', 20],
      ['db', 'latency-50', 19],
      ['db', 'cpu', 20],
    ]);
  });
});

describe('Prometheus', () => {
  const answer = (result: readonly unknown[], resultType = 'matrix'): string =>
    JSON.stringify({ status: 'success', data: { resultType, result } });

  test('nodes come from labels, NaN is absent, series that differ in other labels stay apart', () => {
    const text = answer([
      {
        metric: { __name__: 'up', job: 'cart' },
        values: [
          [1.5, '1'],
          [2, 'NaN'],
          [3, '0'],
        ],
      },
      { metric: { service: 'web', code: '200' }, values: [[1, '5']] },
      {
        metric: { service: 'web', code: '500' },
        values: [
          [1, '+Inf'],
          [2, '7'],
        ],
      },
      { metric: { nothing: 'known' }, values: [[1, '5']] },
    ]);
    expect(parsePrometheus(text, 'requests')).toEqual([
      { node: 'cart', metric: 'up', timesMs: [1_500, 3_000], values: [1, 0] },
      { node: 'web', metric: 'requests{code=200}', timesMs: [1_000], values: [5] },
      { node: 'web', metric: 'requests{code=500}', timesMs: [2_000], values: [7] },
    ]);
  });

  test.each([
    ['an error', JSON.stringify({ status: 'error', errorType: 'bad_data' })],
    ['a vector', answer([], 'vector')],
    ['no JSON', '<html>'],
  ])('%s is refused', (_, text) => {
    expect(() => parsePrometheus(text, 'x')).toThrow();
  });
});

describe('traces', () => {
  const spans = [
    {
      traceId: 't1',
      spanId: 'a',
      parentSpanId: null,
      node: 'web',
      operation: 'GET /',
      startMs: 1_000,
      durationMs: 20.5,
      status: 'error',
    },
    {
      traceId: 't1',
      spanId: 'b',
      parentSpanId: 'a',
      node: 'db',
      operation: 'query',
      startMs: 1_005,
      durationMs: 10,
      status: 'unset',
    },
  ];

  test('Jaeger', () => {
    const text = JSON.stringify({
      data: [
        {
          traceID: 't1',
          processes: { p1: { serviceName: 'web' }, p2: { serviceName: 'db' } },
          spans: [
            {
              traceID: 't1',
              spanID: 'a',
              operationName: 'GET /',
              startTime: 1_000_000,
              duration: 20_500,
              processID: 'p1',
              tags: [{ key: 'error', type: 'bool', value: true }],
            },
            {
              traceID: 't1',
              spanID: 'b',
              operationName: 'query',
              startTime: 1_005_000,
              duration: 10_000,
              processID: 'p2',
              references: [{ refType: 'CHILD_OF', traceID: 't1', spanID: 'a' }],
            },
          ],
        },
      ],
    });
    expect(parseTraces(text)).toEqual({ spans, logs: [], rejected: 0 });
  });

  test('OTLP', () => {
    const resource = (name: string) => ({ attributes: [{ key: 'service.name', value: { stringValue: name } }] });
    const text = JSON.stringify({
      resourceSpans: [
        {
          resource: resource('web'),
          scopeSpans: [
            {
              spans: [
                {
                  traceId: 't1',
                  spanId: 'a',
                  name: 'GET /',
                  kind: 2,
                  startTimeUnixNano: '1000000000',
                  endTimeUnixNano: '1020500000',
                  status: { code: 2 },
                },
              ],
            },
          ],
        },
        {
          resource: resource('db'),
          scopeSpans: [
            {
              spans: [
                {
                  traceId: 't1',
                  spanId: 'b',
                  parentSpanId: 'a',
                  name: 'query',
                  startTimeUnixNano: '1005000000',
                  endTimeUnixNano: '1015000000',
                },
              ],
            },
          ],
        },
      ],
    });
    expect(parseTraces(text)).toEqual({ spans, logs: [], rejected: 0 });
    expect(edgesOfSpans(parseTraces(text).spans)).toEqual([{ caller: 'web', callee: 'db' }]);
  });
});
