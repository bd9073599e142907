/** A local HTTP server of a test: what it answers is a table of paths, what it was asked is on record. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Reply =
  | { readonly status?: number; readonly json: unknown }
  | { readonly status?: number; readonly text: string }
  /** Headers, and then nothing more. */
  | { readonly hang: true };

export type TestServer = {
  readonly url: string;
  /** Path and query of every request, in order. */
  readonly asked: readonly URL[];
  readonly headers: readonly IncomingMessage['headers'][];
  readonly close: () => Promise<void>;
};

export async function serve(answer: (url: URL) => Reply): Promise<TestServer> {
  const asked: URL[] = [];
  const headers: IncomingMessage['headers'][] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    asked.push(url);
    headers.push(request.headers);
    send(response, answer(url));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    headers,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, reply: Reply): void {
  if ('hang' in reply) {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"status":');
  } else {
    const body = 'json' in reply ? JSON.stringify(reply.json) : reply.text;
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/json' }).end(body);
  }
}
