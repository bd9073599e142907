/** Spans and log records back to OTLP/HTTP JSON: what the receiver answers to whoever asks what it has received. */
import type { LogRecord, Span } from '../../../analysis/types.ts';

const MICROS_PER_MS = 1_000;
const STATUS_CODE = { unset: 0, ok: 1, error: 2 } as const;

/** Microseconds are what a number holds exactly for times of this century. */
const nanoText = (ms: number): string => String(BigInt(Math.round(ms * MICROS_PER_MS)) * 1_000n);

const resourceOf = (node: string): object => ({
  attributes: [{ key: 'service.name', value: { stringValue: node } }],
});

function byNode<Item extends { readonly node: string }>(
  items: readonly Item[],
): readonly (readonly [string, Item[]])[] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(item.node) ?? [];
    group.push(item);
    groups.set(item.node, group);
  }
  return [...groups];
}

export function encodeSpans(spans: readonly Span[]): object {
  return {
    resourceSpans: byNode(spans).map(([node, own]) => ({
      resource: resourceOf(node),
      scopeSpans: [
        {
          spans: own.map(({ traceId, spanId, parentSpanId, operation, startMs, durationMs, status }) => ({
            traceId,
            spanId,
            ...(parentSpanId !== null && { parentSpanId }),
            name: operation,
            startTimeUnixNano: nanoText(startMs),
            endTimeUnixNano: nanoText(startMs + durationMs),
            status: { code: STATUS_CODE[status] },
          })),
        },
      ],
    })),
  };
}

export function encodeLogs(logs: readonly LogRecord[]): object {
  return {
    resourceLogs: byNode(logs).map(([node, own]) => ({
      resource: resourceOf(node),
      scopeLogs: [
        {
          logRecords: own.map(({ atMs, level, message, traceId }) => ({
            timeUnixNano: nanoText(atMs),
            severityText: level,
            body: { stringValue: message },
            ...(traceId !== null && { traceId }),
          })),
        },
      ],
    })),
  };
}
