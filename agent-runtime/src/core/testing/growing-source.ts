/**
 * Test-only: telemetry that grows, as that of a live system does. At first a node is missing (its exporter was late);
 * whoever asks for a later window sees it, and after the fix the alerting node as it goes on.
 */
import type { Alert, Capture, MetricSeries, TelemetryWindow } from '../../analysis/index.ts';
import { captureSource, SourceError, type TelemetrySource } from '../../telemetry/index.ts';
import { SAMPLES } from './agents-on-chain.ts';

export interface GrowingOptions {
  /** Node that the first window does not show. */
  readonly late?: string;
  /** How the alerting node goes on after its capture, times its usual level; absent: nothing is observed. */
  readonly afterwards?: number;
}

export interface GrowingSource extends TelemetrySource {
  /** Whether the system answers at all. */
  reachable: boolean;
}

const STEP_MS = 1_000;

export function growingSource({ late, afterwards }: GrowingOptions): GrowingSource {
  const recorded = captureSource(SAMPLES);
  const read = new Map<string, Promise<Capture>>();
  const source: GrowingSource = {
    reachable: true,
    list: recorded.list,
    capture: async (id: string, _alert?: Alert, window?: TelemetryWindow) => {
      if (!source.reachable) throw new SourceError({ code: 'source-unreachable', source: id, why: 'no route' });
      const capture = await (read.get(id) ?? recorded.capture(id));
      read.set(id, Promise.resolve(capture));
      if (window === undefined) return late === undefined ? capture : without(capture, late);
      return {
        ...capture,
        window,
        metrics: afterwards === undefined ? capture.metrics : goingOn(capture, afterwards, window),
      };
    },
  };
  return source;
}

function without(capture: Capture, node: string): Capture {
  const others = <T extends { readonly node: string }>(items: readonly T[]): readonly T[] =>
    items.filter((item) => item.node !== node);
  const { metrics, spans, logs } = capture;
  return { ...capture, metrics: others(metrics), spans: others(spans), logs: others(logs) };
}

/** The alerting node's series go on after the capture, each at a multiple of its first observation. */
function goingOn(
  { alert, metrics, window: { toMs: endedMs } }: Capture,
  times: number,
  { fromMs, toMs }: TelemetryWindow,
): readonly MetricSeries[] {
  const startMs = Math.max(fromMs, endedMs + STEP_MS);
  const count = Math.max(0, Math.floor((toMs - startMs) / STEP_MS) + 1);
  const later = Array.from({ length: count }, (_, index) => startMs + index * STEP_MS);
  return metrics.map((series) =>
    series.node === alert.node
      ? {
          ...series,
          timesMs: [...series.timesMs, ...later],
          values: [...series.values, ...later.map(() => (series.values[0] ?? 0) * times)],
        }
      : series,
  );
}
