/** What went wrong with a question to the node, as the screens need to know it. */
import { AnswerError, ApiError } from '@dao-gov/node/client';

export interface Failure {
  /**
   * - `refused`: the node answered with a problem
   * - `silent`: the node did not answer
   * - `strange`: something answered that is not this node's API
   */
  readonly kind: 'refused' | 'silent' | 'strange';
  /** The problem's stable code; empty unless refused. */
  readonly code: string;
  readonly detail: string;
}

export function failureOf(error: unknown): Failure {
  if (error instanceof ApiError) return { kind: 'refused', code: error.code, detail: error.problem.detail };
  const detail = error instanceof Error ? error.message : String(error);
  const silent = error instanceof AnswerError && error.reason === 'UNREACHABLE';
  return { kind: silent ? 'silent' : 'strange', code: '', detail };
}

/** First HTTP status of a server's own trouble. */
const SERVER_TROUBLE = 500;
const TOO_MANY_REQUESTS = 429;

/** Whether asking again may help: a refusal stays one, silence and overload pass. */
export function mayPass(error: unknown): boolean {
  if (error instanceof ApiError) return error.status === TOO_MANY_REQUESTS || error.status >= SERVER_TROUBLE;
  return failureOf(error).kind === 'silent';
}
