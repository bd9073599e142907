/**
 * Traces (and logs) saved as JSON: what Jaeger's page exports and its APIs answer, what OTLP exporters write. A file may
 * hold one document, several of them in a row (as the file exporter of the collector writes), or a list.
 */
import type { LogRecord, Span } from '../../analysis/types.ts';
import { documentsIn } from '../sources/http.ts';
import { decodeJaegerV1 } from '../sources/jaeger-v1.ts';
import { decodeLogs, decodeSpans } from '../sources/otlp/decode.ts';

export type SavedRecords = {
  /** Each once, although traces of several services overlap. */
  readonly spans: readonly Span[];
  readonly logs: readonly LogRecord[];
  /** Records that were malformed, or of nobody. */
  readonly rejected: number;
};

/** @throws Error when the text is none of these */
export function parseTraces(text: string): SavedRecords {
  const whole = documentsIn(text);
  if (whole === undefined) throw new Error('not JSON');
  const parts = (Array.isArray(whole) ? whole : [whole]).map(recordsOf);
  const spans = new Map(parts.flatMap((part) => part.spans).map((span) => [`${span.traceId}/${span.spanId}`, span]));
  return {
    spans: [...spans.values()],
    logs: parts.flatMap((part) => part.logs),
    rejected: parts.reduce((sum, part) => sum + part.rejected, 0),
  };
}

function recordsOf(document: unknown): SavedRecords {
  if (typeof document !== 'object' || document === null) throw new Error('not traces of Jaeger or OTLP');
  // Version 3 of Jaeger's API wraps OTLP.
  if ('result' in document) return recordsOf(document.result);
  if ('resourceSpans' in document || 'resourceLogs' in document) {
    const [spans, logs] = [decodeSpans(document), decodeLogs(document)];
    return { spans: spans.items, logs: logs.items, rejected: spans.rejected + logs.rejected };
  }
  if (!('data' in document)) throw new Error('not traces of Jaeger or OTLP');
  const { items, rejected } = decodeJaegerV1(document);
  return { spans: items, logs: [], rejected };
}
