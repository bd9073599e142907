import type { ErrorCode, Problem } from '@dao-gov/node/protocol';

/** A request that the gateway answered with a problem, or never answered (`code` null). */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: ErrorCode | null;
  readonly status: number | null;
  readonly detail: string;

  constructor(problem: Pick<Problem, 'code' | 'status' | 'detail'> | null, cause?: unknown) {
    super(problem === null ? 'no answer' : `${problem.code}: ${problem.detail}`, { cause });
    this.code = problem?.code ?? null;
    this.status = problem?.status ?? null;
    this.detail = problem?.detail ?? '';
  }
}

/** Whether asking again may help: a refusal stays one, silence and overload pass. */
export const mayPass = (error: unknown): boolean =>
  !(error instanceof GatewayError) || error.status === null || error.status === 429 || error.status >= 500;
