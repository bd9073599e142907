/** spans.jsonl and logs.jsonl: one JSON object a line. */
import type { z } from 'zod';
import type { LogRecord, Span, TelemetryWindow } from '../analysis/types.ts';
import { LOG_RECORDS_MAX, LOGS_BYTES_MAX, SPANS_BYTES_MAX, SPANS_MAX } from './constants.ts';
import { CaptureError } from './errors.ts';
import { type Line, lineBatches } from './lines.ts';
import { logSchema, spanSchema } from './schemas.ts';

export const SPANS_FILE = 'spans.jsonl';
export const LOGS_FILE = 'logs.jsonl';

type RecordsRead<Item> = { readonly items: readonly Item[]; readonly outsideWindow: number };

export async function readSpans(bytes: AsyncIterable<Uint8Array>, window: TelemetryWindow): Promise<RecordsRead<Span>> {
  const spec = { file: SPANS_FILE, bytesMax: SPANS_BYTES_MAX, rowsMax: SPANS_MAX, schema: spanSchema };
  return readRecords(bytes, spec, window, ({ startUnixNano, durationNano, parentSpanId, ...span }) => ({
    atMs: startUnixNano,
    item: { ...span, parentSpanId: parentSpanId || null, startMs: startUnixNano, durationMs: durationNano },
  }));
}

export async function readLogs(
  bytes: AsyncIterable<Uint8Array>,
  window: TelemetryWindow,
): Promise<RecordsRead<LogRecord>> {
  const spec = { file: LOGS_FILE, bytesMax: LOGS_BYTES_MAX, rowsMax: LOG_RECORDS_MAX, schema: logSchema };
  return readRecords(bytes, spec, window, ({ timestamp, traceId, ...log }) => ({
    atMs: timestamp,
    item: { ...log, atMs: timestamp, traceId: traceId ?? null },
  }));
}

type RecordFile<Schema extends z.ZodType> = {
  readonly file: string;
  readonly bytesMax: number;
  readonly rowsMax: number;
  readonly schema: Schema;
};

async function readRecords<Schema extends z.ZodType, Item>(
  bytes: AsyncIterable<Uint8Array>,
  { file, bytesMax, rowsMax, schema }: RecordFile<Schema>,
  window: TelemetryWindow,
  convert: (record: z.infer<Schema>) => { readonly atMs: number; readonly item: Item },
): Promise<RecordsRead<Item>> {
  const items: Item[] = [];
  let rows = 0;
  let outsideWindow = 0;
  for await (const batch of lineBatches(bytes, { file, bytesMax })) {
    for (const line of batch) {
      rows += 1;
      if (rows > rowsMax) throw new CaptureError({ code: 'file-too-large', file, what: 'rows', max: rowsMax });
      const { atMs, item } = convert(parseJson(line.text, schema, file, line.line));
      if (atMs >= window.fromMs && atMs <= window.toMs) items.push(item);
      else outsideWindow += 1;
    }
  }
  return { items, outsideWindow };
}

/** Throws `json-invalid` with the line and, for a wrong shape, the field. */
export function parseJson<Schema extends z.ZodType>(
  text: Line['text'],
  schema: Schema,
  file: string,
  line: number,
): z.infer<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CaptureError({ code: 'json-invalid', file, line, why: 'not JSON' }, { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const why = issue === undefined ? 'wrong shape' : `${issue.path.join('.') || 'record'}: ${issue.message}`;
  throw new CaptureError({ code: 'json-invalid', file, line, why });
}
