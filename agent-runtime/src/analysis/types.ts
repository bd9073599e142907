/**
 * What the root-cause engine reads: one incident as plain data.
 *
 * Times are milliseconds since the Unix epoch (fractions allowed for spans). An observation that was not made is
 * absent from its series; it is never represented by zero, null or NaN. Everything survives a structured clone.
 */

/** The symptom that started the incident, as an alerting system reports it. */
export type Alert = {
  readonly node: string;
  /** The alerting system's own metric name; it need not be one of the captured series. */
  readonly metric: string;
  readonly atMs: number;
};

/** Closed interval that telemetry was collected over. */
export type TelemetryWindow = { readonly fromMs: number; readonly toMs: number };

/** One metric of one node. `timesMs[i]` belongs to `values[i]`; both have the same length. */
export type MetricSeries = {
  readonly node: string;
  readonly metric: string;
  readonly timesMs: readonly number[];
  readonly values: readonly number[];
};

/** A call dependency: `caller` sends requests to `callee`. */
export type Edge = { readonly caller: string; readonly callee: string };

/** The call graph. Cycles and isolated nodes are ordinary. */
export type Topology = { readonly nodes: readonly string[]; readonly edges: readonly Edge[] };

export type SpanStatus = 'unset' | 'ok' | 'error';

export type Span = {
  readonly traceId: string;
  readonly spanId: string;
  /** `null` for the first span of a trace. */
  readonly parentSpanId: string | null;
  readonly node: string;
  readonly operation: string;
  readonly startMs: number;
  readonly durationMs: number;
  readonly status: SpanStatus;
};

export type LogRecord = {
  readonly atMs: number;
  readonly node: string;
  /** The logger's own level word, in any case. */
  readonly level: string;
  /** Untrusted text. */
  readonly message: string;
  readonly traceId: string | null;
};

/** Observations that the source carried and that were left out, so that nothing disappears silently. */
export type Discarded = { readonly nonFinite: number; readonly outsideWindow: number };

export type Capture = {
  readonly id: string;
  readonly title: string;
  readonly alert: Alert;
  readonly window: TelemetryWindow;
  readonly topology: Topology;
  readonly metrics: readonly MetricSeries[];
  /** Empty when no traces were captured. */
  readonly spans: readonly Span[];
  /** Empty when no logs were captured. */
  readonly logs: readonly LogRecord[];
  readonly discarded: Discarded;
};
