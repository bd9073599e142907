/** Writes what was observed as a capture folder (data/README.md), small: few digits, short ids, compressed. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { LogRecord, Span } from '@dao-gov/agent-runtime/telemetry';
import type { Truth } from '../faults.ts';
import type { SloAlert } from '../slo.ts';
import type { Row } from './scraper.ts';

export type Observed = {
  readonly rows: readonly Row[];
  readonly spans: readonly Span[];
  readonly logs: readonly LogRecord[];
};

export type CaptureHead = {
  readonly id: string;
  readonly alert: SloAlert;
  readonly fromMs: number;
  readonly toMs: number;
  readonly edges: readonly { readonly caller: string; readonly callee: string }[];
};

const SIGNIFICANT_DIGITS = 4;
const COMPRESSION = { level: 9 } as const;
const NANOS_PER_MICRO = 1_000n;
const MICROS_PER_MS = 1_000;

const iso = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');
const number = (value: number): string => String(Number(value.toPrecision(SIGNIFICANT_DIGITS)));
const nanos = (ms: number): string => String(BigInt(Math.round(ms * MICROS_PER_MS)) * NANOS_PER_MICRO);

/** The answer, for scoring, and how the capture came about, for people. */
export type Answer = { readonly truth: Truth; readonly notes: object };

export function writeCapture(
  folder: string,
  { id, alert, fromMs, toMs, edges }: CaptureHead,
  { rows, spans, logs }: Observed,
  answer?: Answer,
): void {
  mkdirSync(folder, { recursive: true });
  const json = (name: string, value: object): void =>
    writeFileSync(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
  const zipped = (name: string, lines: readonly string[]): void =>
    writeFileSync(join(folder, `${name}.gz`), gzipSync(`${lines.join('\n')}\n`, COMPRESSION));
  const { node, metric, atMs, title } = alert;
  if (answer) {
    json('truth.json', answer.truth);
    json('lab.json', answer.notes);
  }
  writeFileSync(
    join(folder, 'topology.csv'),
    `caller,callee\n${edges.map(({ caller, callee }) => `${caller},${callee}\n`).join('')}`,
  );
  zipped('metrics.csv', ['timestamp,node,metric,value', ...metricLines(rows)]);
  zipped('spans.jsonl', spanLines(spans));
  zipped('logs.jsonl', logs.map(logLine));
  // Last, because a folder with this file is a capture: one that was interrupted is none.
  json('capture.json', {
    id,
    title,
    alert: { node, metric, at: iso(atMs) },
    window: { from: iso(fromMs), to: iso(toMs) },
  });
}

/** Grouped by series: neighbours are alike, which is what compression lives on. */
function metricLines(rows: readonly Row[]): readonly string[] {
  const series = new Map<string, string[]>();
  for (const { atMs, node, values } of rows.toSorted((left, right) => left.atMs - right.atMs)) {
    for (const [metric, value] of Object.entries(values)) {
      const key = `${node},${metric}`;
      const lines = series.get(key) ?? [];
      lines.push(`${iso(atMs)},${key},${number(value)}`);
      series.set(key, lines);
    }
  }
  return [...series.values()].flat();
}

/** Ids only link spans: counters do that in fewer bytes. */
function spanLines(spans: readonly Span[]): readonly string[] {
  const short = new Map<string, string>();
  const idOf = (id: string): string => {
    const known = short.get(id) ?? (short.size + 1).toString(36);
    short.set(id, known);
    return known;
  };
  return spans
    .toSorted((left, right) => left.startMs - right.startMs)
    .map(({ traceId, spanId, parentSpanId, node, operation, startMs, durationMs, status }) =>
      JSON.stringify({
        traceId: idOf(traceId),
        spanId: idOf(spanId),
        ...(parentSpanId !== null && { parentSpanId: idOf(parentSpanId) }),
        node,
        operation,
        startUnixNano: nanos(startMs),
        durationNano: nanos(durationMs),
        ...(status !== 'unset' && { status }),
      }),
    );
}

const logLine = ({ atMs, node, level, message, traceId }: LogRecord): string =>
  JSON.stringify({ timestamp: iso(atMs), node, level, message, ...(traceId !== null && { traceId }) });
