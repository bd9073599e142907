/**
 * Flow: follows what the alerting node lost down the calls to where it was lost.
 *
 * At each node the callees account for as much of its loss as they lost themselves, and what they do not account for
 * stays. It is a walk over the call graph as in MonitorRank (Kim et al., SIGMETRICS 2013) and MicroRCA (Wu et al., NOMS
 * 2020), but in amounts (milliseconds and failed requests of one step) instead of correlations.
 */
import {
  BLAME_REST_MIN,
  BLAME_ROUNDS_MAX,
  FAILING_SHARE_MIN,
  MISSED_SHARE_MIN,
  OTHER_SYMPTOM_SHARE,
  STAYING_SHARE_MIN,
  TRAFFIC_GROWTH_MIN,
} from './constants.ts';
import { type Demand, NO_DEMAND } from './demand.ts';
import type { Symptom } from './findings.ts';
import type { Graph } from './graph.ts';
import { stable } from './statistics.ts';
import type { SettledWire } from './wires.ts';

/** What a node lost, of either kind, over its requests of one step. */
export type Loss = { readonly timeMs: number; readonly failures: number };

export type LossKind = keyof Loss;

/** Requests of nodes that tell none are taken for those of their callers: one call a request. */
export function lossesOf(
  demands: ReadonlyMap<string, Demand>,
  graph: Graph,
  alertNode: string,
  reach: Iterable<string>,
  wires: readonly SettledWire[],
  accountable: (callee: string) => number,
): ReadonlyMap<string, Loss> {
  const onWires = new Map<string, number>();
  for (const { callee, lost, calleeShare } of wires)
    onWires.set(callee, (onWires.get(callee) ?? 0) + lost * calleeShare);
  const losses = new Map<string, Loss>();
  const requests = new Map<string, number>();
  const askedOf = ({ requestsBefore, requestsAfter, vanished }: Demand): number | null => {
    const most = Math.max(requestsBefore ?? -1, vanished ? -1 : (requestsAfter ?? -1));
    return most >= 0 ? most : null;
  };
  // Callers come before their callees, as nodes are listed by their distance from the alert.
  for (const node of reach) {
    const demand = demands.get(node) ?? NO_DEMAND;
    const callers = (graph.callers.get(node) ?? []).flatMap((caller) => requests.get(caller) ?? []);
    const inherited = node === alertNode || callers.length === 0 ? 1 : Math.max(...callers);
    const asked = askedOf(demand) ?? inherited;
    requests.set(node, asked);
    losses.set(node, {
      timeMs: stable(demand.slowerMs * asked + (onWires.get(node) ?? 0)),
      failures: stable((demand.vanished ? 1 : Math.max(demand.failingShare, demand.downShare)) * asked),
    });
  }
  return withUnspared(losses, demands, graph, accountable);
}

/** What callees are excused of, as they are asked more often, is lost at the cache that used to spare them. */
function withUnspared(
  losses: ReadonlyMap<string, Loss>,
  demands: ReadonlyMap<string, Demand>,
  graph: Graph,
  accountable: (callee: string) => number,
): ReadonlyMap<string, Loss> {
  const caches = [...losses.keys()].filter((node) => (demands.get(node)?.missedShare ?? 0) >= MISSED_SHARE_MIN);
  if (caches.length === 0) return losses;
  const changed = new Map(losses);
  for (const cache of caches) {
    const beside = new Set((graph.callers.get(cache) ?? []).flatMap((caller) => graph.callees.get(caller) ?? []));
    const unspared = [...beside]
      .filter((node) => !caches.includes(node))
      .reduce((total, node) => total + (losses.get(node)?.timeMs ?? 0) * (1 - accountable(node)), 0);
    const own = losses.get(cache) ?? { timeMs: 0, failures: 0 };
    changed.set(cache, { ...own, timeMs: stable(own.timeMs + unspared / caches.length) });
  }
  return changed;
}

