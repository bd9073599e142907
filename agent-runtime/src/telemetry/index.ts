/** Telemetry sources. */
export { captureSource } from './capture-source.ts';
export { CaptureError, type CaptureErrorCode, type CaptureProblem } from './errors.ts';
export { type Imported, type Truth, truthSchema } from './import/imported.ts';
export { importPetshop } from './import/petshop.ts';
export { parsePrometheus } from './import/prometheus.ts';
export { edgesOf, importRcaeval } from './import/rcaeval.ts';
export { parseTraces } from './import/traces.ts';
export { writeCapture } from './import/write-capture.ts';
export { readCapture } from './read-capture.ts';
export type { CaptureSummary, TelemetrySource } from './telemetry-source.ts';
