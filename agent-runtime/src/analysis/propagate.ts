/**
 * Propagation: trouble travels from callee to caller, so a node whose callees are in trouble has an excuse, and a node
 * in trouble whose callees are fine has none.
 */
import {
  BLAME_REST_MIN,
  BLAME_ROUNDS_MAX,
  EXPLAINED_MAX,
  EXPLAINING_SHARE,
  INDIRECT_CALLEE_FACTOR,
  LATE_CALLEE_FACTOR,
  OWN_SATURATION_FACTOR,
  SATURATED_CALLEE_FACTOR,
} from './constants.ts';
import { type Graph, visibleCallees } from './graph.ts';
import type { NodeState } from './node-states.ts';
import { clamp, stable } from './statistics.ts';

export type Explanation = {
  /** 0..1 */
  readonly explained: number;
  readonly explainedBy: string | null;
  readonly residual: number;
};

export type Propagation = {
  readonly explanations: ReadonlyMap<string, Explanation>;
  readonly blame: ReadonlyMap<string, number>;
};

export function propagate(
  states: ReadonlyMap<string, NodeState>,
  graph: Graph,
  alertNode: string,
  onsetToleranceMs: number,
): Propagation {
  const isSilent = (node: string): boolean => (states.get(node)?.status ?? 'silent') === 'silent';
  const troubledCallees = new Map<string, readonly NodeState[]>();
  const explanations = new Map<string, Explanation>();
  for (const state of states.values()) {
    const callees = visibleCallees(graph, state.node, isSilent).flatMap((callee) => states.get(callee) ?? []);
    const troubled = callees.filter(({ status }) => status === 'anomalous');
    troubledCallees.set(state.node, troubled);
    explanations.set(state.node, explain(state, troubled, onsetToleranceMs));
  }
  return { explanations, blame: followBlame(explanations, troubledCallees, alertNode) };
}

function explain(caller: NodeState, troubled: readonly NodeState[], onsetToleranceMs: number): Explanation {
  let explained = 0;
  let explainedBy: string | null = null;
  for (const callee of troubled) {
    const share = explainingShare(caller, callee, onsetToleranceMs);
    if (share <= explained) continue;
    explained = share;
    explainedBy = callee.node;
  }
  return { explained, explainedBy, residual: stable(caller.severity * (1 - explained)) };
}

function explainingShare(caller: NodeState, callee: NodeState, onsetToleranceMs: number): number {
  if (caller.severity <= 0) return 0;
  const size = clamp(callee.severity / (caller.severity * EXPLAINING_SHARE), 0, 1);
  const late = caller.onsetMs !== null && callee.onsetMs !== null && callee.onsetMs > caller.onsetMs + onsetToleranceMs;
  const ownResources = caller.strengths.saturation > 0 && callee.strengths.saturation === 0;
  return stable(
    EXPLAINED_MAX *
      size *
      feltByCallers(callee) *
      (late ? LATE_CALLEE_FACTOR : 1) *
      (ownResources ? OWN_SATURATION_FACTOR : 1),
  );
}

/** Callers feel slow and failing answers; of a busy but prompt callee they notice little. */
function feltByCallers({ strengths, spans, logs, vanished }: NodeState): number {
  if (vanished || strengths.latency > 0 || strengths.errors > 0 || (spans?.strength ?? 0) > 0) return 1;
  if (strengths.saturation > 0 || (logs?.strength ?? 0) > 0) return SATURATED_CALLEE_FACTOR;
  return INDIRECT_CALLEE_FACTOR;
}

/**
 * Starts with all blame at the alerting node. At each node a part stays, as large as what its callees do not explain,
 * and the rest goes on to the callees in trouble, in proportion to their severity.
 */
function followBlame(
  explanations: ReadonlyMap<string, Explanation>,
  troubledCallees: ReadonlyMap<string, readonly NodeState[]>,
  alertNode: string,
): ReadonlyMap<string, number> {
  const settled = new Map<string, number>();
  let moving = new Map([[alertNode, 1]]);
  for (let round = 0; round < BLAME_ROUNDS_MAX && moving.size > 0; round += 1) {
    const next = new Map<string, number>();
    for (const [node, amount] of moving) {
      const callees = troubledCallees.get(node) ?? [];
      const onward = callees.reduce((total, { severity }) => total + severity, 0);
      const stays = explanations.get(node)?.residual ?? 0;
      if (stays > 0) settled.set(node, stable((settled.get(node) ?? 0) + (amount * stays) / (stays + onward)));
      for (const callee of callees) {
        const share = (amount * callee.severity) / (stays + onward);
        if (share >= BLAME_REST_MIN) next.set(callee.node, (next.get(callee.node) ?? 0) + share);
      }
    }
    moving = next;
  }
  return settled;
}
