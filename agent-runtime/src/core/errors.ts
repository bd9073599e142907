/** What an agent may run into, by code. */

export type AnalystErrorCode =
  /** The source names no telemetry that this agent can read. */
  | 'TELEMETRY_UNAVAILABLE'
  /** The source holds nothing of the time that was asked for: a recording ends. */
  | 'NOTHING_NEWER'
  /** The telemetry is there, but it could not be read or analysed. */
  | 'ANALYSIS_FAILED'
  /** The analyst was closed. */
  | 'CLOSED';

export class AnalystError extends Error {
  override readonly name = 'AnalystError';
  readonly code: AnalystErrorCode;

  constructor(code: AnalystErrorCode, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
  }
}

/** An alert that could not be raised. `code` is the executor's, the node's or the contract's. */
export class AlertError extends Error {
  override readonly name = 'AlertError';
  readonly code: string;

  constructor(code: string, detail: string) {
    super(`${code}: ${detail}`);
    this.code = code;
  }
}
