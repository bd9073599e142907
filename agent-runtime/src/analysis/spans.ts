/**
 * Span evidence: where time was really spent and where failures really began.
 *
 * A caller's span contains its callees' time and inherits their failures; self time (duration outside the children)
 * and error origin (failed without a failed child) take both away again (TraceRCA, Li et al., IWQoS 2021, and MicroRank,
 * Yu et al., WWW 2021, build on the same two). Time between a client's span and its server's is spent on the way.
 */
import { SELF_TIME_GROWTH_MIN, SELF_TIME_SIGMAS, SPAN_SIGN_WEIGHT } from './constants.ts';
import type { SpanEvidence } from './findings.ts';
import { pairKey } from './handover.ts';
import { type IncidentWindow, isBefore, isDuring } from './incident-window.ts';
import type { LinkDelay } from './links.ts';
import { anyOf, eventEvidence, mean, stable } from './statistics.ts';
import { byName } from './tidy-series.ts';
import type { Span } from './types.ts';
import { lostOnWires, settleWires } from './wires.ts';

export type MeasuredSpan = {
  readonly span: Span;
  /** The node that the time is put down to, and the failure if one began here. */
  readonly selfMs: number;
  readonly errorOrigin: boolean;
  /** The server's node, where this is a client's span around its one call. */
  readonly calls: string | null;
};

/** @param lost nodes that other telemetry has lost sight of: failures of their callers began there */
export function spanEvidence(
  spans: readonly Span[],
  window: IncidentWindow,
  lost: ReadonlySet<string> = new Set(),
  measured: readonly MeasuredSpan[] = measureSpans(spans),
): readonly SpanEvidence[] {
  if (spans.length === 0) return [];
  const usual = usualCallees(measured, spans, window);
  const origins = lost.size === 0 ? new Map<string, string>() : lostCallees(usual, lost);
  const nodes = Map.groupBy(measured, ({ span }) => span.node);
  const moved = new Map<string, number>();
  for (const { span, errorOrigin } of measured) {
    const to = errorOrigin && isDuring(window, span.startMs) ? origins.get(span.node) : undefined;
    if (to !== undefined) moved.set(to, (moved.get(to) ?? 0) + 1);
  }
  const own = new Map([...nodes].map(([node, all]) => [node, nodeEvidence(node, all, window)]));
  const selfMs = (node: string): number => (own.get(node)?.selfGrowthMs ?? 0) * (own.get(node)?.spansDuring ?? 0);
  const slowLinks = delaysOfSpans(measured, window).map(({ calls, delayMs, ...link }) => ({
    ...link,
    lost: delayMs * calls,
  }));
  const wires = lostOnWires(settleWires(slowLinks, selfMs));
  const names = new Set([...nodes.keys(), ...moved.keys()]);
  const evidence = [...names].map((node) => {
    const found = own.get(node) ?? nodeEvidence(node, [], window);
    const errorOriginsDuring = origins.has(node) ? 0 : found.errorOriginsDuring;
    return {
      ...found,
      wireGrowthMs: stable(wires.get(node) ?? 0),
      errorOriginsDuring: errorOriginsDuring + (moved.get(node) ?? 0),
    };
  });
  const most = evidence.reduce((greatest, item) => Math.max(greatest, lostMs(item)), 0);
  return evidence
    .map((item) => ({ ...item, strength: strengthOf(item, most) }))
    .toSorted((left, right) => byName(left.node, right.node));
}

/** @param handedOver pairs of nodes whose spans do not belong to the time and the failures of their parents */
export function measureSpans(
  spans: readonly Span[],
  handedOver: ReadonlySet<string> = new Set(),
): readonly MeasuredSpan[] {
  const ordered = spans
    .filter((span) => Number.isFinite(span.startMs) && Number.isFinite(span.durationMs) && span.durationMs >= 0)
    .toSorted(
      (left, right) =>
        left.startMs - right.startMs || byName(left.traceId, right.traceId) || byName(left.spanId, right.spanId),
    );
  const childKey = (traceId: string, spanId: string): string => `${traceId.length}:${traceId}${spanId}`;
  const children = Map.groupBy(
    ordered.filter((span) => span.parentSpanId !== null && span.parentSpanId !== span.spanId),
    (span) => childKey(span.traceId, span.parentSpanId ?? ''),
  );
  const nodeOf = new Map(ordered.map((span) => [childKey(span.traceId, span.spanId), span.node]));
  const measured = ordered.map((span): MeasuredSpan => {
    const own = (children.get(childKey(span.traceId, span.spanId)) ?? []).filter(
      (child) => child.node === span.node || !handedOver.has(pairKey(span.node, child.node)),
    );
    const parent = span.parentSpanId === null ? undefined : nodeOf.get(childKey(span.traceId, span.parentSpanId));
    const [only] = own;
    // A client's span lies in a span of its own node and holds nothing but the server's.
    const client = own.length === 1 && only !== undefined && only.node !== span.node && parent === span.node;
    return {
      span,
      selfMs: selfTimeMs(span, own),
      errorOrigin: span.status === 'error' && !own.some((child) => child.status === 'error'),
      calls: client && only !== undefined ? only.node : null,
    };
  });
  return unansweredTold(measured);
}

/** A client's span without a server's below it: the same operation called that server before. */
function unansweredTold(measured: readonly MeasuredSpan[]): readonly MeasuredSpan[] {
  const keyOf = ({ span }: MeasuredSpan): string => JSON.stringify([span.node, span.operation]);
  const called = new Map(measured.flatMap((item) => (item.calls === null ? [] : [[keyOf(item), item.calls] as const])));
  return measured.map((item) =>
    item.calls === null && item.errorOrigin ? { ...item, calls: called.get(keyOf(item)) ?? null } : item,
  );
}

