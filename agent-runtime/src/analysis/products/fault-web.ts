/** A6's product: which nodes the fault touched, in which role, and over which calls it spread. */
import type { Findings, NodeFinding } from '../findings.ts';
import { thousandths } from '../format.ts';
import { distancesFrom } from '../graph.ts';
import { type Lookup, lookup } from '../lookup.ts';
import { stable } from '../statistics.ts';
import { budgetFor, nodesByRelevance, takeFitting } from './budget.ts';

/** `propagated` nodes are in trouble and depend on the root cause; `other-anomaly` ones are in trouble and do not. */
export type FaultRole = 'root-cause' | 'propagated' | 'other-anomaly' | 'healthy' | 'silent';

export type FaultWebNode = {
  readonly node: string;
  readonly role: FaultRole;
  /** Thousandths: how probable it is that the fault began here. */
  readonly probability: number;
};

export type FaultWebEdge = {
  readonly caller: string;
  readonly callee: string;
  /** Thousandths: how probable it is that trouble came over this call, from callee to caller, on its way to the alert. */
  readonly probability: number;
};

export type FaultWeb = {
  readonly product: 'fault-web';
  readonly version: 1;
  readonly captureId: string;
  readonly alertNode: string;
  /** `null` when no root cause was accepted. */
  readonly rootCause: string | null;
  readonly nodes: readonly FaultWebNode[];
  readonly edges: readonly FaultWebEdge[];
  readonly omittedNodes: number;
  readonly omittedEdges: number;
};

/** @param rootCause the cause that was accepted, which need not be the engine's own favourite; `null` for none */
export function faultWeb(findings: Findings, rootCause: string | null): FaultWeb {
  const view = lookup(findings);
  const frame: FaultWeb = {
    product: 'fault-web',
    version: 1,
    captureId: findings.captureId,
    alertNode: findings.alert.node,
    rootCause,
    nodes: [],
    edges: [],
    omittedNodes: findings.nodes.length,
    omittedEdges: findings.edges.length,
  };
  const nodes = webNodes(view, rootCause);
  const keptNodes = takeFitting(nodes, budgetFor(frame));
  const kept = new Set(keptNodes.taken.map(({ node }) => node));
  const edges = webEdges(findings).filter(({ caller, callee }) => kept.has(caller) && kept.has(callee));
  const keptEdges = takeFitting(edges, keptNodes.budget);
  return {
    ...frame,
    nodes: keptNodes.taken,
    edges: keptEdges.taken,
    omittedNodes: nodes.length - keptNodes.taken.length,
    omittedEdges: findings.edges.length - keptEdges.taken.length,
  };
}

function webNodes(view: Lookup, rootCause: string | null): readonly FaultWebNode[] {
  const dependants = rootCause === null ? new Map<string, number>() : distancesFrom(view.graph.callers, rootCause);
  const probabilities = new Map(view.findings.candidates.map(({ node, probability }) => [node, probability]));
  return nodesByRelevance(view).flatMap((name) => {
    const finding = view.node(name);
    if (finding === null) return [];
    const role = roleOf(finding, rootCause, dependants.has(name));
    return [{ node: name, role, probability: thousandths(probabilities.get(name) ?? 0) }];
  });
}

function roleOf({ node, status }: NodeFinding, rootCause: string | null, dependsOnCause: boolean): FaultRole {
  if (node === rootCause) return 'root-cause';
  if (status !== 'anomalous') return status;
  return dependsOnCause ? 'propagated' : 'other-anomaly';
}

/** Most probable first, so that a graph too large for a blob loses what does not matter. */
function webEdges(findings: Findings): readonly FaultWebEdge[] {
  const key = (caller: string, callee: string): string => JSON.stringify([caller, callee]);
  const carried = new Map<string, number>();
  for (const { path, probability } of findings.candidates) {
    for (const [index, callee] of path.entries()) {
      const caller = path[index - 1];
      if (caller === undefined) continue;
      carried.set(key(caller, callee), stable((carried.get(key(caller, callee)) ?? 0) + probability));
    }
  }
  return findings.edges
    .map(({ caller, callee }) => ({ caller, callee, probability: thousandths(carried.get(key(caller, callee)) ?? 0) }))
    .toSorted((left, right) => right.probability - left.probability);
}
