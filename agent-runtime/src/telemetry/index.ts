/** Telemetry sources. */
export { captureSource } from './capture-source.ts';
export { CaptureError, type CaptureErrorCode, type CaptureProblem } from './errors.ts';
export { readCapture } from './read-capture.ts';
export { type OtlpReceiver, type ReceiverOptions, startOtlpReceiver } from './sources/otlp/receiver.ts';
export type { CaptureSummary, TelemetrySource } from './telemetry-source.ts';