/** Share of the alert that comes to rest at each node; all shares together are 1. */
export function followLoss(
  losses: ReadonlyMap<string, Loss>,
  kind: LossKind,
  calleesOf: (node: string) => readonly string[],
  accountable: (callee: string) => number,
  alertNode: string,
): ReadonlyMap<string, number> {
  const lossOf = (node: string): number => losses.get(node)?.[kind] ?? 0;
  const greatest = [...losses.values()].reduce((most, loss) => Math.max(most, loss[kind]), 0);
  if (greatest <= 0) return new Map();
  const settled = new Map<string, number>();
  let moving = new Map([[alertNode, 1]]);
  for (let round = 0; round < BLAME_ROUNDS_MAX && moving.size > 0; round += 1) {
    const next = new Map<string, number>();
    for (const [node, amount] of moving) {
      // It alerted, so something was lost there, whether its own metrics show it beyond their noise or not.
      const lost = lossOf(node) > 0 ? lossOf(node) : greatest;
      const passed = calleesOf(node)
        .map((callee) => ({ callee, share: Math.min(lossOf(callee) * accountable(callee), lost) }))
        .filter(({ share }) => share > 0);
      const total = passed.reduce((sum, { share }) => sum + share, 0);
      const staying = Math.max(lost * STAYING_SHARE_MIN, lossOf(node) - total);
      settled.set(node, stable((settled.get(node) ?? 0) + (amount * staying) / (staying + total)));
      for (const { callee, share } of passed) {
        const onward = (amount * share) / (staying + total);
        if (onward >= BLAME_REST_MIN) next.set(callee, (next.get(callee) ?? 0) + onward);
      }
    }
    moving = next;
  }
  return settled;
}

/**
 * How far a callee's lost time is its own doing: calls that it never got before, or gets several times more often, are
 * its callers' (a new dependency, a cache that no longer holds, a surge from outside). Growth counts squared, as waiting
 * time grows faster than load. Failing callees are called more often because they fail, so that it does not excuse them,
 * unless the users of the alerting node ask as much more often as well.
 */
export function accountability(demands: ReadonlyMap<string, Demand>, alertNode: string): (callee: string) => number {
  const surge = growthOf(demands.get(alertNode) ?? NO_DEMAND) ?? 1;
  return (callee) => {
    const demand = demands.get(callee) ?? NO_DEMAND;
    const { fresh, failingShare, vanished, downShare, missedShare } = demand;
    if (fresh) return 0;
    if (vanished || downShare > 0 || missedShare >= MISSED_SHARE_MIN) return 1;
    const growth = growthOf(demand);
    if (growth === null || growth < TRAFFIC_GROWTH_MIN) return 1;
    return failingShare >= FAILING_SHARE_MIN && growth > surge * TRAFFIC_GROWTH_MIN ? 1 : 1 / growth ** 2;
  };
}

function growthOf({ requestsBefore, requestsAfter }: Demand): number | null {
  return requestsBefore && requestsAfter !== null ? requestsAfter / requestsBefore : null;
}

/** Kinds of loss that matter for an alert, with their weights: timeouts turn slowness into failures, retries the reverse. */
export function lossWeights(symptom: Symptom): Readonly<Record<LossKind, number>> {
  if (symptom === 'latency') return { timeMs: 1 - OTHER_SYMPTOM_SHARE, failures: OTHER_SYMPTOM_SHARE };
  if (symptom === 'errors') return { timeMs: OTHER_SYMPTOM_SHARE, failures: 1 - OTHER_SYMPTOM_SHARE };
  return { timeMs: 0.5, failures: 0.5 };
}

/** How much of what the alert lost a node lost too, and how much of its own loss its callees do not account for; 0..1. */
export type Standing = { readonly share: number; readonly kept: number };

/** Without following anything: each node against the alert, and against its own callees. */
export function standingsOf(
  losses: ReadonlyMap<string, Loss>,
  kind: LossKind,
  calleesOf: (node: string) => readonly string[],
  accountable: (callee: string) => number,
  alertNode: string,
): ReadonlyMap<string, Standing> {
  const greatest = [...losses.values()].reduce((most, loss) => Math.max(most, loss[kind]), 0);
  if (greatest <= 0) return new Map();
  const whole = losses.get(alertNode)?.[kind] || greatest;
  const standings = new Map<string, Standing>();
  for (const [node, { [kind]: lost }] of losses) {
    if (lost <= 0) continue;
    const passed = calleesOf(node).reduce(
      (sum, callee) => sum + Math.min(lost, (losses.get(callee)?.[kind] ?? 0) * accountable(callee)),
      0,
    );
    const excused = node === alertNode ? 1 : accountable(node);
    const kept = Math.max(STAYING_SHARE_MIN, 1 - passed / lost) * excused;
    standings.set(node, { share: stable(Math.min(1, lost / whole)), kept: stable(kept) });
  }
  return standings;
}
