/** Traces as the v1 API and the export of Jaeger's page write them: microseconds, processes apart, references for parents. */
import { z } from 'zod';
import type { Span, SpanStatus } from '../../analysis/types.ts';
import { nameProblem } from '../schemas.ts';
import type { Decoded } from './otlp/decode.ts';

const MICROS_PER_MS = 1_000;

const name = z.string().refine((text) => nameProblem(text) === null);
const tag = z.looseObject({ key: z.string(), value: z.unknown() });

const spanSchema = z.looseObject({
  traceID: name,
  spanID: name,
  operationName: name,
  references: z.array(z.looseObject({ refType: z.string(), spanID: z.string() })).nullish(),
  startTime: z.number().nonnegative(),
  duration: z.number().nonnegative(),
  tags: z.array(tag).nullish(),
  processID: z.string(),
});

const answerSchema = z.looseObject({
  data: z
    .array(
      z.looseObject({
        spans: z.array(z.unknown()),
        processes: z.record(z.string(), z.looseObject({ serviceName: z.string() })),
      }),
    )
    .nullable(),
});

/** @throws ZodError when this is not an answer of that API */
export function decodeJaegerV1(body: unknown): Decoded<Span> {
  const items: Span[] = [];
  let rejected = 0;
  for (const { spans, processes } of answerSchema.parse(body).data ?? []) {
    for (const record of spans) {
      const { data } = spanSchema.safeParse(record);
      const node = data && processes[data.processID]?.serviceName;
      if (data === undefined || node === undefined || nameProblem(node) !== null) rejected += 1;
      else items.push(spanOf(data, node));
    }
  }
  return { items, rejected };
}

function spanOf(span: z.infer<typeof spanSchema>, node: string): Span {
  const parent = span.references?.find(({ refType }) => refType === 'CHILD_OF') ?? span.references?.[0];
  return {
    traceId: span.traceID,
    spanId: span.spanID,
    parentSpanId: parent?.spanID ?? null,
    node,
    operation: span.operationName,
    startMs: span.startTime / MICROS_PER_MS,
    durationMs: span.duration / MICROS_PER_MS,
    status: statusOf(span.tags ?? []),
  };
}

/** OpenTracing wrote `error: true`, OpenTelemetry's exporter writes the status as a tag. */
function statusOf(tags: readonly z.infer<typeof tag>[]): SpanStatus {
  const tagged = (key: string): unknown => tags.find((candidate) => candidate.key === key)?.value;
  if (tagged('otel.status_code') === 'ERROR' || [true, 'true'].includes(tagged('error') as boolean | string)) {
    return 'error';
  }
  return tagged('otel.status_code') === 'OK' ? 'ok' : 'unset';
}
