/**
 * Metrics of calls: `latency:catalog` measured at `cart` is what cart waits for catalog, client's side. Such a series
 * tells of a link and of the callee behind it, not of the node that measured it.
 */
import type { Capture } from './types.ts';

export type MetricName = {
  /** What is measured, without whom it is measured of. */
  readonly base: string;
  /** The callee that the name ends with; `null` for a metric of the node itself. */
  readonly peer: string | null;
};

/** Stands between a metric and the label that it was split by, as in names of recording rules. */
const SEPARATOR = ':';

/** @param nodes names that count as callees: a colon alone means nothing */
export function readMetricName(metric: string, nodes: ReadonlySet<string>): MetricName {
  for (let at = metric.indexOf(SEPARATOR); at > 0; at = metric.indexOf(SEPARATOR, at + 1)) {
    const peer = metric.slice(at + 1);
    if (nodes.has(peer)) return { base: metric.slice(0, at), peer };
  }
  return { base: metric, peer: null };
}

/** Every node that the capture names as one, wherever. */
export function nodesOf({ alert, topology, metrics, spans, logs }: Capture): ReadonlySet<string> {
  const nodes = new Set([alert.node, ...topology.nodes]);
  for (const { caller, callee } of topology.edges) nodes.add(caller).add(callee);
  for (const items of [metrics, spans, logs]) for (const { node } of items) nodes.add(node);
  return nodes;
}
