/** Writes a capture folder (data/README.md): the opposite of read-capture.ts. Long files are compressed. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { LogRecord, MetricSeries, Span, Topology } from '../../analysis/types.ts';
import { CAPTURE_FILE } from '../read-capture.ts';
import { METRICS_FILE } from '../read-metrics.ts';
import { LOGS_FILE, SPANS_FILE } from '../read-records.ts';
import { TOPOLOGY_FILE } from '../read-topology.ts';
import type { Imported } from './imported.ts';

const TRUTH_FILE = 'truth.json';
const NANOSECONDS_PER_MILLISECOND = 1e6;
/** Shorter files stay readable as they are. */
const COMPRESS_BYTES_MIN = 64 * 1024;

/** Creates `folder` where needed and replaces the files in it. */
export async function writeCapture(folder: string, { capture, truth }: Imported): Promise<void> {
  const { id, title, alert, window } = capture;
  const description = {
    ...{ id, title },
    alert: { node: alert.node, metric: alert.metric, at: isoTime(alert.atMs) },
    window: { from: isoTime(window.fromMs), to: isoTime(window.toMs) },
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, CAPTURE_FILE), `${JSON.stringify(description, null, 2)}\n`);
  await writeFile(join(folder, TOPOLOGY_FILE), topologyText(capture.topology));
  await writeLong(folder, METRICS_FILE, metricsText(capture.metrics));
  if (capture.spans.length > 0) await writeLong(folder, SPANS_FILE, capture.spans.map(spanLine).join(''));
  if (capture.logs.length > 0) await writeLong(folder, LOGS_FILE, capture.logs.map(logLine).join(''));
  if (truth !== null) await writeFile(join(folder, TRUTH_FILE), `${JSON.stringify(truth, null, 2)}\n`);
}

async function writeLong(folder: string, name: string, text: string): Promise<void> {
  if (text.length < COMPRESS_BYTES_MIN) await writeFile(join(folder, name), text);
  else await writeFile(join(folder, `${name}.gz`), gzipSync(text));
}

const isoTime = (atMs: number): string => new Date(atMs).toISOString();

/** A cell with a comma or a quote is quoted as in RFC 4180. */
const cell = (text: string): string => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

function topologyText({ nodes, edges }: Topology): string {
  const connected = new Set(edges.flatMap(({ caller, callee }) => [caller, callee]));
  const rows = [
    ...edges.map(({ caller, callee }) => `${cell(caller)},${cell(callee)}`),
    ...nodes.filter((node) => !connected.has(node)).map((node) => `${cell(node)},`),
  ];
  return `caller,callee\n${rows.map((row) => `${row}\n`).join('')}`;
}

function metricsText(metrics: readonly MetricSeries[]): string {
  const times = new Map<number, string>();
  const timeText = (atMs: number): string => {
    const known = times.get(atMs) ?? isoTime(atMs);
    times.set(atMs, known);
    return known;
  };
  const rows = metrics.map(({ node, metric, timesMs, values }) => {
    const name = `${cell(node)},${cell(metric)}`;
    return timesMs.map((atMs, index) => `${timeText(atMs)},${name},${values[index] ?? 'NaN'}\n`).join('');
  });
  return `timestamp,node,metric,value\n${rows.join('')}`;
}

function spanLine({ startMs, durationMs, ...span }: Span): string {
  return `${JSON.stringify({
    ...span,
    startUnixNano: nanoseconds(startMs),
    durationNano: nanoseconds(durationMs),
  })}\n`;
}

/** Whole milliseconds apart from the rest, as the product of both exceeds what a number holds exactly. */
function nanoseconds(ms: number): string {
  const whole = Math.floor(ms);
  return String(
    BigInt(whole) * BigInt(NANOSECONDS_PER_MILLISECOND) +
      BigInt(Math.round((ms - whole) * NANOSECONDS_PER_MILLISECOND)),
  );
}

function logLine({ atMs, traceId, ...log }: LogRecord): string {
  return `${JSON.stringify({ timestamp: isoTime(atMs), ...log, ...(traceId === null ? {} : { traceId }) })}\n`;
}
