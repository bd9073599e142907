/**
 * A small physical model of microservices, to try the engine on incidents of known cause: requests flow from an entry
 * over a random call graph, each call takes its service's own time under its load plus that of its callees and of the
 * network between, failures travel upwards where callers do not degrade. What is measured carries sampling noise.
 */
import type { Capture, Edge, MetricSeries, Span } from '../types.ts';
import { type Random, seededRandom } from './random.ts';
import { logsOf, traceOf } from './simulated-events.ts';

export const SIMULATED_FAULTS = [
  'latency',
  'errors',
  'cpu',
  'memory',
  'saturation',
  'dependency',
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
  /** Clients report what their calls take, by callee. */
  readonly links?: boolean;
  readonly conditions?: Partial<Conditions>;
};

/** How hard the system makes it to see a fault. */
export type Conditions = {
  readonly stepMs: number;
  /** Steps of ordinary operation, from the fault to the alert, and after it. */
  readonly historySteps: number;
  readonly alertSteps: number;
  readonly tailSteps: number;
  /** Requests that the entry gets in one step. */
  readonly rate: number;
  /** Relative scatter of what a service itself takes from step to step. */
  readonly jitter: number;
  /** Rises and falls of the traffic over the day, relative. */
  readonly season: number;
  /** Steps that one measurement covers: rates over windows wider than a step. */
  readonly smoothing: number;
  /** Share of observations that are missing. */
  readonly missing: number;
  /** How many times its usual time a bystander takes now and then; 0 for never. */
  readonly hiccup: number;
  /** Least strength of a fault, 0..1. */
  readonly strengthMin: number;
};

const USUAL: Conditions = {
  stepMs: 30_000,
  historySteps: 110,
  alertSteps: 6,
  tailSteps: 24,
  rate: 300,
  jitter: 0.06,
  season: 0.2,
  smoothing: 1,
  missing: 0.02,
  hiccup: 0,
  strengthMin: 0.4,
};
const TRACES_PER_STEP = 2;
/** So many bystanders are slow at any time, each for this many steps. */
const HICCUP = { atOnce: 1.2, steps: 3 } as const;

export type Service = {
  readonly name: string;
  readonly workMs: number;
  readonly busy: number;
  readonly memory: number;
  readonly calls: readonly Call[];
};
export type Call = { readonly callee: number; readonly times: number; readonly passesFailures: number };

/** What a service is like in one step. */
export type State = {
  workMs: number;
  errors: number;
  cpu: number;
  memory: number;
  pool: number;
  disk: number;
  down: boolean;
};
type Measured = { requests: number; latencyMs: number; failing: number };
export type LinkMs = (caller: number, callee: number) => number;
export type Row = {
  readonly states: readonly State[];
  readonly measured: readonly Measured[];
  readonly linkMs: LinkMs;
};

