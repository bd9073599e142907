/**
 * Links: what callers measure of their calls beside what the callee measures of itself. What the two differ by happened
 * on the way. Client's metrics tell it, spans where no such metrics are there.
 */
import { type Change, changeOf, type IncidentSpan } from './change.ts';
import { type Demand, type KnownSeries, latencyOf, NO_DEMAND, slowerMsOf } from './demand.ts';
import type { Graph } from './graph.ts';
import { byName } from './tidy-series.ts';
import { type SettledWire, settleWires, type Wire } from './wires.ts';

/** Milliseconds that a call of `caller` to `callee` takes longer on its way. */
export type LinkDelay = { readonly caller: string; readonly callee: string; readonly delayMs: number };

/** @param measured every series of metrics, those of calls with the callee that they are `of` */
export function linkDelays(
  measured: readonly KnownSeries[],
  traced: readonly LinkDelay[],
  span: IncidentSpan,
  stepMs: number,
): readonly LinkDelay[] {
  const own = Map.groupBy(
    measured.filter(({ of }) => of === null),
    ({ series }) => series.node,
  );
  const calls = Map.groupBy(
    measured.filter(({ of }) => of !== null),
    ({ series, of }) => JSON.stringify([series.node, of]),
  );
  const delays = new Map(traced.map((link) => [JSON.stringify([link.caller, link.callee]), link]));
  for (const [key, series] of calls) {
    const client = latencyOf(series);
    const [caller, callee] = [client?.series.node, client?.of];
    // Spans tell calls apart that means of all operations mix.
    if (client === null || caller === undefined || !callee || delays.has(key)) continue;
    const server = latencyOf(own.get(callee) ?? []);
    if (server === null) continue;
    const [outside, inside] = [client, server].map((item) => changeOf(item.series, span, stepMs));
    if (outside === undefined || inside === undefined) continue;
    const delayMs = slowerMsOf(client, between(outside, inside, client, server));
    if (delayMs > 0) delays.set(key, { caller, callee, delayMs });
  }
  return [...delays.values()].toSorted(
    (left, right) => byName(left.caller, right.caller) || byName(left.callee, right.callee),
  );
}

/** The change of a difference, in the client's unit. */
function between(outside: Change, inside: Change, client: KnownSeries, server: KnownSeries): Change {
  if (outside.before === null || outside.after === null || inside.after === null || client.unit !== server.unit) {
    return { ...outside, after: null };
  }
  const grown = Math.max(0, inside.after - (inside.before ?? 0));
  return { ...outside, after: outside.after - grown, noise: Math.hypot(outside.noise, inside.noise) };
}

/** Time lost on each link in one step, with the end that it is put down to. */
export function wiresOf(
  delays: readonly LinkDelay[],
  demands: ReadonlyMap<string, Demand>,
  graph: Graph,
): readonly SettledWire[] {
  const requestsOf = (node: string): number => {
    const { requestsBefore, requestsAfter } = demands.get(node) ?? NO_DEMAND;
    return Math.max(requestsBefore ?? 0, requestsAfter ?? 0);
  };
  const lostIn = (node: string): number => (demands.get(node) ?? NO_DEMAND).slowerMs * requestsOf(node);
  const below = (node: string): number =>
    (graph.callees.get(node) ?? []).reduce((total, callee) => total + lostIn(callee), 0);
  const wires = delays.map(({ caller, callee, delayMs }): Wire => {
    // Which of its callers sent how many is not known: in proportion to what they were asked themselves.
    const all = (graph.callers.get(callee) ?? []).reduce((total, node) => total + requestsOf(node), 0);
    const share = all > 0 ? requestsOf(caller) / all : 1;
    return { caller, callee, lost: delayMs * Math.max(1, requestsOf(callee)) * share };
  });
  return settleWires(wires, (node) => Math.max(0, lostIn(node) - below(node)));
}
