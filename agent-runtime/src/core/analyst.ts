/**
 * The root-cause engine behind a port, because it runs in a thread of its own: consensus shares the process and never
 * waits for an analysis, and the main thread never parses telemetry.
 */
import type { Alert, Capture, Findings } from '../analysis/index.ts';
import { analyse } from '../analysis/index.ts';
import { CaptureError, SourceError, type TelemetrySource } from '../telemetry/index.ts';
import { ANALYST_CACHE_MAX } from './constants.ts';
import { AnalystError } from './errors.ts';

export interface Analyst {
  /**
   * Findings over one capture. With an alert, as seen from that alert: an incident is about what was raised on chain.
   * @throws AnalystError
   */
  analyse(captureId: string, alert?: Alert): Promise<Findings>;
  /** Ends whatever runs; later calls fail. */
  close(): Promise<void>;
}

/** Reads and analyses. @throws AnalystError */
export async function analyseCapture(source: TelemetrySource, captureId: string, alert?: Alert): Promise<Findings> {
  let capture: Capture;
  try {
    capture = await source.capture(captureId, alert);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const unknown = error instanceof SourceError || (error instanceof CaptureError && error.code === 'capture-unknown');
    throw new AnalystError(unknown ? 'TELEMETRY_UNAVAILABLE' : 'ANALYSIS_FAILED', detail, { cause: error });
  }
  return analyse(alert === undefined ? capture : { ...capture, alert: alertWithin(capture, alert) });
}

/** An alert raised at another time than the telemetry covers (a capture played again) is looked at as it was captured. */
function alertWithin({ window, alert: captured }: Capture, alert: Alert): Alert {
  const covered = alert.atMs > window.fromMs && alert.atMs <= window.toMs;
  return covered ? alert : { ...alert, atMs: captured.atMs };
}

/** Analyses in the calling thread: for tests and small tools. */
export function inlineAnalyst(source: TelemetrySource): Analyst {
  return remembering({
    analyse: (captureId, alert) => analyseCapture(source, captureId, alert),
    close: async () => {},
  });
}

/** Keeps the newest findings, so that an incident is analysed once an agent and not once a step. */
export function remembering(analyst: Analyst): Analyst {
  const known = new Map<string, Promise<Findings>>();
  return {
    analyse: (captureId, alert) => {
      const key = JSON.stringify([captureId, alert?.node, alert?.metric, alert?.atMs]);
      const findings = known.get(key) ?? analyst.analyse(captureId, alert);
      known.delete(key);
      known.set(key, findings);
      // A failure may pass: the next call tries again.
      findings.catch(() => known.get(key) === findings && known.delete(key));
      const oldest = known.keys().next().value;
      if (known.size > ANALYST_CACHE_MAX && oldest !== undefined) known.delete(oldest);
      return findings;
    },
    close: () => {
      known.clear();
      return analyst.close();
    },
  };
}
