/** Telemetry sources. */
export type { Alert, Capture, Edge, LogRecord, MetricSeries, Span } from '../analysis/types.ts';
export { captureSource } from './capture-source.ts';
export { CaptureError, type CaptureErrorCode, type CaptureProblem } from './errors.ts';
export { type Imported, type Truth, truthSchema } from './import/imported.ts';
export { importPetshop } from './import/petshop.ts';
export { importRcaeval } from './import/rcaeval.ts';
export { importSaved, type SavedFile } from './import/saved.ts';
export { writeCapture } from './import/write-capture.ts';
export { readCapture } from './read-capture.ts';
export { readTelemetryConfig, type TelemetryConfig, telemetryConfigSchema } from './sources/config.ts';
export { SourceError, type SourceErrorCode, type SourceProblem } from './sources/errors.ts';
export { type LiveCapture, liveCapture } from './sources/live-source.ts';
export { type OtlpReceiver, type ReceiverOptions, startOtlpReceiver } from './sources/otlp/receiver.ts';
export { type LiveOptions, withLive } from './sources/with-live.ts';
export type { CaptureSummary, TelemetrySource } from './telemetry-source.ts';
