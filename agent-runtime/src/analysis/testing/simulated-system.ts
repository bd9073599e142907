/**
 * A small physical model of microservices, to try the engine on incidents of known cause: requests flow from an entry
 * over a random call graph, each call takes its service's own time under its load plus that of its callees and of the
 * network between, failures travel upwards where callers do not degrade. What is measured carries sampling noise.
 */
import type { Capture, Edge, LogRecord, MetricSeries, Span } from '../types.ts';
import { type Random, seededRandom } from './random.ts';

export const SIMULATED_FAULTS = [
  'latency',
  'errors',
  'cpu',
  'memory',
  'saturation',
  'crash',
  'network',
  'load',
  'none',
] as const;
export type SimulatedFault = (typeof SIMULATED_FAULTS)[number];

export type Simulated = {
  readonly capture: Capture;
  readonly fault: SimulatedFault;
  /** `null` when nothing was broken. */
  readonly rootCause: string | null;
  /** The other end of a broken network link. */
  readonly alternatives: readonly string[];
};

export type SimulationOptions = {
  readonly seed: number;
  readonly fault: SimulatedFault;
  readonly nodeCount?: number;
  readonly traces?: boolean;
  readonly logs?: boolean;
};

const STEP_MS = 30_000;
const STEPS = 140;
const FAULT_STEP = 110;
const ALERT_STEP = 116;
const TRACES_PER_STEP = 2;

type Service = {
  readonly name: string;
  readonly workMs: number;
  readonly busy: number;
  readonly memory: number;
  readonly calls: readonly Call[];
};
type Call = { readonly callee: number; readonly times: number; readonly passesFailures: number };

/** What a service is like in one step. */
type State = { workMs: number; errors: number; cpu: number; memory: number; pool: number; down: boolean };
type Measured = { requests: number; latencyMs: number; failing: number };

export function simulate({ seed, fault, nodeCount = 14, traces = false, logs = false }: SimulationOptions): Simulated {
  const random = seededRandom(seed * 7919 + SIMULATED_FAULTS.indexOf(fault));
  const services = system(random, nodeCount);
  const target = fault === 'load' ? 0 : 1 + random.below(nodeCount - 1);
  const callers = services.flatMap(({ calls }, index) =>
    calls.some(({ callee }) => callee === target) ? [index] : [],
  );
  const link = { caller: callers[random.below(callers.length)] ?? 0, callee: target };
  const strength = 0.4 + 0.6 * random.next();
  const rows: { readonly states: readonly State[]; readonly measured: readonly Measured[] }[] = [];
  const spans: Span[] = [];
  for (let step = 0; step < STEPS; step += 1) {
    const broken = fault === 'none' ? null : { fault, target, link, strength, age: step - FAULT_STEP };
    const rate =
      300 *
      (1 + 0.2 * Math.sin(step / 25)) *
      (1 + 0.05 * random.normal()) *
      (fault === 'load' && step >= FAULT_STEP ? 2.5 + strength : 1);
    const states = services.map((service, index) => stateOf(random, service, index, broken));
    const linkMs = (caller: number, callee: number): number =>
      fault === 'network' && step >= FAULT_STEP && caller === link.caller && callee === link.callee
        ? 250 * strength + 50
        : 0;
    rows.push({ states, measured: measure(random, services, states, rate, linkMs) });
    if (traces)
      for (let trace = 0; trace < TRACES_PER_STEP; trace += 1)
        spans.push(...traceOf(random, services, states, step, trace, linkMs));
  }
  const [failing, slow] = [rows[ALERT_STEP]?.measured[0]?.failing ?? 0, rows[ALERT_STEP]?.measured[0]?.latencyMs ?? 0];
  const alertMetric = failing > 0.05 || (fault === 'none' && slow < 0) ? 'error_rate' : 'latency_mean_ms';
  const names = services.map(({ name }) => name);
  const capture: Capture = {
    id: `simulated-${fault}-${seed}`,
    title: 'Simulated incident',
    alert: { node: names[0] ?? '', metric: alertMetric, atMs: ALERT_STEP * STEP_MS },
    window: { fromMs: 0, toMs: (STEPS - 1) * STEP_MS },
    topology: { nodes: names, edges: edgesOf(services) },
    metrics: services.flatMap(({ name }, index) =>
      seriesOf(
        random,
        name,
        rows.map(({ states, measured }) => ({ ...states[index], ...measured[index] }) as State & Measured),
      ),
    ),
    spans,
    logs: logs ? logsOf(random, names, rows) : [],
    discarded: { nonFinite: 0, outsideWindow: 0 },
  };
  const name = (index: number): string => names[index] ?? '';
  return {
    ...{ capture, fault },
    rootCause: fault === 'none' ? null : name(target),
    alternatives: fault === 'network' ? [name(link.caller)] : [],
  };
}

