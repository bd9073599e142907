/**
 * Calls and handovers in spans. Who calls waits, and feels the callee's trouble. Who hands over a message does not wait
 * for who takes it: the taker's trouble cannot be felt by the giver, but the giver's by the taker (nothing to do, too
 * much, or what cannot be read).
 */
import type { Edge, Span } from './types.ts';

type Pair = Edge & { calls: number; longer: number };

/** Share of spans that last longer than what called them from which on nobody waits for them. */
const UNAWAITED_SHARE_MIN = 0.5;

/** Pairs of nodes as spans of one lie below spans of the other. */
export function pairsOfSpans(spans: readonly Span[]): readonly Pair[] {
  const parents = new Map(spans.map((span) => [JSON.stringify([span.traceId, span.spanId]), span]));
  const pairs = new Map<string, Pair>();
  for (const { traceId, parentSpanId, node, durationMs } of spans) {
    const parent = parentSpanId === null ? undefined : parents.get(JSON.stringify([traceId, parentSpanId]));
    if (parent === undefined || parent.node === node) continue;
    const key = pairKey(parent.node, node);
    const pair = pairs.get(key) ?? { caller: parent.node, callee: node, calls: 0, longer: 0 };
    pairs.set(key, pair);
    pair.calls += 1;
    // Durations alone: clocks of different machines do not agree on what came first.
    pair.longer += durationMs > parent.durationMs ? 1 : 0;
  }
  return [...pairs.values()];
}

export const pairKey = (caller: string, callee: string): string => JSON.stringify([caller, callee]);

/** Keys of the pairs between which messages are handed over. */
export function handovers(pairs: readonly Pair[]): ReadonlySet<string> {
  return new Set(
    pairs.flatMap(({ caller, callee, calls, longer }) =>
      longer > calls * UNAWAITED_SHARE_MIN ? pairKey(caller, callee) : [],
    ),
  );
}

/** Who depends on whom: calls as they are, handovers turned. */
export function dependencies(edges: readonly Edge[], handedOver: ReadonlySet<string>): readonly Edge[] {
  return edges.map(({ caller, callee }) =>
    handedOver.has(pairKey(caller, callee)) ? { caller: callee, callee: caller } : { caller, callee },
  );
}

/** Who depends on whom, as far as spans tell. */
export function edgesOfSpans(spans: readonly Span[]): readonly Edge[] {
  const pairs = pairsOfSpans(spans);
  return dependencies(
    pairs.map(({ caller, callee }) => ({ caller, callee })),
    handovers(pairs),
  );
}
