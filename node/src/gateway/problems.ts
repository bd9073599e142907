/** Every refusal and fault as problem+json (RFC 9457) with a stable code. What was not foreseen says nothing of itself. */
import type { Context, ErrorHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { StoreError, type TelemetrySink } from '../ports/index.ts';
import type { Problem } from '../protocol/api/index.ts';
import { AuditError } from '../protocol/audit/errors.ts';
import { type AdmissionCode, AdmissionError, DecodeError, type HttpCode } from '../protocol/errors.ts';
import type { GatewayEnv } from './deps.ts';

const STATUS: Readonly<Record<HttpCode, ContentfulStatusCode>> = {
  NOT_FOUND: 404,
  BAD_REQUEST: 400,
  BODY_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  UNAUTHORIZED: 401,
  FORBIDDEN_ORIGIN: 403,
  FORBIDDEN_NETWORK: 403,
  RATE_LIMITED: 429,
  TOO_MANY_STREAMS: 503,
  METHOD_NOT_ALLOWED: 405,
  NOT_READY: 503,
  INTERNAL: 500,
};

/** Refused transactions are 422, but for those that may be sent again later or were taken already. */
const ADMISSION_STATUS: Partial<Record<AdmissionCode, ContentfulStatusCode>> = { TX_KNOWN: 409, MEMPOOL_FULL: 503 };

export interface ProblemOptions {
  readonly issues?: NonNullable<Problem['issues']>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Where another status than the code's own is right. */
  readonly status?: ContentfulStatusCode;
}

/** A request that the gateway itself refuses. `detail` is one sentence for people. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly code: HttpCode;
  readonly detail: string;
  readonly options: ProblemOptions;

  constructor(code: HttpCode, detail: string, options: ProblemOptions = {}) {
    super(`${code}: ${detail}`);
    this.code = code;
    this.detail = detail;
    this.options = options;
  }
}

function send(
  c: Context,
  status: ContentfulStatusCode,
  code: Problem['code'],
  detail: string,
  { issues, headers }: ProblemOptions = {},
): Response {
  const title = code.toLowerCase().replaceAll('_', ' ');
  const problem: Problem = { type: `urn:dao-gov-aiops:problem:${code}`, title, status, code, detail };
  return c.body(JSON.stringify(issues ? { ...problem, issues } : problem), status, {
    'content-type': 'application/problem+json; charset=utf-8',
    'cache-control': 'no-store',
    ...headers,
  });
}

export function sendProblem(c: Context, code: HttpCode, detail: string, options: ProblemOptions = {}): Response {
  return send(c, options.status ?? STATUS[code], code, detail, options);
}

/** The sentence behind `CODE: `. */
const sentenceOf = (error: Error): string => error.message.replace(/^[A-Z_]+: /, '');

const HTTP_EXCEPTIONS: Readonly<Record<number, readonly [HttpCode, string]>> = {
  400: ['BAD_REQUEST', 'the body is not JSON'],
  413: ['BODY_TOO_LARGE', 'the body is too large'],
  415: ['UNSUPPORTED_MEDIA_TYPE', 'send the body as application/json'],
};

/** A bundle that cannot be built now, or of something that is not there. */
function auditProblem(c: Context, error: AuditError): Response {
  if (error.code === 'INCIDENT_UNKNOWN') return sendProblem(c, 'NOT_FOUND', sentenceOf(error));
  return sendProblem(c, 'NOT_READY', sentenceOf(error));
}

/** Turns what a handler threw into the answer. */
export const problemOf =
  (telemetry: TelemetrySink): ErrorHandler<GatewayEnv> =>
  (error, c) => {
    if (error instanceof HttpProblem) return sendProblem(c, error.code, error.detail, error.options);
    if (error instanceof AdmissionError) {
      return send(c, ADMISSION_STATUS[error.code] ?? 422, error.code, sentenceOf(error));
    }
    if (error instanceof DecodeError) return sendProblem(c, 'BAD_REQUEST', error.message);
    if (error instanceof AuditError) return auditProblem(c, error);
    if (error instanceof StoreError && error.code === 'CLOSED') return sendProblem(c, 'NOT_READY', 'the node stops');
    const known = error instanceof HTTPException ? HTTP_EXCEPTIONS[error.status] : undefined;
    if (known) return sendProblem(c, known[0], known[1]);
    telemetry.count('gateway_faults');
    telemetry.log('error', 'a request failed', { method: c.req.method, path: c.req.path, error: error.stack });
    return sendProblem(c, 'INTERNAL', 'the node could not answer; its log says why');
  };
