/** Who may change something, how often anybody may ask, and how much they may send. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { hostnameOf, hostOf, isAddress, isLoopback, remoteOf } from './callers.ts';
import {
  BODY_BYTES_MAX,
  READS_BURST,
  READS_PER_SECOND,
  RESET_BODY_BYTES_MAX,
  TRANSACTION_BODY_BYTES_MAX,
  WRITES_BURST,
  WRITES_PER_SECOND,
} from './constants.ts';
import type { GatewayDeps, GatewayEnv } from './deps.ts';
import { HttpProblem, sendProblem } from './problems.ts';
import { RateLimiter } from './rates.ts';

type Guard = MiddlewareHandler<GatewayEnv>;

export const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD' || method === 'OPTIONS';

/** Alertmanager gives up on 429 and repeats on 503. */
const WEBHOOK = '/api/alerts/alertmanager';

export function rateGuard({ clock, limits }: GatewayDeps): Guard {
  const reads = new RateLimiter(limits?.reads ?? { perSecond: READS_PER_SECOND, burst: READS_BURST }, clock);
  const writes = new RateLimiter(limits?.writes ?? { perSecond: WRITES_PER_SECOND, burst: WRITES_BURST }, clock);
  return async (c, next) => {
    const seconds = (isRead(c.req.method) ? reads : writes).take(remoteOf(c));
    if (seconds === 0) return next();
    throw new HttpProblem('RATE_LIMITED', 'too many requests from this address', {
      headers: { 'retry-after': String(seconds) },
      ...(c.req.path === WEBHOOK && { status: 503 }),
    });
  };
}

const BODY_LIMITS: Readonly<Record<string, number>> = {
  '/api/tx': TRANSACTION_BODY_BYTES_MAX,
  '/api/reset': RESET_BODY_BYTES_MAX,
};

/**
 * A body that says its length is judged by that: Node reads no more of it. One that does not is counted, which is dearer,
 * because the whole of a `Request` is made as soon as anybody looks at its body.
 */
export function bodyGuard(): Guard {
  const guards = new Map<number, MiddlewareHandler>();
  return (c, next) => {
    const maxSize = BODY_LIMITS[c.req.path] ?? BODY_BYTES_MAX;
    const onError = (refused: Context) => sendProblem(refused, 'BODY_TOO_LARGE', `at most ${maxSize} bytes`);
    const length = c.req.header('content-length');
    if (length !== undefined && c.req.header('transfer-encoding') === undefined) {
      return Number(length) <= maxSize ? next() : Promise.resolve(onError(c));
    }
    const guard = guards.get(maxSize) ?? bodyLimit({ maxSize, onError });
    guards.set(maxSize, guard);
    return guard(c, next);
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether the caller shows the node's token. Takes as long for any wrong one. */
function hasToken(c: Context<GatewayEnv>, token: string): boolean {
  const given = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? '';
  return timingSafeEqual(digest(given), digest(token));
}

/** Mutations of a page come from this node's own pages or from allowed ones, under a name that is this node's. */
export function originGuard({ allowedOrigins, gateways, adminToken }: GatewayDeps): Guard {
  const hosts = new Set(['localhost', ...gateways.map(({ url }) => new URL(url).hostname)]);
  return async (c, next) => {
    if (isRead(c.req.method)) return next();
    const origin = c.req.header('origin');
    const sameOrigin = origin !== undefined && URL.canParse(origin) && new URL(origin).host === hostOf(c);
    if (origin !== undefined && !sameOrigin && !allowedOrigins.includes(origin)) {
      throw new HttpProblem('FORBIDDEN_ORIGIN', 'a page of another origin may not change anything here');
    }
    const hostname = hostnameOf(hostOf(c));
    // A page that points its own name at this node cannot know the token.
    const known = hosts.has(hostname) || isAddress(hostname) || (adminToken !== undefined && hasToken(c, adminToken));
    if (!known) throw new HttpProblem('FORBIDDEN_ORIGIN', 'this node is not known under that host name');
    return next();
  };
}

/** For what belongs to the operator: the token, or a development network and a caller on this machine. */
export function operatorGuard({ adminToken, node }: GatewayDeps): Guard {
  return async (c, next) => {
    if (adminToken !== undefined) {
      if (hasToken(c, adminToken)) return next();
      throw new HttpProblem('UNAUTHORIZED', "send the node's token as a bearer token", {
        headers: { 'www-authenticate': 'Bearer' },
      });
    }
    if (node.genesis.network !== 'development') {
      throw new HttpProblem('FORBIDDEN_NETWORK', 'outside of a development network this needs a configured token');
    }
    if (isLoopback(c)) return next();
    throw new HttpProblem('UNAUTHORIZED', 'without a configured token only callers on the same machine may do this');
  };
}
