/** The parts of the lab that need no process. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCapture } from '@dao-gov/agent-runtime/telemetry';
import { describe, expect, test } from 'vitest';
import { FAULT_TABLE, faultAt, hostOf, truthOf } from './faults.ts';
import { disturbance } from './machine-watch.ts';
import { writeCapture } from './observe/capture-writer.ts';
import { captureId, HALVES, planOf, recordingsOf } from './plan.ts';
import { seeded } from './random.ts';
import { Pool, PoolTimeoutError } from './service/pool.ts';
import { parseTraceparent, traceparentOf } from './service/tracer.ts';
import { SloWatch, webhookOf } from './slo.ts';
import { calleesOf, EDGES, ENTRY, pathBetween, SERVICE_NAMES, SYSTEM, stepsOf } from './system.ts';

describe('the system', () => {
  test('has at least twelve services, all reached from the entry or through the queue', () => {
    expect(SERVICE_NAMES.length).toBeGreaterThanOrEqual(12);
    const unreached = SERVICE_NAMES.filter((name) => pathBetween(ENTRY, name).length === 0);
    expect(unreached).toEqual(['notify']);
  });

  test('calls only services and operations that there are', () => {
    for (const { caller, callee } of EDGES) expect(SERVICE_NAMES, caller).toContain(callee);
    for (const step of SYSTEM.flatMap(stepsOf)) {
      if (step.do === 'call') {
        const spec = SYSTEM.find(({ name }) => name === step.to);
        expect(spec?.kind === 'service' && Object.keys(spec.operations), step.to).toContain(step.operation);
      }
      if (step.do === 'query') {
        const spec = SYSTEM.find(({ name }) => name === step.database);
        expect(spec?.kind === 'database' && Object.keys(spec.statements), step.database).toContain(step.statement);
      }
    }
  });

  test('has no circle of calls: a fault would have no end', () => {
    const depth = (name: string, above: readonly string[]): number => {
      expect(above, name).not.toContain(name);
      const spec = SYSTEM.find((candidate) => candidate.name === name);
      const below = spec === undefined ? [] : calleesOf(spec);
      return 1 + Math.max(0, ...below.map((callee) => depth(callee, [...above, name])));
    };
    expect(depth(ENTRY, [])).toBeGreaterThanOrEqual(4);
  });
});

describe('faults', () => {
  test('enough combinations for an evaluation, each with a truth on the call graph', () => {
    const names = FAULT_TABLE.map(({ name }) => name);
    const all = recordingsOf(names, ['*'], [1]);
    expect(all.length).toBeGreaterThanOrEqual(120);
    expect(new Set(all.map(captureId)).size).toBe(all.length);
    for (const { fault } of all.filter((one) => one.fault.name !== 'none')) {
      const truth = truthOf(fault, ENTRY);
      expect(truth.rootCause).toBe(hostOf(fault));
      expect([truth.path[0], truth.path.at(-1)]).toEqual([ENTRY, truth.rootCause]);
    }
  });

  test('are recorded in halves that share no target of a fault and no seed, all faults early', () => {
    const names = FAULT_TABLE.map(({ name }) => name);
    const plan = planOf(names, ['*'], [1, 2, 3]);
    const [dev, held] = HALVES.map((half) => plan.filter((one) => one.half === half));
    const keyOf = ({ fault }: { readonly fault: { readonly name: string; readonly target: string } }): string =>
      `${fault.name} ${fault.target}`;
    const single = FAULT_TABLE.filter(({ targets }) => targets.length === 1).map(({ name }) => name);
    const heldKeys = new Set(held?.map(keyOf));
    const shared = new Set(dev?.map(keyOf).filter((key) => heldKeys.has(key)));
    expect([...shared].filter((key) => !single.some((name) => key.startsWith(`${name} `)))).toEqual([]);
    const heldSeeds = new Set(held?.map(({ seed }) => seed));
    expect(dev?.filter(({ seed }) => heldSeeds.has(seed))).toEqual([]);
    expect(new Set(plan.map(captureId)).size).toBe(plan.length);
    const round = plan.slice(0, 2 * names.length);
    expect(new Set(round.map(({ fault, half }) => `${fault.name} ${half}`)).size).toBe(round.length);
    expect(new Set(dev?.map(({ fault }) => fault.target)).size).toBeGreaterThan(20);
  });

  test('of a link, either end is right', () => {
    expect(truthOf(faultAt('network-delay', 'order>payment'), ENTRY)).toEqual({
      rootCause: 'order',
      alternatives: ['payment'],
      faultKind: 'network',
      path: [ENTRY, 'order'],
    });
  });

  test('none is the truth of a false alarm', () => {
    expect(truthOf(faultAt('none', ENTRY), ENTRY)).toEqual({ rootCause: null, faultKind: 'none', path: [] });
  });

  test.each([
    ['an unknown fault', 'gremlins', 'seat'],
    ['an unknown service', 'cpu', 'nowhere'],
    ['a fault that does not apply there', 'stampede', 'seat'],
  ])('%s is refused', (_, fault, target) => {
    expect(() => faultAt(fault, target)).toThrow(RangeError);
  });
});

test('the same seed gives the same numbers, another one others', () => {
  const draw = (seed: number): readonly number[] => {
    const random = seeded(seed);
    return Array.from({ length: 5 }, () => random.around(random.gap(10)) + random.below(7));
  };
  expect(draw(4)).toEqual(draw(4));
  expect(draw(4)).not.toEqual(draw(5));
});

describe('the connection pool', () => {
  test('lets as many in as it may hold, the rest in their order', async () => {
    const pool = new Pool(2, 1_000);
    const order: number[] = [];
    const [first, second] = await Promise.all([pool.acquire(), pool.acquire()]);
    const waiting = [1, 2].map((who) => pool.acquire().then(() => order.push(who)));
    expect([pool.used, pool.pending]).toEqual([2, 2]);
    first();
    second();
    await Promise.all(waiting);
    expect([order, pool.used, pool.pending]).toEqual([[1, 2], 2, 0]);
  });

  test('giving back twice frees one connection', async () => {
    const pool = new Pool(2, 1_000);
    const release = await pool.acquire();
    await pool.acquire();
    release();
    release();
    expect(pool.used).toBe(1);
  });

  test('a leak leaves nobody through in time, until it is mended', async () => {
    const pool = new Pool(1, 20);
    pool.leak();
    await expect(pool.acquire()).rejects.toBeInstanceOf(PoolTimeoutError);
    pool.mend();
    await expect(pool.acquire()).resolves.toBeTypeOf('function');
  });
});

describe('trace context', () => {
  test('comes out as it went in', () => {
    const context = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), sampled: true };
    expect(parseTraceparent(traceparentOf(context))).toEqual(context);
  });

  test.each([undefined, '', '00-xyz', `00-${'a'.repeat(32)}-${'b'.repeat(16)}`])('%j is none', (header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });
});

describe('objectives', () => {
  const AT_MS = 1_000_000;
  const watchOf = (bad: number, good: number, kind: 'slow' | 'failed', ageMs = 1_000): SloWatch => {
    const watch = new SloWatch();
    const add = (isBad: boolean): void => {
      const durationMs = isBad && kind === 'slow' ? 900 : 50;
      watch.add({ operation: 'GET /x', atMs: AT_MS - ageMs, durationMs, ok: !(isBad && kind === 'failed') });
    };
    for (let one = 0; one < bad; one += 1) add(true);
    for (let one = 0; one < good; one += 1) add(false);
    return watch;
  };

  test.each([
    ['failures', watchOf(5, 5, 'failed'), 'request_error_rate'],
    ['slowness', watchOf(5, 5, 'slow'), 'request_latency_p95_ms'],
    ['a few bad ones', watchOf(3, 0, 'failed'), undefined],
    ['a small share', watchOf(5, 200, 'failed'), undefined],
    ['what is over', watchOf(5, 5, 'failed', 6_000), undefined],
  ])('%s', (_, watch, metric) => {
    expect(watch.check(AT_MS)?.metric).toBe(metric);
  });

  test('the share of bad requests counts both kinds, of the time asked for', () => {
    expect(watchOf(1, 3, 'slow').badShare(AT_MS, 2_000)).toBe(0.25);
    expect(watchOf(2, 2, 'failed').badShare(AT_MS, 2_000)).toBe(0.5);
    expect(watchOf(2, 2, 'failed').badShare(AT_MS, 500)).toBe(0);
  });

  test('the webhook is one of Alertmanager', () => {
    const alert = { node: ENTRY, metric: 'request_error_rate', atMs: 0, title: 'fails' };
    expect(webhookOf(alert, 'lab-0')).toMatchObject({
      version: '4',
      status: 'firing',
      alerts: [{ status: 'firing', startsAt: '1970-01-01T00:00:00.000Z', endsAt: '0001-01-01T00:00:00Z' }],
    });
  });
});

test.each([
  ['a quiet machine', { stallMs: 60, waitMs: 1.2 }, undefined],
  ['a kernel that does not tell who waits', { stallMs: 60, waitMs: null }, undefined],
  ['a pause of everything', { stallMs: 900, waitMs: 1 }, 'the machine stood still for 900 ms'],
  ['a processor that is shared', { stallMs: 60, waitMs: 80 }, 'services waited 80 ms for a processor each time'],
])('%s', (_, state, why) => {
  expect(disturbance(state)).toBe(why);
});

test('what is written is read back by the agents, and the answer stays apart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'written-'));
  try {
    const span = {
      traceId: 't'.repeat(32),
      spanId: 'a',
      node: ENTRY,
      operation: 'GET /',
      durationMs: 2.5,
      startMs: 11_500,
    };
    writeCapture(
      folder,
      {
        id: 'cpu-train-1',
        alert: { node: ENTRY, metric: 'request_latency_p95_ms', atMs: 12_000, title: 'slow' },
        fromMs: 10_000,
        toMs: 14_000,
        edges: EDGES,
      },
      {
        rows: [11_000, 12_000].map((atMs) => ({ atMs, node: ENTRY, values: { cpu_usage: 0.123456 } })),
        spans: [
          { ...span, parentSpanId: null, status: 'unset' },
          { ...span, spanId: 'b', parentSpanId: 'a', node: 'auth', status: 'error' },
        ],
        logs: [{ atMs: 11_700, node: 'auth', level: 'ERROR', message: 'failed, badly', traceId: null }],
      },
      { truth: truthOf(faultAt('cpu', 'train'), ENTRY), notes: {} },
    );
    const capture = await readCapture(folder);
    expect(capture.metrics).toEqual([
      { node: ENTRY, metric: 'cpu_usage', timesMs: [11_000, 12_000], values: [0.1235, 0.1235] },
    ]);
    expect(capture.spans).toEqual([
      expect.objectContaining({ node: ENTRY, parentSpanId: null, startMs: 11_500, durationMs: 2.5 }),
      expect.objectContaining({ node: 'auth', parentSpanId: capture.spans[0]?.spanId, status: 'error' }),
    ]);
    expect(capture.logs).toEqual([expect.objectContaining({ message: 'failed, badly', atMs: 11_700 })]);
    expect(capture.topology.edges).toHaveLength(EDGES.length);
    expect(JSON.parse(await readFile(join(folder, 'truth.json'), 'utf8'))).toMatchObject({ rootCause: 'train' });
  } finally {
    await rm(folder, { recursive: true });
  }
});