export function simulate(options: SimulationOptions): Simulated {
  const { seed, fault, nodeCount = 14, traces = false, logs = false, links = false } = options;
  const conditions = { ...USUAL, ...options.conditions };
  const { stepMs, historySteps, alertSteps, tailSteps, rate, season, strengthMin } = conditions;
  const random = seededRandom(seed * 7919 + SIMULATED_FAULTS.indexOf(fault));
  const services = system(random, nodeCount);
  // Only who calls others has a way to them.
  const targets = services.flatMap(({ calls }, index) => (fault !== 'dependency' || calls.length > 0 ? [index] : []));
  const target = fault === 'load' ? 0 : (targets[1 + random.below(targets.length - 1)] ?? 0);
  const callers = services.flatMap(({ calls }, index) =>
    calls.some(({ callee }) => callee === target) ? [index] : [],
  );
  const link = { caller: callers[random.below(callers.length)] ?? 0, callee: target };
  const strength = strengthMin + (1 - strengthMin) * random.next();
  const bystanders = services.map((_, index) => index).filter((index) => index !== target && index !== link.caller);
  const rows: Row[] = [];
  const spans: Span[] = [];
  const slowUntil = new Map<number, number>();
  for (let step = 0; step < historySteps + alertSteps + tailSteps; step += 1) {
    const age = step - historySteps;
    const broken = fault === 'none' ? null : { fault, target, strength, age };
    const requests =
      rate *
      (1 + season * Math.sin(step / 25)) *
      (1 + 0.05 * random.normal()) *
      (fault === 'load' && age >= 0 ? 2.5 + strength : 1);
    for (const index of conditions.hiccup > 0 ? bystanders : []) {
      const chance = HICCUP.atOnce / (HICCUP.steps * bystanders.length);
      if (random.next() < chance) slowUntil.set(index, step + HICCUP.steps);
    }
    const states = services.map((service, index) => {
      const state = stateOf(random, service, index, broken, conditions.jitter);
      const late = step < (slowUntil.get(index) ?? 0);
      return late ? { ...state, workMs: state.workMs + service.workMs * conditions.hiccup } : state;
    });
    const linkMs: LinkMs = (caller, callee) => {
      if (age < 0) return 0;
      if (fault === 'network' && caller === link.caller && callee === link.callee) return 300 * strength;
      // A process that has no processor is late to accept and late to read answers.
      return fault === 'cpu' && (caller === target || callee === target) ? 60 * strength : 0;
    };
    rows.push({ states, linkMs, measured: measure(random, services, states, requests, linkMs) });
    if (traces) {
      for (let trace = 0; trace < TRACES_PER_STEP; trace += 1) {
        spans.push(
          ...traceOf(random, services, states, `${step}-${trace}`, step * stepMs + trace * (stepMs / 30), linkMs),
        );
      }
    }
  }
  const alertStep = historySteps + alertSteps;
  const failing = rows[alertStep - 1]?.measured[0]?.failing ?? 0;
  const names = services.map(({ name }) => name);
  const name = (index: number): string => names[index] ?? '';
  const capture: Capture = {
    id: `simulated-${fault}-${seed}`,
    title: 'Simulated incident',
    alert: {
      node: name(0),
      metric: failing > 0.05 ? 'error_rate' : 'latency_mean_ms',
      atMs: alertStep * stepMs,
    },
    window: { fromMs: 0, toMs: (rows.length - 1) * stepMs },
    topology: { nodes: names, edges: edgesOf(services) },
    metrics: services.flatMap((service, index) => [
      ...seriesOf(random, service.name, index, smoothed(rows, conditions.smoothing), conditions),
      ...(links ? linkSeriesOf(random, services, index, smoothed(rows, conditions.smoothing), conditions) : []),
    ]),
    spans,
    logs: logs ? logsOf(random, names, rows, stepMs) : [],
    discarded: { nonFinite: 0, outsideWindow: 0 },
  };
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

function stateOf(random: Random, service: Service, index: number, broken: Broken | null, scatter: number): State {
  const jitter = Math.max(0.2, 1 + scatter * random.normal());
  const state = {
    workMs: service.workMs * jitter,
    errors: 0.002 * random.next(),
    cpu: service.busy * 100 * jitter,
    memory: service.memory * (1 + 0.02 * random.normal()),
    pool: 20 + 5 * random.normal(),
    disk: 40 + 2 * random.normal(),
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
      return { ...state, workMs: state.workMs + 10 + 940 * strength ** 2 };
    case 'errors':
      return { ...state, errors: 0.01 + 0.84 * strength ** 2 };
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
        disk: 97 + 3 * random.next(),
        errors: 0.1 * strength,
      };
    case 'dependency':
      return {
        ...state,
        workMs: state.workMs + 100 + 700 * strength,
        pool: 97 + 3 * random.next(),
        errors: 0.3 * strength,
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

/** What a window of so many steps shows, seen at each step. A step without an answer counts for nothing. */
function smoothed(rows: readonly Row[], width: number): readonly Row[] {
  if (width <= 1) return rows;
  return rows.map(({ states, linkMs }, step) => {
    const covered = rows.slice(Math.max(0, step - width + 1), step + 1);
    const mean = (read: (row: Row) => number): number =>
      covered.reduce((total, row) => total + read(row), 0) / covered.length;
    const measured = states.map(
      (_, index): Measured => ({
        requests: mean((row) => row.measured[index]?.requests ?? 0),
        latencyMs: mean((row) => row.measured[index]?.latencyMs ?? 0),
        failing: mean((row) => row.measured[index]?.failing ?? 0),
      }),
    );
    return { states, measured, linkMs };
  });
}

type Observe = (metric: string, read: (row: State & Measured, step: number) => number) => MetricSeries;

function observer(
  random: Random,
  node: string,
  index: number,
  rows: readonly Row[],
  { stepMs, missing }: Conditions,
): Observe {
  const own = rows.map(({ states, measured }) => ({ ...states[index], ...measured[index] }) as State & Measured);
  return (metric, read) => {
    const kept = own.flatMap((row, step) =>
      row.down || random.next() < missing ? [] : [{ atMs: step * stepMs, value: read(row, step) }],
    );
    return { node, metric, timesMs: kept.map(({ atMs }) => atMs), values: kept.map(({ value }) => value) };
  };
}

function seriesOf(
  random: Random,
  node: string,
  index: number,
  rows: readonly Row[],
  conditions: Conditions,
): readonly MetricSeries[] {
  const series = observer(random, node, index, rows, conditions);
  const bounded = (value: number): number => Math.min(100, Math.max(0, value));
  return [
    series('requests', ({ requests }) => requests),
    series('latency_mean_ms', ({ latencyMs }) => latencyMs),
    series('latency_p95_ms', ({ latencyMs }) => latencyMs * (1.8 + 0.2 * random.normal())),
    series('error_rate', ({ failing }) => failing),
    series('cpu_percent', ({ cpu }) => cpu),
    series('memory_bytes', ({ memory }) => memory),
    series('pool_percent', ({ pool }) => bounded(pool)),
    series('disk_percent', ({ disk }) => bounded(disk)),
  ];
}

/** What each caller measures of its calls; a callee that is down refuses them at once. */
function linkSeriesOf(
  random: Random,
  services: readonly Service[],
  caller: number,
  rows: readonly Row[],
  conditions: Conditions,
): readonly MetricSeries[] {
  const { name = '', calls = [] } = services[caller] ?? {};
  const series = observer(random, name, caller, rows, conditions);
  return calls.flatMap(({ callee }) => {
    const peer = services[callee]?.name ?? '';
    const down = (step: number): boolean => rows[step]?.states[callee]?.down ?? false;
    const of = (step: number): Measured | undefined => rows[step]?.measured[callee];
    return [
      series(`call_latency_mean_ms:${peer}`, (_, step) =>
        down(step) ? 1 : (of(step)?.latencyMs ?? 0) + (rows[step]?.linkMs(caller, callee) ?? 0),
      ),
      series(`call_error_rate:${peer}`, (_, step) => (down(step) ? 1 : (of(step)?.failing ?? 0))),
    ];
  });
}

function edgesOf(services: readonly Service[]): readonly Edge[] {
  return services.flatMap(({ name, calls }) =>
    calls.map(({ callee }) => ({ caller: name, callee: services[callee]?.name ?? '' })),
  );
}
