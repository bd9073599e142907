/** A4's product: who calls whom, seen from the alerting node. */
import type { Findings, NodeStatus } from '../findings.ts';
import { distancesFrom } from '../graph.ts';
import { lookup } from '../lookup.ts';
import { budgetFor, nodesByRelevance, takeFitting } from './budget.ts';

/** `upstream` nodes call the alerting node, directly or not; `unrelated` ones are on no path with it. */
export type Relation = 'alerting' | 'direct' | 'indirect' | 'upstream' | 'unrelated';

export type DependencyNode = {
  readonly node: string;
  readonly relation: Relation;
  /** Calls away from the alerting node; `null` when it does not depend on this node. */
  readonly distance: number | null;
  readonly status: NodeStatus;
};

/** Direct dependencies are the alerting node's own calls, indirect ones those of what it depends on. */
export type DependencyEdge = {
  readonly caller: string;
  readonly callee: string;
  readonly relation: 'direct' | 'indirect' | 'other';
};

export type DependencyGraph = {
  readonly product: 'dependency-graph';
  readonly version: 1;
  readonly captureId: string;
  readonly alertNode: string;
  readonly nodes: readonly DependencyNode[];
  readonly edges: readonly DependencyEdge[];
  readonly omittedNodes: number;
  readonly omittedEdges: number;
};

export function dependencyGraph(findings: Findings): DependencyGraph {
  const view = lookup(findings);
  const upstream = distancesFrom(view.graph.callers, findings.alert.node);
  const frame: DependencyGraph = {
    product: 'dependency-graph',
    version: 1,
    captureId: findings.captureId,
    alertNode: findings.alert.node,
    nodes: [],
    edges: [],
    omittedNodes: findings.nodes.length,
    omittedEdges: findings.edges.length,
  };
  const nodes = nodesByRelevance(view).flatMap((name): readonly DependencyNode[] => {
    const finding = view.node(name);
    if (finding === null) return [];
    const { node, distance, status } = finding;
    return [{ node, relation: relationOf(distance, upstream.has(node)), distance, status }];
  });
  const keptNodes = takeFitting(nodes, budgetFor(frame));
  const kept = new Map(keptNodes.taken.map((item) => [item.node, item]));
  const edges = findings.edges.flatMap(({ caller, callee }): readonly DependencyEdge[] => {
    const from = kept.get(caller);
    return from === undefined || !kept.has(callee) ? [] : [{ caller, callee, relation: edgeRelation(from.distance) }];
  });
  const keptEdges = takeFitting(edges, keptNodes.budget);
  return {
    ...frame,
    nodes: keptNodes.taken,
    edges: keptEdges.taken,
    omittedNodes: nodes.length - keptNodes.taken.length,
    omittedEdges: findings.edges.length - keptEdges.taken.length,
  };
}

function relationOf(distance: number | null, isUpstream: boolean): Relation {
  if (distance === 0) return 'alerting';
  if (distance === 1) return 'direct';
  if (distance !== null) return 'indirect';
  return isUpstream ? 'upstream' : 'unrelated';
}

function edgeRelation(callerDistance: number | null): DependencyEdge['relation'] {
  if (callerDistance === null) return 'other';
  return callerDistance === 0 ? 'direct' : 'indirect';
}
