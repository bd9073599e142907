/** Traces saved as JSON: Jaeger's `{data: [{spans, processes}]}` and OTLP's `{resourceSpans: […]}`. */
import { z } from 'zod';
import type { Span, SpanStatus } from '../../analysis/types.ts';

const MICROSECONDS_PER_MILLISECOND = 1_000;

const jaegerSchema = z.object({
  data: z.array(
    z.object({
      spans: z.array(
        z.object({
          traceID: z.string(),
          spanID: z.string(),
          operationName: z.string(),
          references: z.array(z.object({ refType: z.string(), spanID: z.string() })).default([]),
          startTime: z.number(),
          duration: z.number(),
          processID: z.string(),
          tags: z.array(z.object({ key: z.string(), value: z.unknown() })).default([]),
        }),
      ),
      processes: z.record(z.string(), z.object({ serviceName: z.string() })),
    }),
  ),
});

const nanoseconds = z.union([z.string().regex(/^\d+$/), z.number()]);

const otlpSchema = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z
        .object({
          attributes: z
            .array(z.object({ key: z.string(), value: z.object({ stringValue: z.string().optional() }) }))
            .default([]),
        })
        .default({ attributes: [] }),
      scopeSpans: z
        .array(
          z.object({
            spans: z
              .array(
                z.object({
                  traceId: z.string(),
                  spanId: z.string(),
                  parentSpanId: z.string().default(''),
                  name: z.string(),
                  startTimeUnixNano: nanoseconds,
                  endTimeUnixNano: nanoseconds,
                  status: z.object({ code: z.union([z.number(), z.string()]).optional() }).default({}),
                }),
              )
              .default([]),
          }),
        )
        .default([]),
    }),
  ),
});

/** Either format, told apart by its outermost field. */
export function parseTraces(text: string): readonly Span[] {
  const value: unknown = JSON.parse(text);
  const isOtlp = typeof value === 'object' && value !== null && 'resourceSpans' in value;
  return isOtlp ? fromOtlp(value) : fromJaeger(value);
}

function fromJaeger(value: unknown): readonly Span[] {
  return jaegerSchema.parse(value).data.flatMap(({ spans, processes }) =>
    spans.map(
      (span): Span => ({
        traceId: span.traceID,
        spanId: span.spanID,
        parentSpanId: span.references.find(({ refType }) => refType === 'CHILD_OF')?.spanID ?? null,
        node: processes[span.processID]?.serviceName ?? 'unknown',
        operation: span.operationName,
        startMs: span.startTime / MICROSECONDS_PER_MILLISECOND,
        durationMs: span.duration / MICROSECONDS_PER_MILLISECOND,
        status: jaegerStatus(span.tags),
      }),
    ),
  );
}

function jaegerStatus(tags: readonly { readonly key: string; readonly value?: unknown }[]): SpanStatus {
  const has = (key: string, value: unknown): boolean => tags.some((tag) => tag.key === key && tag.value === value);
  if (has('error', true) || has('error', 'true') || has('otel.status_code', 'ERROR')) return 'error';
  return has('otel.status_code', 'OK') ? 'ok' : 'unset';
}

function fromOtlp(value: unknown): readonly Span[] {
  return otlpSchema.parse(value).resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const node = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? 'unknown';
    return scopeSpans.flatMap(({ spans }) =>
      spans.map(
        (span): Span => ({
          ...{ traceId: span.traceId, spanId: span.spanId, node, operation: span.name },
          parentSpanId: span.parentSpanId === '' ? null : span.parentSpanId,
          startMs: milliseconds(span.startTimeUnixNano),
          durationMs: Math.max(0, milliseconds(span.endTimeUnixNano) - milliseconds(span.startTimeUnixNano)),
          status: otlpStatus(span.status.code),
        }),
      ),
    );
  });
}

function otlpStatus(code: number | string | undefined): SpanStatus {
  if (code === 2 || code === 'STATUS_CODE_ERROR') return 'error';
  return code === 1 || code === 'STATUS_CODE_OK' ? 'ok' : 'unset';
}

/** To the microsecond, which a number holds. */
function milliseconds(nanosecondsValue: string | number): number {
  return Number(BigInt(nanosecondsValue) / 1_000n) / MICROSECONDS_PER_MILLISECOND;
}
