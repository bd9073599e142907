/** The gateway on a socket. */
import { createServer, type Server } from 'node:http';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import type { Gateway } from './app.ts';
import { CLOSE_GRACE_MS, CLOSE_LOOK_MS, CONNECTIONS_MAX, REQUEST_MS_MAX, SOCKET_IDLE_MS_MAX } from './constants.ts';

export interface ServedGateway {
  /** Differs from what was asked for when that was 0. */
  readonly port: number;
  /** Ends the streams, lets requests under way finish, and closes every socket. */
  close(): Promise<void>;
}

export interface ServeOptions {
  readonly host: string;
  readonly port: number;
}

function listen(server: Server, { host, port }: ServeOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** Sockets that are kept alive become idle one after the other, as their answers end. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const look = setInterval(() => server.closeIdleConnections(), CLOSE_LOOK_MS);
    const force = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
    server.close(() => {
      clearInterval(look);
      clearTimeout(force);
      resolve();
    });
  });
}

/**
 * Serves a gateway that may be replaced while the server runs, as a reset does: it is looked up for every request.
 * Rejects with the system's error (EADDRINUSE, EACCES) when it cannot listen.
 */
export async function serveGateway(gateway: () => Gateway, options: ServeOptions): Promise<ServedGateway> {
  // A socket of HTTP/1: the other bindings belong to servers that are not made here.
  const listener = getRequestListener((request, env) => gateway().fetch(request, env as HttpBindings));
  const server = createServer({ requestTimeout: REQUEST_MS_MAX, headersTimeout: REQUEST_MS_MAX }, listener);
  server.maxConnections = CONNECTIONS_MAX;
  server.timeout = SOCKET_IDLE_MS_MAX;
  const port = await listen(server, options);
  return {
    port,
    close: () => {
      gateway().close();
      return close(server);
    },
  };
}
