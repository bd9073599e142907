/**
 * OTLP/HTTP JSON (opentelemetry-proto, "JSON Protobuf encoding") to spans and log records: ids are hex, 64-bit integers
 * text or number, enumerations numbers (some exporters write their names), and unknown fields are ignored. A record that
 * is malformed is left out and counted; the others stand.
 */
import { z } from 'zod';
import type { LogRecord, Span, SpanStatus } from '../../../analysis/types.ts';
import { LOG_MESSAGE_CHARACTERS_MAX } from '../../constants.ts';
import { nameProblem } from '../../schemas.ts';

export type Decoded<Item> = { readonly items: readonly Item[]; readonly rejected: number };

const NANOS_PER_MICRO = 1_000n;
const MICROS_PER_MS = 1_000;

const nanos = z.union([z.string().regex(/^\d{1,20}$/), z.int().nonnegative()]).transform((value) => BigInt(value));
const anyValue = z.looseObject({
  stringValue: z.string().optional(),
  intValue: z.union([z.string(), z.number()]).optional(),
  boolValue: z.boolean().optional(),
  doubleValue: z.union([z.number(), z.string()]).optional(),
});
const attribute = z.looseObject({ key: z.string(), value: anyValue.optional() });
const resource = z.looseObject({ attributes: z.array(attribute).default([]) }).default({ attributes: [] });
const name = z.string().refine((text) => nameProblem(text) === null);

const spanSchema = z.looseObject({
  traceId: name,
  spanId: name,
  parentSpanId: z.string().nullish(),
  name,
  startTimeUnixNano: nanos,
  endTimeUnixNano: nanos,
  status: z.looseObject({ code: z.union([z.int(), z.string()]).optional() }).nullish(),
});

const logSchema = z.looseObject({
  timeUnixNano: nanos.optional(),
  observedTimeUnixNano: nanos.optional(),
  severityText: z.string().optional(),
  severityNumber: z.union([z.int(), z.string()]).optional(),
  body: anyValue.optional(),
  traceId: z.string().optional(),
});

/** The envelope must have its form; each record is judged by itself. */
export const tracesEnvelope = z.looseObject({
  resourceSpans: z
    .array(
      z.looseObject({
        resource,
        scopeSpans: z.array(z.looseObject({ spans: z.array(z.unknown()).default([]) })).default([]),
      }),
    )
    .default([]),
});

export const logsEnvelope = z.looseObject({
  resourceLogs: z
    .array(
      z.looseObject({
        resource,
        scopeLogs: z.array(z.looseObject({ logRecords: z.array(z.unknown()).default([]) })).default([]),
      }),
    )
    .default([]),
});

/** @throws ZodError when the envelope is not one of OTLP */
export function decodeSpans(body: unknown): Decoded<Span> {
  return decode(
    tracesEnvelope.parse(body).resourceSpans.map(({ resource: owner, scopeSpans }) => ({
      node: serviceOf(owner.attributes),
      records: scopeSpans.flatMap(({ spans }) => spans),
    })),
    spanOf,
  );
}

/** @throws ZodError when the envelope is not one of OTLP */
export function decodeLogs(body: unknown): Decoded<LogRecord> {
  return decode(
    logsEnvelope.parse(body).resourceLogs.map(({ resource: owner, scopeLogs }) => ({
      node: serviceOf(owner.attributes),
      records: scopeLogs.flatMap(({ logRecords }) => logRecords),
    })),
    logOf,
  );
}

type Group = { readonly node: string | undefined; readonly records: readonly unknown[] };

function decode<Item>(
  groups: readonly Group[],
  convert: (node: string, record: unknown) => Item | undefined,
): Decoded<Item> {
  const items: Item[] = [];
  let rejected = 0;
  for (const { node, records } of groups) {
    for (const record of records) {
      const item = node === undefined ? undefined : convert(node, record);
      if (item === undefined) rejected += 1;
      else items.push(item);
    }
  }
  return { items, rejected };
}

/** Undefined when the resource does not say which service it is: a span of nobody tells nothing. */
function serviceOf(attributes: readonly z.infer<typeof attribute>[]): string | undefined {
  const found = attributes.find(({ key }) => key === 'service.name')?.value?.stringValue;
  return found === undefined || nameProblem(found) !== null ? undefined : found;
}

const toMs = (value: bigint): number => Number(value / NANOS_PER_MICRO) / MICROS_PER_MS;

function statusOf(code: number | string | undefined): SpanStatus {
  if (code === 2 || code === 'STATUS_CODE_ERROR') return 'error';
  return code === 1 || code === 'STATUS_CODE_OK' ? 'ok' : 'unset';
}

function spanOf(node: string, record: unknown): Span | undefined {
  const { data } = spanSchema.safeParse(record);
  if (data === undefined || data.endTimeUnixNano < data.startTimeUnixNano) return undefined;
  const parent = data.parentSpanId ?? '';
  return {
    traceId: data.traceId,
    spanId: data.spanId,
    // Some exporters write the absent parent as zeros.
    parentSpanId: /^0*$/.test(parent) ? null : parent,
    node,
    operation: data.name,
    startMs: toMs(data.startTimeUnixNano),
    durationMs: toMs(data.endTimeUnixNano - data.startTimeUnixNano),
    status: statusOf(data.status?.code),
  };
}

function logOf(node: string, record: unknown): LogRecord | undefined {
  const { data } = logSchema.safeParse(record);
  // The protocol writes an unknown time as zero, and names the time of arrival then.
  const at = [data?.timeUnixNano, data?.observedTimeUnixNano].find((time) => time !== undefined && time > 0n);
  if (data === undefined || at === undefined) return undefined;
  const traceId = data.traceId ?? '';
  return {
    atMs: Math.floor(toMs(at)),
    node,
    level: data.severityText || levelOf(data.severityNumber),
    message: textOf(data.body).slice(0, LOG_MESSAGE_CHARACTERS_MAX).toWellFormed(),
    traceId: traceId === '' || nameProblem(traceId) !== null ? null : traceId,
  };
}

/** Ranges of the protocol: 1-4 trace, 5-8 debug, 9-12 info, 13-16 warn, 17-20 error, 21-24 fatal. */
const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;

function levelOf(severity: number | string | undefined): string {
  if (typeof severity === 'string') return severity.replace(/^SEVERITY_NUMBER_/, '').replace(/\d+$/, '') || 'INFO';
  return LEVELS[Math.floor(((severity ?? 0) - 1) / 4)] ?? 'INFO';
}

function textOf(body: z.infer<typeof anyValue> | undefined): string {
  if (body === undefined) return '';
  return body.stringValue ?? JSON.stringify(body);
}
