/** The parts that all documented routes share, and the document itself: made from the schemas that are enforced. */
import type { OpenAPIHono, z } from '@hono/zod-openapi';
import { problemSchema } from '../protocol/api/index.ts';
import type { GatewayEnv } from './deps.ts';
import { HttpProblem } from './problems.ts';

export type GatewayApp = OpenAPIHono<GatewayEnv>;

const refused = {
  description: 'Refused or failed: a problem (RFC 9457) with a stable code.',
  content: { 'application/problem+json': { schema: problemSchema } },
} as const;

type Answer<S extends number, T extends z.ZodType> = Readonly<
  Record<S, { description: string; content: { 'application/json': { schema: T } } }>
>;

/** The answer of a route. Problems are documented, and thrown rather than returned: handlers need not type them. */
export function answers<T extends z.ZodType>(schema: T, description: string): Answer<200, T>;
export function answers<T extends z.ZodType, S extends number>(schema: T, description: string, status: S): Answer<S, T>;
export function answers(schema: z.ZodType, description: string, status = 200): object {
  return { [status]: { description, content: { 'application/json': { schema } } }, default: refused };
}

/** An answer that is not made of JSON by this gateway. */
export const answersText = (type: string, description: string) => ({
  200: { description, content: { [type]: { schema: { type: 'string' as const } } } },
  default: refused,
});

export const jsonBody = <T extends z.ZodType>(schema: T) =>
  ({ required: true, content: { 'application/json': { schema } } }) as const;

interface Refusal {
  readonly success: boolean;
  readonly target: string;
  readonly error?: { readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] };
}

const WHAT: Readonly<Record<string, string>> = { json: 'body', query: 'query', param: 'path' };

/** What schemas refuse, with every place listed. @throws HttpProblem BAD_REQUEST */
export function refuseInvalid({ success, target, error }: Refusal): undefined {
  if (success) return undefined;
  const issues = (error?.issues ?? []).slice(0, 20).map(({ path, message }) => ({
    path: path.map(String).join('.'),
    message,
  }));
  throw new HttpProblem('BAD_REQUEST', `the ${WHAT[target] ?? 'request'} is not as described in /openapi.json`, {
    issues,
  });
}

export function serveDocument(app: GatewayApp, version: string): void {
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'DAO-Gov AIOps node',
      version,
      description: 'Every node serves the whole API over its own copy of the chain. All reads show final state only.',
    },
    tags: ['chain', 'operations', 'proofs', 'node', 'mutations'].map((name) => ({ name })),
  });
}
