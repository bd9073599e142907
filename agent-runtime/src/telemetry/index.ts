/** Telemetry sources. */
export type { Alert, Capture, Edge, LogRecord, MetricSeries, Span } from '../analysis/types.ts';
export { captureSource } from './capture-source.ts';
export { CaptureError, type CaptureErrorCode, type CaptureProblem } from './errors.ts';
export { readCapture } from './read-capture.ts';
export { type OtlpReceiver, type ReceiverOptions, startOtlpReceiver } from './sources/otlp/receiver.ts';
export type { CaptureSummary, TelemetrySource } from './telemetry-source.ts';
