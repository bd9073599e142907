/** A capture of any size with one slow service: a tree of calls, every service with as many metrics as wanted. */
import type { Capture } from '@dao-gov/agent-runtime/analysis';

const STEP_MS = 60_000;
/** Callees of each service; the tree of 5,000 is then 13 deep. */
const BRANCHES = 2;
/** Share of the window before the fault. */
const CALM_SHARE = 0.9;
const KINDS = ['latency_ms', 'requests', 'error_rate', 'cpu_percent'] as const;

export function largeCapture(services: number, metrics: number, points: number): Capture {
  const nodes = Array.from({ length: services }, (_, index) => `service-${index}`);
  const timesMs = Array.from({ length: points }, (_, index) => index * STEP_MS);
  const slow = services - 1;
  const onPath = new Set([slow]);
  for (let node = slow; node > 0; node = parentOf(node)) onPath.add(parentOf(node));
  const fault = Math.floor(points * CALM_SHARE);
  const valueAt = (node: number, metric: number, index: number): number => {
    // A cheap, repeatable jitter of a few percent.
    const jitter = 1 + (((node * 31 + metric * 17 + index * 7919) % 97) - 48) / 1_000;
    const level = metric % KINDS.length === 2 ? 0.001 : 50;
    const added = metric % KINDS.length === 0 && index >= fault && onPath.has(node) ? 500 : 0;
    return level * jitter + added;
  };
  return {
    ...{ id: `large-${services}`, title: 'A large system', spans: [], logs: [] },
    alert: { node: nodes[0] ?? '', metric: 'latency_ms', atMs: (fault + 2) * STEP_MS },
    window: { fromMs: 0, toMs: (points - 1) * STEP_MS },
    topology: {
      nodes,
      edges: nodes.slice(1).map((callee, index) => ({ caller: nodes[parentOf(index + 1)] ?? '', callee })),
    },
    metrics: nodes.flatMap((node, number) =>
      Array.from({ length: metrics }, (_, metric) => ({
        node,
        metric: metric < KINDS.length ? (KINDS[metric] ?? '') : `${KINDS[metric % KINDS.length]}_${metric}`,
        timesMs,
        values: timesMs.map((_, index) => valueAt(number, metric, index)),
      })),
    ),
    discarded: { nonFinite: 0, outsideWindow: 0 },
  };
}

function parentOf(node: number): number {
  return Math.floor((node - 1) / BRANCHES);
}
