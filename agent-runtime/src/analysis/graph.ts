/** The call graph as adjacency lists, with reachability and paths from caller to callee. Cycles are ordinary. */
import { byName } from './tidy-series.ts';
import type { Edge } from './types.ts';

export type Graph = {
  readonly callees: ReadonlyMap<string, readonly string[]>;
  readonly callers: ReadonlyMap<string, readonly string[]>;
};

/** Sorted, each edge once, without calls of a node to itself (they say nothing about propagation). */
export function tidyEdges(edges: readonly Edge[]): readonly Edge[] {
  const sorted = edges
    .filter(({ caller, callee }) => caller !== callee)
    .toSorted((left, right) => byName(left.caller, right.caller) || byName(left.callee, right.callee));
  return sorted.filter(({ caller, callee }, index) => {
    const previous = sorted[index - 1];
    return previous?.caller !== caller || previous.callee !== callee;
  });
}

/** @param edges as from {@link tidyEdges} */
export function buildGraph(edges: readonly Edge[]): Graph {
  const callees = new Map<string, string[]>();
  const callers = new Map<string, string[]>();
  for (const { caller, callee } of edges) {
    append(callees, caller, callee);
    append(callers, callee, caller);
  }
  return { callees, callers };
}

/** Number of calls from `start` to each node that it can reach, itself included with 0. */
export function distancesFrom(
  neighbours: ReadonlyMap<string, readonly string[]>,
  start: string,
): ReadonlyMap<string, number> {
  const distances = new Map([[start, 0]]);
  // A Map iterates over what is added while it is read: the map is its own breadth-first queue.
  for (const [node, distance] of distances) {
    for (const next of neighbours.get(node) ?? []) if (!distances.has(next)) distances.set(next, distance + 1);
  }
  return distances;
}

/**
 * The callees whose state can be seen: a silent callee is looked through to its own callees, as a fault may pass it
 * unobserved.
 */
export function visibleCallees(graph: Graph, node: string, isSilent: (node: string) => boolean): readonly string[] {
  const seen = new Set([node]);
  const visible: string[] = [];
  const queue = [node];
  for (let current = queue.pop(); current !== undefined; current = queue.pop()) {
    for (const callee of graph.callees.get(current) ?? []) {
      if (seen.has(callee)) continue;
      seen.add(callee);
      (isSilent(callee) ? queue : visible).push(callee);
    }
  }
  return visible.toSorted(byName);
}

/**
 * Cheapest path from `start` to every node it reaches, where entering a node costs `costOf(node)` (greater than 0).
 * Returned as the node before, on that path.
 */
export function cheapestPredecessors(
  graph: Graph,
  start: string,
  costOf: (node: string) => number,
): ReadonlyMap<string, string> {
  const costs = new Map([[start, 0]]);
  const before = new Map<string, string>();
  const queue = [start];
  for (let head = 0; head < queue.length; head += 1) {
    const node = queue[head] ?? start;
    for (const callee of graph.callees.get(node) ?? []) {
      const cost = (costs.get(node) ?? 0) + costOf(callee);
      if (cost >= (costs.get(callee) ?? Number.POSITIVE_INFINITY)) continue;
      costs.set(callee, cost);
      before.set(callee, node);
      queue.push(callee);
    }
  }
  return before;
}

/** From `start` to `node`; only the node itself when it cannot be reached. */
export function pathTo(before: ReadonlyMap<string, string>, start: string, node: string): readonly string[] {
  const path = [node];
  for (let current = node; current !== start; ) {
    const previous = before.get(current);
    if (previous === undefined) return [node];
    path.unshift(previous);
    current = previous;
  }
  return path;
}

function append(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
