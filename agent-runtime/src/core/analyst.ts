/**
 * The root-cause engine behind a port, because it runs in a thread of its own: consensus shares the process and never
 * waits for an analysis, and the main thread never parses telemetry.
 */
import type { Alert, Capture, Findings, MetricSeries, TelemetryWindow } from '../analysis/index.ts';
import { analyse } from '../analysis/index.ts';
import { CaptureError, SourceError, type TelemetrySource } from '../telemetry/index.ts';
import { ANALYST_CACHE_MAX } from './constants.ts';
import { AnalystError, type AnalystErrorCode } from './errors.ts';

export interface Analyst {
  /**
   * Findings over one capture. With an alert, as seen from that alert: an incident is about what was raised on chain.
   * With a window, over what the source holds of that time now.
   * @throws AnalystError NOTHING_NEWER when the source holds nothing of the window
   */
  analyse(captureId: string, alert?: Alert, window?: TelemetryWindow): Promise<Findings>;
  /** What was observed at the alerting node within the window, as it was measured. @throws AnalystError as above */
  observe(captureId: string, alert: Alert, window: TelemetryWindow): Promise<readonly MetricSeries[]>;
  /** Drops what it remembers of earlier questions. */
  forget(): void;
  /** Ends whatever runs; later calls fail. */
  close(): Promise<void>;
}

/** Reads and analyses. @throws AnalystError */
export async function analyseCapture(
  source: TelemetrySource,
  captureId: string,
  alert?: Alert,
  window?: TelemetryWindow,
): Promise<Findings> {
  const capture = await captureOf(source, captureId, alert, window);
  return analyse(alert === undefined ? capture : { ...capture, alert: alertWithin(capture, alert) });
}

/** Reads the metrics of the alerting node. @throws AnalystError */
export async function observeNode(
  source: TelemetrySource,
  captureId: string,
  alert: Alert,
  window: TelemetryWindow,
): Promise<readonly MetricSeries[]> {
  const { metrics } = await captureOf(source, captureId, alert, window);
  return metrics.filter(({ node }) => node === alert.node);
}

async function captureOf(
  source: TelemetrySource,
  captureId: string,
  alert: Alert | undefined,
  window: TelemetryWindow | undefined,
): Promise<Capture> {
  try {
    return await source.capture(captureId, alert, window);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new AnalystError(codeOf(error), detail, { cause: error });
  }
}

function codeOf(error: unknown): AnalystErrorCode {
  if (error instanceof SourceError) return 'TELEMETRY_UNAVAILABLE';
  if (!(error instanceof CaptureError)) return 'ANALYSIS_FAILED';
  if (error.code === 'window-not-covered') return 'NOTHING_NEWER';
  return error.code === 'capture-unknown' ? 'TELEMETRY_UNAVAILABLE' : 'ANALYSIS_FAILED';
}

/** An alert raised at another time than the telemetry covers (a capture played again) is looked at as it was captured. */
function alertWithin({ window, alert: captured }: Capture, alert: Alert): Alert {
  const covered = alert.atMs > window.fromMs && alert.atMs <= window.toMs;
  return covered ? alert : { ...alert, atMs: captured.atMs };
}

/** Analyses in the calling thread: for tests and small tools. */
export function inlineAnalyst(source: TelemetrySource): Analyst {
  return remembering({
    analyse: (captureId, alert, window) => analyseCapture(source, captureId, alert, window),
    observe: (captureId, alert, window) => observeNode(source, captureId, alert, window),
    close: async () => {},
  });
}

/** Keeps the newest findings, so that an incident is analysed once an agent and not once a step. */
export function remembering(analyst: Omit<Analyst, 'forget'>): Analyst {
  const known = new Map<string, Promise<Findings>>();
  return {
    analyse: (captureId, alert, window) => {
      const key = JSON.stringify([captureId, alert?.node, alert?.metric, alert?.atMs, window?.fromMs, window?.toMs]);
      const findings = known.get(key) ?? analyst.analyse(captureId, alert, window);
      known.delete(key);
      known.set(key, findings);
      // A failure may pass: the next call tries again.
      findings.catch(() => known.get(key) === findings && known.delete(key));
      const oldest = known.keys().next().value;
      if (known.size > ANALYST_CACHE_MAX && oldest !== undefined) known.delete(oldest);
      return findings;
    },
    observe: (captureId, alert, window) => analyst.observe(captureId, alert, window),
    forget: () => known.clear(),
    close: () => {
      known.clear();
      return analyst.close();
    },
  };
}
