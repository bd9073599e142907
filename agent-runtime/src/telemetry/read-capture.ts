/**
 * Reads one incident from a capture folder (see data/README.md for the format).
 *
 * Only the telemetry files are ever opened: the answer that lies beside them, for scoring, is not the reader's business.
 */
import type { Capture, TelemetryWindow } from '../analysis/types.ts';
import { type CaptureFiles, folderFiles } from './capture-files.ts';
import { CAPTURE_JSON_BYTES_MAX } from './constants.ts';
import { CaptureError } from './errors.ts';
import { decoded } from './lines.ts';
import { METRICS_FILE, readMetrics } from './read-metrics.ts';
import { LOGS_FILE, parseJson, readLogs, readSpans, SPANS_FILE } from './read-records.ts';
import { readTopology, TOPOLOGY_FILE } from './read-topology.ts';
import { type CaptureDescription, captureSchema } from './schemas.ts';

export const CAPTURE_FILE = 'capture.json';

const NOTHING = { items: [], outsideWindow: 0 } as const;

/** Throws {@link CaptureError}. */
export async function readCapture(folder: string): Promise<Capture> {
  return readCaptureFrom(folderFiles(folder));
}

export async function readCaptureFrom(files: CaptureFiles): Promise<Capture> {
  const description = await readDescription(files);
  const window: TelemetryWindow = { fromMs: description.window.from, toMs: description.window.to };
  const topology = await readTopology(await required(files, TOPOLOGY_FILE));
  const { metrics, nonFinite, outsideWindow } = await readMetrics(await required(files, METRICS_FILE), window);
  const spanBytes = await files.open(SPANS_FILE);
  const spans = spanBytes === null ? NOTHING : await readSpans(spanBytes, window);
  const logBytes = await files.open(LOGS_FILE);
  const logs = logBytes === null ? NOTHING : await readLogs(logBytes, window);
  const { id, title, alert } = description;
  return {
    id,
    title,
    alert: { node: alert.node, metric: alert.metric, atMs: alert.at },
    window,
    topology,
    metrics,
    spans: spans.items,
    logs: logs.items,
    discarded: { nonFinite, outsideWindow: outsideWindow + spans.outsideWindow + logs.outsideWindow },
  };
}

/** Just capture.json: enough to list a capture. */
export async function readDescription(files: CaptureFiles): Promise<CaptureDescription> {
  const bytes = await required(files, CAPTURE_FILE);
  let text = '';
  for await (const piece of decoded(bytes, { file: CAPTURE_FILE, bytesMax: CAPTURE_JSON_BYTES_MAX })) text += piece;
  return parseJson(text, captureSchema, CAPTURE_FILE, 1);
}

async function required(files: CaptureFiles, file: string): Promise<AsyncIterable<Uint8Array>> {
  const bytes = await files.open(file);
  if (bytes === null) throw new CaptureError({ code: 'file-missing', file });
  return bytes;
}
