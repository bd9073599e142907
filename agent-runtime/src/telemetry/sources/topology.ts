/** The call graph out of what is known: the configuration, what metrics say of callers and callees, and traces. */
import type { Edge, Span, Topology } from '../../analysis/types.ts';
import { EDGES_MAX } from '../constants.ts';

/** Who called whom, by spans whose parent belongs to another node. */
export function edgesOfSpans(spans: readonly Span[]): readonly Edge[] {
  const nodes = new Map(spans.map(({ traceId, spanId, node }) => [`${traceId}/${spanId}`, node]));
  return spans.flatMap(({ traceId, parentSpanId, node }) => {
    const caller = nodes.get(`${traceId}/${parentSpanId}`);
    return caller === undefined || caller === node ? [] : { caller, callee: node };
  });
}

/**
 * A host name as a node: `seat.shop.svc.cluster.local:8080` is `seat` when there is such a node. Metrics of clients name
 * whom they call by address.
 */
export function nodeOfAddress(address: string, nodes: ReadonlySet<string>): string {
  const host = address.replace(/:\d+$/, '');
  const label = host.split('.')[0] ?? host;
  return [address, host, label].find((candidate) => nodes.has(candidate)) ?? host;
}

/** @param observed nodes that telemetry was seen of */
export function topologyOf(observed: readonly string[], ...sources: readonly (readonly Edge[])[]): Topology {
  const known = new Set(observed);
  const edges = new Map<string, Edge>();
  for (const { caller, callee } of sources.flat()) {
    const edge = { caller: nodeOfAddress(caller, known), callee: nodeOfAddress(callee, known) };
    if (edges.size < EDGES_MAX && edge.caller !== edge.callee) edges.set(JSON.stringify(edge), edge);
  }
  const nodes = new Set([...observed, ...[...edges.values()].flatMap(({ caller, callee }) => [caller, callee])]);
  return { nodes: [...nodes].sort(), edges: [...edges.values()] };
}
