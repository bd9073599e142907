/** A small tracer: W3C trace context in and out, spans in the form of OTLP/HTTP JSON. */
import { randomBytes } from 'node:crypto';
import { type Exporter, text } from './exporter.ts';

export type TraceContext = { readonly traceId: string; readonly spanId: string; readonly sampled: boolean };

/** Numbers of the OpenTelemetry protocol. */
const SPAN_KIND = { server: 2, client: 3, producer: 4, consumer: 5 } as const;
const STATUS_CODE = { unset: 0, error: 2 } as const;

export type SpanKind = keyof typeof SPAN_KIND;

export type ActiveSpan = TraceContext & { readonly end: (failure?: string) => void };

export type Tracer = {
  readonly start: (kind: SpanKind, name: string, parent: TraceContext | undefined, peer?: string) => ActiveSpan;
};

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Undefined when there is no header, or none that is well-formed. */
export function parseTraceparent(header: string | undefined): TraceContext | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(header ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export const traceparentOf = ({ traceId, spanId, sampled }: TraceContext): string =>
  `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;

/** Wall clock at microseconds, monotonic between adjustments. */
const nowNano = (): bigint => BigInt(Math.round((performance.timeOrigin + performance.now()) * 1_000)) * 1_000n;

export function createTracer(exporter: Exporter): Tracer {
  return {
    start: (kind, name, parent, peer) => {
      const traceId = parent?.traceId ?? randomBytes(16).toString('hex');
      const spanId = randomBytes(8).toString('hex');
      const sampled = parent?.sampled ?? false;
      const startUnixNano = nowNano();
      const end = (failure?: string): void => {
        if (!sampled) return;
        exporter.span({
          traceId,
          spanId,
          ...(parent && { parentSpanId: parent.spanId }),
          name,
          kind: SPAN_KIND[kind],
          startTimeUnixNano: String(startUnixNano),
          endTimeUnixNano: String(nowNano()),
          attributes: peer === undefined ? [] : [text('server.address', peer)],
          status: failure === undefined ? { code: STATUS_CODE.unset } : { code: STATUS_CODE.error, message: failure },
        });
      };
      return { traceId, spanId, sampled, end };
    },
  };
}
