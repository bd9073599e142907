/** Each node's account of what the alerting node lost, over time lost and requests failed together. */
import type { Demand } from './demand.ts';
import type { NodeFinding, Symptom } from './findings.ts';
import {
  accountability,
  followLoss,
  type LossKind,
  lossesOf,
  lossWeights,
  type Standing,
  standingsOf,
} from './flow.ts';
import { distancesFrom, type Graph, visibleCallees } from './graph.ts';
import type { NodeState } from './node-states.ts';
import type { SettledWire } from './wires.ts';

export type Account = Pick<NodeFinding, 'flow' | 'lossShare' | 'kept' | 'symptomKept' | 'excused'>;

export const NO_ACCOUNT: Account = { flow: 0, lossShare: 0, kept: 0, symptomKept: 0, excused: 0 };

const KINDS: readonly LossKind[] = ['timeMs', 'failures'];

type Walk = {
  readonly kind: LossKind;
  readonly weight: number;
  readonly settled: ReadonlyMap<string, number>;
  readonly standings: ReadonlyMap<string, Standing>;
};

export function accountsOf(
  states: readonly NodeState[],
  graph: Graph,
  alertNode: string,
  alertSymptom: Symptom,
  demands: ReadonlyMap<string, Demand>,
  wires: readonly SettledWire[],
): ReadonlyMap<string, Account> {
  const calleesOf = observedCallees(states, graph, demands);
  const reach = distancesFrom(graph.callees, alertNode);
  const accountable = accountability(demands, alertNode);
  const losses = lossesOf(demands, graph, alertNode, reach.keys(), wires, accountable);
  const weights = lossWeights(alertSymptom);
  const walks = KINDS.map((kind): Walk => {
    const settled = followLoss(losses, kind, calleesOf, accountable, alertNode);
    return {
      kind,
      weight: weights[kind],
      settled,
      standings: standingsOf(losses, kind, calleesOf, accountable, alertNode),
    };
  }).filter(({ settled }) => settled.size > 0);
  const own = walks.filter(({ weight }) => weight >= 0.5);
  return new Map(
    [...reach.keys()].map((node) => [
      node,
      {
        ...accountOf(node, walks, own.length > 0 ? own : walks),
        excused: node === alertNode ? 0 : 1 - accountable(node),
      },
    ]),
  );
}

function accountOf(node: string, walks: readonly Walk[], own: readonly Walk[]): Omit<Account, 'excused'> {
  const mean = (of: readonly Walk[], read: (walk: Walk) => number): number => {
    const total = of.reduce((sum, { weight }) => sum + weight, 0);
    return total > 0 ? of.reduce((sum, walk) => sum + walk.weight * read(walk), 0) / total : 0;
  };
  const share = ({ standings }: Walk): number => standings.get(node)?.share ?? 0;
  const kept = ({ standings }: Walk): number => (standings.get(node)?.share ?? 0) * (standings.get(node)?.kept ?? 0);
  const lossShare = mean(walks, share);
  return {
    flow: mean(walks, ({ settled }) => settled.get(node) ?? 0),
    lossShare,
    kept: lossShare > 0 ? mean(walks, kept) / lossShare : 0,
    symptomKept: mean(own, kept),
  };
}

/** Callees whose state is known, seen through those that nothing is known of. */
function observedCallees(
  states: readonly NodeState[],
  graph: Graph,
  demands: ReadonlyMap<string, Demand>,
): (node: string) => readonly string[] {
  const silent = new Set(states.filter(({ status }) => status === 'silent').map(({ node }) => node));
  const known = new Map<string, readonly string[]>();
  return (node) => {
    const callees =
      known.get(node) ?? visibleCallees(graph, node, (callee) => silent.has(callee) && !demands.has(callee));
    known.set(node, callees);
    return callees;
  };
}