/** Time of `span` that no child covers; children may overlap one another and reach beyond the parent. */
export function selfTimeMs(span: Span, childrenByStart: readonly Span[]): number {
  const endMs = span.startMs + span.durationMs;
  let coveredMs = 0;
  let reachedMs = span.startMs;
  for (const child of childrenByStart) {
    const fromMs = Math.max(reachedMs, child.startMs);
    const toMs = Math.min(endMs, child.startMs + child.durationMs);
    if (toMs <= fromMs) continue;
    coveredMs += toMs - fromMs;
    reachedMs = toMs;
  }
  return Math.max(0, span.durationMs - coveredMs);
}

/** Nodes that each node called before the incident. */
function usualCallees(
  measured: readonly MeasuredSpan[],
  spans: readonly Span[],
  window: IncidentWindow,
): ReadonlyMap<string, ReadonlySet<string>> {
  const callerOf = new Map(spans.map((span) => [`${span.traceId} ${span.spanId}`, span.node]));
  const callees = new Map<string, Set<string>>();
  for (const { span } of measured) {
    const caller = span.parentSpanId === null ? undefined : callerOf.get(`${span.traceId} ${span.parentSpanId}`);
    if (caller === undefined || caller === span.node || !isBefore(window, span.startMs)) continue;
    const own = callees.get(caller) ?? new Set();
    callees.set(caller, own.add(span.node));
  }
  return callees;
}

/** For each node that used to call a lost one, that one (the first by name). */
function lostCallees(
  usual: ReadonlyMap<string, ReadonlySet<string>>,
  lost: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [caller, callees] of usual) {
    const [first] = [...callees].filter((callee) => lost.has(callee)).toSorted(byName);
    if (first !== undefined && !lost.has(caller)) found.set(caller, first);
  }
  return found;
}

function nodeEvidence(node: string, all: readonly MeasuredSpan[], window: IncidentWindow): SpanEvidence {
  const own = all.filter(({ calls }) => calls === null);
  const before = own.filter(({ span }) => isBefore(window, span.startMs));
  const during = own.filter(({ span }) => isDuring(window, span.startMs));
  const selfBefore = before.map(({ selfMs }) => selfMs);
  const selfDuring = during.map(({ selfMs }) => selfMs);
  const origins = (from: (window: IncidentWindow, atMs: number) => boolean): number =>
    all.filter(({ span, errorOrigin }) => errorOrigin && from(window, span.startMs)).length;
  return {
    node,
    spansBefore: before.length,
    spansDuring: during.length,
    selfMsBefore: mean(selfBefore),
    selfMsDuring: mean(selfDuring),
    selfGrowthMs: growthMs(selfBefore, selfDuring),
    wireGrowthMs: 0,
    errorOriginsBefore: origins(isBefore),
    errorOriginsDuring: origins(isDuring),
    strength: 0,
  };
}

/** Growth of a mean that is large, and larger than chance gives. */
function growthMs(before: readonly number[], during: readonly number[]): number {
  const usual = mean(before);
  const now = mean(during);
  if (usual === null || now === null) return 0;
  const variance = mean(before.map((selfMs) => (selfMs - usual) ** 2)) ?? 0;
  const scatterMs = SELF_TIME_SIGMAS * Math.sqrt(variance / during.length);
  return now > usual * (1 + SELF_TIME_GROWTH_MIN) && now > usual + scatterMs ? now - usual : 0;
}

/** Growth of the time that a call of each slow link spends on its way, with the calls of the incident. */
export function delaysOfSpans(
  measured: readonly MeasuredSpan[],
  window: IncidentWindow,
): readonly (LinkDelay & { readonly calls: number })[] {
  const links = Map.groupBy(
    measured.filter(({ calls }) => calls !== null),
    ({ span, calls }) => JSON.stringify([span.node, calls]),
  );
  return [...links.values()].flatMap((own) => {
    const [first] = own;
    const times = (from: (window: IncidentWindow, atMs: number) => boolean): readonly number[] =>
      own.filter(({ span }) => from(window, span.startMs)).map(({ selfMs }) => selfMs);
    const during = times(isDuring);
    const delayMs = growthMs(times(isBefore), during);
    if (first === undefined || first.calls === null || delayMs <= 0) return [];
    return { caller: first.span.node, callee: first.calls, delayMs, calls: during.length };
  });
}

/** All the time that the node lost: in itself, and on the way to it. */
function lostMs({ selfGrowthMs, spansDuring, wireGrowthMs }: SpanEvidence): number {
  return selfGrowthMs * spansDuring + wireGrowthMs;
}

/** Lost time counts relative to the node that lost most: that is where it went. */
function strengthOf(item: SpanEvidence, mostMs: number): number {
  const lost = lostMs(item);
  const share = mostMs > 0 ? lost / mostMs : 0;
  // Only growth that doubles a span's own work is strong by itself; a fast node's jitter is not.
  const usualMs = (item.selfMsBefore ?? 0) * item.spansDuring;
  const relative = lost > 0 ? lost / (lost + usualMs) : 0;
  const failures = newEvents(item.errorOriginsBefore, item.spansBefore, item.errorOriginsDuring, item.spansDuring);
  return stable(anyOf([share * relative * SPAN_SIGN_WEIGHT, failures * SPAN_SIGN_WEIGHT]));
}

function newEvents(before: number, totalBefore: number, during: number, totalDuring: number): number {
  return eventEvidence(during, totalBefore === 0 ? 0 : (before / totalBefore) * totalDuring);
}
