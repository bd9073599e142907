/**
 * Live telemetry as a capture: what the configured systems hold about the time around an alert. Each system fails for
 * itself; an incident goes on with what there is, and only when there is nothing at all is that an error.
 */
import type { Alert, Capture, TelemetryWindow } from '../../analysis/types.ts';
import type { TelemetryConfig } from './config.ts';
import { SourceError } from './errors.ts';
import { fetchTraces } from './jaeger.ts';
import { fetchReceived } from './otlp/fetch.ts';
import { fetchMetrics } from './prometheus.ts';
import { edgesOfSpans, topologyOf } from './topology.ts';

export interface LiveCapture {
  readonly capture: Capture;
  /** What could not be had; the capture is without it. */
  readonly problems: readonly SourceError[];
}

export interface LiveClock {
  nowMs(): number;
  sleep(ms: number): Promise<void>;
}

export const systemLiveClock: LiveClock = {
  nowMs: () => Date.now(),
  sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
};

/**
 * Waits until the window after the alert has passed and was scraped, so that all agents see the same. A window that is
 * asked for instead is read as far as time has come, without waiting.
 * @throws SourceError when no system delivered anything
 */
export async function liveCapture(
  config: TelemetryConfig,
  id: string,
  alert: Alert,
  clock: LiveClock = systemLiveClock,
  asked?: TelemetryWindow,
): Promise<LiveCapture> {
  const { stepMs } = config.window;
  const window = asked ? untilNow(asked, clock) : await windowAround(alert, config, clock);
  const [metrics, traces, received] = await Promise.all([
    config.prometheus && fetchMetrics(config.prometheus, window, stepMs),
    config.jaeger && fetchTraces(config.jaeger, window, alert),
    config.otlp && fetchReceived(config.otlp, window),
  ]);
  const problems = [...(metrics?.problems ?? []), ...(traces?.problems ?? []), ...(received?.problems ?? [])];
  const inWindow = (atMs: number): boolean => atMs >= window.fromMs && atMs <= window.toMs;
  const allSpans = [...(traces?.spans ?? []), ...(received?.spans ?? [])];
  const allLogs = received?.logs ?? [];
  const spans = allSpans.filter(({ startMs }) => inWindow(startMs));
  const logs = allLogs.filter(({ atMs }) => inWindow(atMs));
  const series = metrics?.metrics ?? [];
  if (series.length + spans.length + logs.length === 0) throw nothingError(id, problems);
  const observed = [...series, ...spans, ...logs].map(({ node }) => node);
  const configured = (config.topology?.edges ?? []).map(([caller, callee]) => ({ caller, callee }));
  const capture: Capture = {
    id,
    title: `${alert.metric} of ${alert.node}`,
    alert,
    window,
    topology: topologyOf(
      [...new Set([alert.node, ...observed])],
      configured,
      metrics?.edges ?? [],
      edgesOfSpans(spans),
    ),
    metrics: series,
    spans,
    logs,
    discarded: {
      nonFinite: metrics?.nonFinite ?? 0,
      outsideWindow: allSpans.length - spans.length + allLogs.length - logs.length,
    },
  };
  return { capture, problems };
}

const untilNow = ({ fromMs, toMs }: TelemetryWindow, clock: LiveClock): TelemetryWindow => ({
  fromMs,
  toMs: Math.max(fromMs, Math.min(toMs, clock.nowMs())),
});

async function windowAround(alert: Alert, config: TelemetryConfig, clock: LiveClock): Promise<TelemetryWindow> {
  const { beforeMs, afterMs, stepMs } = config.window;
  const window: TelemetryWindow = { fromMs: alert.atMs - beforeMs, toMs: alert.atMs + afterMs };
  // An alert of the future is not worth more patience than one of now.
  const waitMs = Math.min(window.toMs + stepMs - clock.nowMs(), afterMs + stepMs);
  if (waitMs > 0) await clock.sleep(waitMs);
  return window;
}

/** Why there is nothing: what the first system said, or that all were asked and hold nothing. */
function nothingError(id: string, problems: readonly SourceError[]): SourceError {
  const why = 'no metric, span or log in the window around the alert: do the queries and labels fit this system?';
  return problems[0] ?? new SourceError({ code: 'answer-invalid', source: id, why });
}
