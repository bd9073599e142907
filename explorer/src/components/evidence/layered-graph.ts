/**
 * Places a call graph in layers, callers left of callees. Longest-path layering over the graph without its back edges
 * (found depth first), then a few barycentre sweeps against crossings: the first steps of Sugiyama's method, which is
 * enough for the tens of services that one incident touches.
 */
export interface CallEdge {
  readonly caller: string;
  readonly callee: string;
}

export interface PlacedNode {
  readonly node: string;
  readonly layer: number;
  /** Place within the layer, from the top. */
  readonly row: number;
}

export interface LayeredGraph {
  readonly nodes: readonly PlacedNode[];
  readonly layers: number;
  /** Rows of the fullest layer. */
  readonly rows: number;
}

/** Sweeps in each direction; more change nothing on graphs of this size. */
const SWEEPS = 3;

/** @param start nodes to walk from first, so that the alert's own calls decide what counts as backwards */
export function layeredGraph(
  nodes: readonly string[],
  edges: readonly CallEdge[],
  start: readonly string[] = [],
): LayeredGraph {
  const callees = calleesOf(nodes, edges);
  const called = new Set(edges.map(({ callee }) => callee));
  const sources = nodes.filter((node) => !called.has(node));
  const forward = withoutBackEdges([...new Set([...sources, ...start, ...nodes])], callees);
  const layerOf = longestPaths(forward);
  const layers = orderRows(groupByLayer(nodes, layerOf), forward);
  return {
    nodes: layers.flatMap((members, layer) => members.map((node, row) => ({ node, layer, row }))),
    layers: layers.length,
    rows: Math.max(0, ...layers.map(({ length }) => length)),
  };
}

type Adjacency = ReadonlyMap<string, readonly string[]>;

function calleesOf(nodes: readonly string[], edges: readonly CallEdge[]): Adjacency {
  const callees = new Map<string, string[]>(nodes.map((node) => [node, []]));
  for (const { caller, callee } of edges) {
    const known = callees.get(caller);
    if (known && caller !== callee && callees.has(callee) && !known.includes(callee)) known.push(callee);
  }
  return callees;
}

/** Callees in topological order of their callers, without the edges that close a cycle. */
function withoutBackEdges(order: readonly string[], callees: Adjacency): Adjacency {
  const state = new Map<string, 'open' | 'done'>();
  const finished: [string, readonly string[]][] = [];
  const visit = (node: string): void => {
    state.set(node, 'open');
    const kept = (callees.get(node) ?? []).filter((callee) => {
      if (!state.has(callee)) visit(callee);
      return state.get(callee) !== 'open';
    });
    state.set(node, 'done');
    finished.push([node, kept]);
  };
  for (const node of order) if (!state.has(node)) visit(node);
  return new Map(finished.reverse());
}

function longestPaths(forward: Adjacency): ReadonlyMap<string, number> {
  const layerOf = new Map<string, number>();
  for (const [node, callees] of forward) {
    const layer = layerOf.get(node) ?? 0;
    layerOf.set(node, layer);
    for (const callee of callees) layerOf.set(callee, Math.max(layerOf.get(callee) ?? 0, layer + 1));
  }
  return layerOf;
}

function groupByLayer(nodes: readonly string[], layerOf: ReadonlyMap<string, number>): string[][] {
  const layers: string[][] = [];
  for (const node of nodes) {
    const layer = layerOf.get(node) ?? 0;
    while (layers.length <= layer) layers.push([]);
    layers[layer]?.push(node);
  }
  return layers;
}

function orderRows(layers: string[][], forward: Adjacency): string[][] {
  const callers = new Map<string, string[]>();
  for (const [caller, callees] of forward) {
    for (const callee of callees) callers.set(callee, [...(callers.get(callee) ?? []), caller]);
  }
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    sortByNeighbours(layers, callers);
    sortByNeighbours(layers, forward);
  }
  sortByNeighbours(layers, callers);
  return layers;
}

/** Sorts every layer by the mean place of each node's neighbours; nodes without any stay where they are. */
function sortByNeighbours(layers: string[][], neighbours: Adjacency): void {
  const place = new Map(layers.flatMap((members) => members.map((node, row) => [node, row / members.length] as const)));
  const mean = (node: string): number => {
    const places = (neighbours.get(node) ?? []).flatMap((other) => place.get(other) ?? []);
    return places.length === 0 ? (place.get(node) ?? 0) : places.reduce((sum, value) => sum + value, 0) / places.length;
  };
  for (const members of layers) {
    const key = new Map(members.map((node) => [node, mean(node)]));
    members.sort((a, b) => (key.get(a) ?? 0) - (key.get(b) ?? 0));
    members.forEach((node, row) => {
      place.set(node, row / members.length);
    });
  }
}
