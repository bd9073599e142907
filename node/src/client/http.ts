/** Requests to a gateway: every answer is checked against its schema, every problem becomes an `ApiError`. */
import type { z } from 'zod';
import { problemSchema } from '../protocol/api/index.ts';
import { REQUEST_TIMEOUT_MS } from './constants.ts';
import { AnswerError, ApiError } from './errors.ts';

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

export interface HttpOptions {
  /** Such as `http://127.0.0.1:4001`; empty for the origin of the page. */
  readonly baseUrl: string;
  readonly fetch?: Fetch;
  /** Bearer token for calls that need one. */
  readonly token?: string;
}

export type Query = Readonly<Record<string, string | number | undefined>>;

export interface Http {
  readonly url: (path: string, query?: Query) => string;
  readonly fetch: Fetch;
  get<T extends z.ZodType>(path: string, schema: T, query?: Query): Promise<z.output<T>>;
  bytes(path: string, timeoutMs?: number): Promise<Uint8Array>;
  /** @param token instead of the client's own */
  post<T extends z.ZodType>(path: string, schema: T, body: unknown, token?: string): Promise<z.output<T>>;
}

function queryText(query: Query = {}): string {
  const entries = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(entries.map(([key, value]) => [key, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
}

/** The problem in an answer; one of our own making when something else than a gateway has answered. */
export async function problemOf(response: Response): Promise<ApiError> {
  const { status, statusText } = response;
  const parsed = problemSchema.safeParse(await response.json().catch(() => null));
  if (parsed.success) return new ApiError(parsed.data);
  const detail = `the answer ${status} says nothing more`;
  return new ApiError({ type: 'about:blank', title: statusText, status, code: 'INTERNAL', detail });
}

async function readAs<T extends z.ZodType>(response: Response, schema: T, path: string): Promise<z.output<T>> {
  const value: unknown = await response.json().catch((cause: unknown) => {
    throw new AnswerError('UNREADABLE', `${path} is not JSON`, { cause });
  });
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AnswerError('UNREADABLE', `${path}: ${issue?.path.join('.')}: ${issue?.message}`, { cause: parsed.error });
}

/** @throws Error never; the methods reject with `ApiError` or `AnswerError` */
export function createHttp({ baseUrl, fetch: given, token: ownToken }: HttpOptions): Http {
  const base = baseUrl.replace(/\/+$/, '');
  // Called as a method of something else, the browser's own fetch refuses.
  const fetch: Fetch = given ?? ((url, init) => globalThis.fetch(url, init));
  const url = (path: string, query?: Query): string => `${base}${path}${queryText(query)}`;

  const send = async (path: string, init: RequestInit, query?: Query, timeoutMs = REQUEST_TIMEOUT_MS) => {
    let response: Response;
    try {
      response = await fetch(url(path, query), { ...init, signal: AbortSignal.timeout(timeoutMs) });
    } catch (cause) {
      throw new AnswerError('UNREACHABLE', `${path}: no answer`, { cause });
    }
    if (!response.ok) throw await problemOf(response);
    return response;
  };

  return {
    url,
    fetch,
    get: async (path, schema, query) => readAs(await send(path, {}, query), schema, path),
    bytes: async (path, timeoutMs) => {
      const response = await send(path, {}, undefined, timeoutMs);
      try {
        return new Uint8Array(await response.arrayBuffer());
      } catch (cause) {
        throw new AnswerError('UNREACHABLE', `${path}: the answer broke off`, { cause });
      }
    },
    post: async (path, schema, body, token = ownToken) => {
      const headers = {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      };
      return readAs(await send(path, { method: 'POST', headers, body: JSON.stringify(body) }), schema, path);
    },
  };
}
