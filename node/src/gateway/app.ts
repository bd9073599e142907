/** The gateway: guards, routes, the explorer, and one shape for every refusal. It knows no sockets. */
import { OpenAPIHono } from '@hono/zod-openapi';
import { cors } from 'hono/cors';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { createContext } from './context.ts';
import type { GatewayDeps, GatewayEnv } from './deps.ts';
import { bodyGuard, isRead, originGuard, rateGuard } from './guards.ts';
import { type GatewayApp, refuseInvalid, serveDocument } from './openapi.ts';
import { HttpProblem, problemOf, sendProblem } from './problems.ts';
import { alertRoutes } from './routes/alerts.ts';
import { chainRoutes } from './routes/chain.ts';
import { evidenceRoutes } from './routes/evidence.ts';
import { exportRoutes } from './routes/export.ts';
import { nodeRoutes } from './routes/node.ts';
import { operationRoutes } from './routes/operations.ts';
import { proofRoutes } from './routes/proofs.ts';
import { resetRoutes } from './routes/reset.ts';
import { streamRoutes } from './routes/stream.ts';
import { transactionRoutes } from './routes/transactions.ts';
import { explorerFiles } from './static.ts';

export interface Gateway {
  /** @param env the node's socket, as `@hono/node-server` hands it in */
  fetch(request: Request, env?: GatewayEnv['Bindings']): Response | Promise<Response>;
  /** For tests: a request without a server. */
  readonly request: GatewayApp['request'];
  /** Ends the streams and lets go of the node. From here on every new request is answered with NOT_READY. */
  close(): void;
}

export function createGateway(deps: GatewayDeps): Gateway {
  const context = createContext(deps);
  const { telemetry, allowedOrigins } = deps;
  const app: GatewayApp = new OpenAPIHono<GatewayEnv>({ defaultHook: refuseInvalid });
  let closed = false;

  app.onError(problemOf(telemetry));
  app.use(async (c, next) => {
    telemetry.count('gateway_requests');
    if (closed) throw new HttpProblem('NOT_READY', 'the node starts anew', { headers: { 'retry-after': '1' } });
    // Before the answer exists: changing one that does costs more than the rest of a request. Routes may overrule them.
    c.header('x-content-type-options', 'nosniff');
    c.header('cache-control', 'no-store');
    await next();
  });
  app.use(rateGuard(deps));
  if (allowedOrigins.length > 0) {
    const origin = (asking: string) => (allowedOrigins.includes(asking) ? asking : null);
    const allowHeaders = ['authorization', 'content-type', 'last-event-id'];
    app.use('/api/*', cors({ origin, allowMethods: ['GET', 'HEAD', 'POST'], allowHeaders }));
  }
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) =>
        sendProblem(c, 'METHOD_NOT_ALLOWED', `use ${methods.join(' or ')}`, { headers: { allow: methods.join(', ') } }),
    }),
  );
  app.use(originGuard(deps));
  app.use(bodyGuard());

  for (const routes of [
    ...[chainRoutes, transactionRoutes, operationRoutes, evidenceRoutes, proofRoutes, exportRoutes],
    ...[nodeRoutes, alertRoutes, resetRoutes, streamRoutes],
  ]) {
    routes(app, context);
  }
  serveDocument(app, deps.version);

  const explorer = explorerFiles(deps.explorerDirectory);
  app.notFound((c) => {
    const isPage = isRead(c.req.method) && !/^\/api(\/|$)/.test(c.req.path);
    return isPage ? explorer(c) : sendProblem(c, 'NOT_FOUND', 'there is no such resource');
  });

  return {
    fetch: (request, env = {}) => app.fetch(request, env),
    request: app.request,
    close: () => {
      closed = true;
      context.close();
    },
  };
}
