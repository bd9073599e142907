import type { Problem } from '../protocol/api/index.ts';
import type { ErrorCode } from '../protocol/errors.ts';

/** The node answered with a problem. `code` is stable; a catalogue of messages can be keyed by it. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`${problem.code}: ${problem.detail}`);
    this.code = problem.code;
    this.status = problem.status;
    this.problem = problem;
  }
}

/** There is no answer, or one that does not follow the API: another program, another version, a broken proxy. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
  readonly reason: 'UNREACHABLE' | 'UNREADABLE';

  constructor(reason: AnswerError['reason'], detail: string, options?: ErrorOptions) {
    super(`${reason}: ${detail}`, options);
    this.reason = reason;
  }
}
