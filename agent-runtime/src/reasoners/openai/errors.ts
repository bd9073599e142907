export type ModelErrorCode =
  /** The server could not be reached, or answered with an error. */
  | 'SERVER_FAILED'
  /** The server does not accept tools. */
  | 'TOOLS_REFUSED'
  | 'TIMED_OUT'
  | 'BUDGET_EXHAUSTED'
  /** A 200 that is no completion. */
  | 'NOT_A_COMPLETION'
  /** The model, or a filter before it, does not want to answer. */
  | 'REFUSED'
  /** The answer ended in the middle, also after one request for a shorter one. */
  | 'CUT_OFF'
  /** No decision that its schema accepts, also after one request to repair it. */
  | 'ANSWER_INVALID'
  /** The decision cites what was never fetched. */
  | 'NOT_GROUNDED';

/** Why a model's decision could not be had. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly code: ModelErrorCode;

  constructor(code: ModelErrorCode, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
  }
}