function system(random: Random, count: number): readonly Service[] {
  const names = random.shuffled(Array.from({ length: count }, (_, index) => `node-${index}`));
  const calls = Array.from({ length: count }, (): Call[] => []);
  for (let callee = 1; callee < count; callee += 1) {
    const callers = new Set([random.below(callee), ...(random.next() < 0.4 ? [random.below(callee)] : [])]);
    for (const caller of callers) {
      const times = [1, 1, 1, 0.3, 2][random.below(5)] ?? 1;
      calls[caller]?.push({ callee, times, passesFailures: random.next() < 0.75 ? 1 : 0.1 });
    }
  }
  return names.map((name, index) => ({
    name,
    workMs: 3 + 40 * random.next() ** 2,
    busy: 0.15 + 0.4 * random.next(),
    memory: 2e8 * (1 + random.next()),
    calls: calls[index] ?? [],
  }));
}

type Broken = {
  readonly fault: SimulatedFault;
  readonly target: number;
  readonly strength: number;
  /** Steps since the fault was injected; negative before. */
  readonly age: number;
};

function stateOf(random: Random, service: Service, index: number, broken: Broken | null): State {
  const jitter = 1 + 0.06 * random.normal();
  const state = {
    workMs: service.workMs * jitter,
    errors: 0.002 * random.next(),
    cpu: service.busy * 100 * jitter,
    memory: service.memory * (1 + 0.02 * random.normal()),
    pool: 20 + 5 * random.normal(),
    down: false,
  };
  if (broken === null || broken.age < 0) return state;
  const { fault, target, strength, age } = broken;
  if (fault === 'load')
    return {
      ...state,
      workMs: state.workMs * (1 + service.busy * 3 * strength),
      cpu: Math.min(100, state.cpu * 2.5),
      pool: state.pool * 2,
    };
  if (index !== target) return state;
  switch (fault) {
    case 'latency':
      return { ...state, workMs: state.workMs + 150 + 800 * strength };
    case 'errors':
      return { ...state, errors: 0.15 + 0.7 * strength };
    case 'cpu':
      return { ...state, workMs: state.workMs * (3 + 6 * strength) + 20, cpu: 96 + random.next() * 4 };
    case 'memory':
      return {
        ...state,
        workMs: state.workMs * (1 + Math.min(8, age / 2) * strength) + 10 * strength * Math.min(10, age),
        memory: state.memory * (1 + 0.08 * age),
      };
    case 'saturation':
      return {
        ...state,
        workMs: state.workMs + 200 + 600 * strength,
        pool: 97 + 3 * random.next(),
        errors: 0.1 * strength,
      };
    case 'crash':
      return { ...state, down: true };
    default:
      return state;
  }
}

/** Callees come after their callers in the list, so requests are spread forwards and times are added up backwards. */
function measure(
  random: Random,
  services: readonly Service[],
  states: readonly State[],
  rate: number,
  linkMs: (caller: number, callee: number) => number,
): readonly Measured[] {
  const requests = services.map((_, index) => (index === 0 ? rate : 0));
  services.forEach(({ calls }, caller) => {
    for (const { callee, times } of calls) requests[callee] = (requests[callee] ?? 0) + (requests[caller] ?? 0) * times;
  });
  const measured: Measured[] = services.map(() => ({ requests: 0, latencyMs: 0, failing: 0 }));
  for (let index = services.length - 1; index >= 0; index -= 1) {
    const { calls = [] } = services[index] ?? {};
    const state = states[index];
    const count = Math.max(0, Math.round(requests[index] ?? 0));
    if (state === undefined) continue;
    let latencyMs = state.workMs;
    let succeeding = 1 - state.errors;
    for (const { callee, times, passesFailures } of calls) {
      const below = measured[callee];
      latencyMs += times * ((states[callee]?.down ? 1 : (below?.latencyMs ?? 0)) + linkMs(index, callee));
      const failing = states[callee]?.down ? 1 : (below?.failing ?? 0);
      succeeding *= 1 - Math.min(1, times) * failing * passesFailures;
    }
    measured[index] = {
      requests: count,
      latencyMs: latencyMs * (1 + (0.5 * random.normal()) / Math.sqrt(Math.max(4, count))),
      failing: count === 0 ? 0 : sampledShare(random, 1 - succeeding, count),
    };
  }
  return measured;
}

