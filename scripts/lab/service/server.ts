/** The HTTP side of a service: routes, spans, metrics, logs, and the faults that strike at the door. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Random } from '../random.ts';
import { type Ailments, InjectedError } from './ailments.ts';
import { UpstreamError } from './client.ts';
import type { Handlers } from './handlers.ts';
import type { Logger } from './logger.ts';
import type { ServiceMetrics } from './metrics.ts';
import { PoolTimeoutError } from './pool.ts';
import { pause } from './steps.ts';
import { parseTraceparent, type TraceContext, type Tracer } from './tracer.ts';

/** Idle connections stay open longer than any pause of a caller, so that no request meets a closing one. */
const KEEP_ALIVE_MS = 120_000;

export type ServerParts = {
  readonly handlers: Handlers;
  readonly metrics: ServiceMetrics;
  readonly tracer: Tracer;
  readonly log: Logger;
  readonly ailments: Ailments;
  readonly random: Random;
};

/** Status of an answer: whose fault a failure is stands in it, as proxies tell it. */
function statusOf(error: unknown): number {
  if (error instanceof UpstreamError) return error.status === 0 ? 504 : 502;
  return error instanceof PoolTimeoutError ? 503 : 500;
}

export function createHttp(parts: ServerParts): Server {
  const { metrics } = parts;
  const server = createServer((incoming, outgoing) => {
    const { pathname } = new URL(incoming.url ?? '/', 'http://localhost');
    if (pathname === '/metrics') {
      void metrics.exposition().then(
        (body) => outgoing.end(body),
        () => outgoing.destroy(),
      );
    } else void serve(parts, incoming, outgoing);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return server;
}

async function serve(parts: ServerParts, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { handlers, metrics, tracer, log, ailments, random } = parts;
  const url = new URL(incoming.url ?? '/', 'http://localhost');
  const operation = `${incoming.method} ${url.pathname}`;
  const handler = handlers[operation];
  incoming.resume();
  if (handler === undefined) {
    outgoing.writeHead(404).end();
    return;
  }
  const header = incoming.headers.traceparent;
  const span = tracer.start('server', operation, parseTraceparent(typeof header === 'string' ? header : undefined));
  const began = performance.now();
  metrics.active.inc();
  const finish = (status: number, body: object, failure?: string): void => {
    metrics.active.dec();
    const labels = { http_route: operation, http_response_status_code: String(status) };
    metrics.served.observe(labels, (performance.now() - began) / 1_000);
    span.end(failure);
    outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  try {
    await strike(ailments, random);
    finish(200, await handler(url.searchParams, span));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const trace: TraceContext = span;
    log(error instanceof UpstreamError ? 'WARN' : 'ERROR', `${operation} failed: ${why}`, trace);
    finish(statusOf(error), { error: why }, why);
  }
}

/** Added latency and injected errors. @throws InjectedError */
async function strike(ailments: Ailments, random: Random): Promise<void> {
  const delayMs = ailments.strength('latency');
  if (delayMs > 0) await pause(random.around(delayMs, 0.2));
  if (random.next() < ailments.strength('errors')) {
    throw new InjectedError('unexpected state: invariant violated while handling the request');
  }
}
