/**
 * Incidents with a known cause for tests: a random call graph under steady load, a fault in one node, and what its
 * callers, their callers and so on feel of it, some more (retries) and some less. Some nodes are not monitored, some
 * observations are missing, and an innocent node has a bad moment of its own.
 */
import type { Capture, Edge, MetricSeries } from '../types.ts';
import { type Random, seededRandom } from './random.ts';

export type SyntheticIncident = { readonly capture: Capture; readonly rootCause: string };

type Fault = 'slow' | 'failing' | 'exhausted';

const MINUTE_MS = 60_000;
const MINUTES = 70;
const FAULT_MINUTE = 55;
const ALERT_MINUTE = 60;
const UNMONITORED_SHARE = 0.15;
const GAP_SHARE = 0.05;

export function syntheticIncident(seed: number, nodeCount = 12): SyntheticIncident {
  const random = seededRandom(seed);
  const names = random.shuffled(Array.from({ length: nodeCount }, (_, index) => `service-${index}`));
  const edges = randomGraph(random, names);
  const entry = names[0] ?? 'service-0';
  const rootCause = names[1 + random.below(nodeCount - 1)] ?? entry;
  const faults: readonly Fault[] = ['slow', 'failing', 'exhausted'];
  const fault = faults[random.below(faults.length)] ?? 'slow';
  const hops = hopsToCause(edges, rootCause);
  const decoy = names[random.below(nodeCount)];
  const metrics = names.flatMap((node) => {
    const unmonitored = node !== rootCause && node !== entry && random.next() < UNMONITORED_SHARE;
    const own = nodeMetrics(random, node, fault, { hops: hops.get(node) ?? null, decoy: node === decoy });
    return unmonitored ? [] : own.map((series) => withGaps(random, series));
  });
  return {
    rootCause,
    capture: {
      id: `synthetic-${seed}`,
      title: 'Synthetic incident',
      alert: { node: entry, metric: fault === 'failing' ? 'error_rate' : 'latency_ms', atMs: ALERT_MINUTE * MINUTE_MS },
      window: { fromMs: 0, toMs: (MINUTES - 1) * MINUTE_MS },
      topology: { nodes: names, edges },
      metrics,
      spans: [],
      logs: [],
      discarded: { nonFinite: 0, outsideWindow: 0 },
    },
  };
}

/** Every node but the first is called by one or two earlier ones, so that all are in reach of the first. */
function randomGraph(random: Random, names: readonly string[]): readonly Edge[] {
  return names.slice(1).flatMap((callee, index) => {
    const callers = new Set([names[random.below(index + 1)], names[random.below(index + 1)]]);
    return [...callers].flatMap((caller) => (caller === undefined ? [] : [{ caller, callee }]));
  });
}

function hopsToCause(edges: readonly Edge[], rootCause: string): ReadonlyMap<string, number> {
  const hops = new Map([[rootCause, 0]]);
  for (const [node, distance] of hops) {
    for (const { caller, callee } of edges) if (callee === node && !hops.has(caller)) hops.set(caller, distance + 1);
  }
  return hops;
}

type Part = { readonly hops: number | null; readonly decoy: boolean };

function nodeMetrics(random: Random, node: string, fault: Fault, { hops, decoy }: Part): readonly MetricSeries[] {
  const latency = 20 + 200 * random.next();
  const calls = 50 + 500 * random.next();
  const cpu = 10 + 40 * random.next();
  // Callers see the fault a minute later every other call; retries may make it worse for them, caches better.
  const felt = hops === null ? 0 : hops === 0 ? 1 : 0.9 ** hops * (0.5 + 0.9 * random.next());
  const badMoment = FAULT_MINUTE - 3 + random.below(8);
  const from = FAULT_MINUTE + Math.floor((hops ?? 0) / 2);
  const during = (minute: number): number => (minute >= from ? felt : 0);
  const slowness = fault === 'failing' ? 30 : 3000;
  const failures = fault === 'failing' ? 60 : 2;
  const load = fault === 'exhausted' && hops === 0 ? 100 : cpu;
  const series = (metric: string, valueAt: (minute: number) => number): MetricSeries => ({
    node,
    metric,
    timesMs: Array.from({ length: MINUTES }, (_, minute) => minute * MINUTE_MS),
    values: Array.from({ length: MINUTES }, (_, minute) => Math.max(0, valueAt(minute))),
  });
  return [
    series(
      'latency_ms',
      (minute) =>
        latency * (1 + 0.08 * random.normal() + (decoy && minute >= badMoment ? 4 : 0)) + slowness * during(minute),
    ),
    series('error_rate', (minute) => Math.min(100, 0.5 + 0.2 * random.normal() + failures * during(minute))),
    series('calls', () => calls * (1 + 0.06 * random.normal())),
    series('cpu_usage', (minute) => (during(minute) > 0 ? load : cpu) * (1 + 0.04 * random.normal())),
  ];
}

function withGaps(random: Random, series: MetricSeries): MetricSeries {
  const kept = series.timesMs.map(() => random.next() >= GAP_SHARE);
  return {
    ...series,
    timesMs: series.timesMs.filter((_, index) => kept[index]),
    values: series.values.filter((_, index) => kept[index]),
  };
}