/** A share as counted over `count` requests. */
function sampledShare(random: Random, share: number, count: number): number {
  const spread = Math.sqrt((share * (1 - share)) / count);
  return Math.round(Math.min(1, Math.max(0, share + spread * random.normal())) * count) / count;
}

function seriesOf(random: Random, node: string, rows: readonly (State & Measured)[]): readonly MetricSeries[] {
  const series = (metric: string, read: (row: State & Measured) => number): MetricSeries => {
    const kept = rows.flatMap((row, step) =>
      row.down || random.next() < 0.02 ? [] : [{ atMs: step * STEP_MS, value: read(row) }],
    );
    return { node, metric, timesMs: kept.map(({ atMs }) => atMs), values: kept.map(({ value }) => value) };
  };
  return [
    series('requests', ({ requests }) => requests),
    series('latency_mean_ms', ({ latencyMs }) => latencyMs),
    series('latency_p95_ms', ({ latencyMs }) => latencyMs * (1.8 + 0.2 * random.normal())),
    series('error_rate', ({ failing }) => failing),
    series('cpu_percent', ({ cpu }) => cpu),
    series('memory_bytes', ({ memory }) => memory),
    series('pool_percent', ({ pool }) => Math.min(100, Math.max(0, pool))),
  ];
}

function edgesOf(services: readonly Service[]): readonly Edge[] {
  return services.flatMap(({ name, calls }) =>
    calls.map(({ callee }) => ({ caller: name, callee: services[callee]?.name ?? '' })),
  );
}

function traceOf(
  random: Random,
  services: readonly Service[],
  states: readonly State[],
  step: number,
  trace: number,
  linkMs: (caller: number, callee: number) => number,
): readonly Span[] {
  const traceId = `${step}-${trace}`;
  const spans: Span[] = [];
  const visit = (
    index: number,
    parentSpanId: string | null,
    startMs: number,
  ): { readonly durationMs: number; readonly failed: boolean } => {
    const service = services[index];
    const state = states[index];
    if (service === undefined || state === undefined) return { durationMs: 0, failed: false };
    if (state.down) return { durationMs: 1, failed: true };
    const spanId = `${spans.length}`;
    const slot = spans.length;
    let nowMs = startMs + state.workMs * (0.3 + 0.4 * random.next());
    let failed = random.next() < state.errors;
    spans.push({
      traceId,
      spanId,
      parentSpanId,
      node: service.name,
      operation: 'serve',
      startMs,
      durationMs: 0,
      status: 'ok',
    });
    if (!failed) {
      for (const { callee, times, passesFailures } of service.calls) {
        const rounds = Math.floor(times) + (random.next() < times % 1 ? 1 : 0);
        for (let round = 0; round < rounds && !failed; round += 1) {
          const wireMs = linkMs(index, callee);
          const answer = visit(callee, spanId, nowMs + wireMs / 2);
          nowMs += answer.durationMs + wireMs;
          failed = answer.failed && random.next() < passesFailures;
        }
      }
    }
    const durationMs = nowMs - startMs + state.workMs * (0.3 + 0.4 * random.next());
    spans[slot] = {
      traceId,
      spanId,
      parentSpanId,
      node: service.name,
      operation: 'serve',
      startMs,
      durationMs,
      status: failed ? 'error' : 'ok',
    };
    return { durationMs, failed };
  };
  visit(0, null, step * STEP_MS + trace * 1_000);
  return spans;
}

function logsOf(
  random: Random,
  names: readonly string[],
  rows: readonly { readonly states: readonly State[]; readonly measured: readonly Measured[] }[],
): readonly LogRecord[] {
  return rows.flatMap(({ measured, states }, step) =>
    names.flatMap((node, index): readonly LogRecord[] => {
      const failing = measured[index]?.failing ?? 0;
      if (states[index]?.down || random.next() >= failing * 2) return [];
      return [{ atMs: step * STEP_MS, node, level: 'ERROR', message: `request ${step} failed`, traceId: null }];
    }),
  );
}
