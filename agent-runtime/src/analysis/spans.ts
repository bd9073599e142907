/**
 * Span evidence: where time was really spent and where failures really began.
 *
 * A caller's span contains its callees' time and inherits their failures; self time (duration outside the children)
 * and error origin (failed without a failed child) take both away again.
 */
import { EVENT_STRENGTH_HALF, SELF_TIME_GROWTH_MIN, SELF_TIME_SIGMAS, SPAN_SIGN_WEIGHT } from './constants.ts';
import type { SpanEvidence } from './findings.ts';
import { type IncidentWindow, isBefore, isDuring } from './incident-window.ts';
import { anyOf, clamp, mean, stable } from './statistics.ts';
import { byName } from './tidy-series.ts';
import type { Span } from './types.ts';

type Measured = { readonly span: Span; readonly selfMs: number; readonly errorOrigin: boolean };

export function spanEvidence(spans: readonly Span[], window: IncidentWindow): readonly SpanEvidence[] {
  const measured = measure(spans);
  const nodes = Map.groupBy(measured, ({ span }) => span.node);
  const evidence = [...nodes].map(([node, own]) => nodeEvidence(node, own, window));
  const growthMs = evidence.reduce((most, item) => Math.max(most, item.selfGrowthMs), 0);
  return evidence
    .map((item) => ({ ...item, strength: strengthOf(item, growthMs) }))
    .toSorted((left, right) => byName(left.node, right.node));
}

function measure(spans: readonly Span[]): readonly Measured[] {
  const ordered = spans
    .filter((span) => Number.isFinite(span.startMs) && Number.isFinite(span.durationMs) && span.durationMs >= 0)
    .toSorted(
      (left, right) =>
        left.startMs - right.startMs || byName(left.traceId, right.traceId) || byName(left.spanId, right.spanId),
    );
  const childKey = (traceId: string, spanId: string): string => JSON.stringify([traceId, spanId]);
  const children = Map.groupBy(
    ordered.filter((span) => span.parentSpanId !== null && span.parentSpanId !== span.spanId),
    (span) => childKey(span.traceId, span.parentSpanId ?? ''),
  );
  return ordered.map((span) => {
    const own = children.get(childKey(span.traceId, span.spanId)) ?? [];
    return {
      span,
      selfMs: selfTimeMs(span, own),
      errorOrigin: span.status === 'error' && !own.some((child) => child.status === 'error'),
    };
  });
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

function nodeEvidence(node: string, own: readonly Measured[], window: IncidentWindow): SpanEvidence {
  const before = own.filter(({ span }) => isBefore(window, span.startMs));
  const during = own.filter(({ span }) => isDuring(window, span.startMs));
  const selfBefore = before.map(({ selfMs }) => selfMs);
  const selfDuring = during.map(({ selfMs }) => selfMs);
  return {
    node,
    spansBefore: before.length,
    spansDuring: during.length,
    selfMsBefore: mean(selfBefore),
    selfMsDuring: mean(selfDuring),
    selfGrowthMs: selfGrowthMs(selfBefore, selfDuring),
    errorOriginsBefore: before.filter(({ errorOrigin }) => errorOrigin).length,
    errorOriginsDuring: during.filter(({ errorOrigin }) => errorOrigin).length,
    strength: 0,
  };
}

function selfGrowthMs(before: readonly number[], during: readonly number[]): number {
  const usual = mean(before);
  const now = mean(during);
  if (usual === null || now === null) return 0;
  const variance = mean(before.map((selfMs) => (selfMs - usual) ** 2)) ?? 0;
  const scatterMs = SELF_TIME_SIGMAS * Math.sqrt(variance / during.length);
  return now > usual * (1 + SELF_TIME_GROWTH_MIN) && now > usual + scatterMs ? now - usual : 0;
}

/** Self time counts relative to the node whose self time grew most: that is where the lost time went. */
function strengthOf(item: SpanEvidence, growthMsMax: number): number {
  const grownMs = item.selfGrowthMs;
  const share = growthMsMax > 0 ? grownMs / growthMsMax : 0;
  // Only growth that doubles a span's own work is strong by itself; a fast node's jitter is not.
  const relative = grownMs > 0 ? grownMs / (grownMs + (item.selfMsBefore ?? 0)) : 0;
  const failures = newEvents(item.errorOriginsBefore, item.spansBefore, item.errorOriginsDuring, item.spansDuring);
  return stable(anyOf([share * relative * SPAN_SIGN_WEIGHT, failures * SPAN_SIGN_WEIGHT]));
}

/** Events during the incident beyond what the rate before it would have given, as evidence in 0..1. */
function newEvents(before: number, totalBefore: number, during: number, totalDuring: number): number {
  const expected = totalBefore === 0 ? 0 : (before / totalBefore) * totalDuring;
  const excess = Math.max(0, during - expected - Math.sqrt(expected));
  return clamp(excess / (excess + EVENT_STRENGTH_HALF), 0, 1);
}
