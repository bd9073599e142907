/** The lab's control endpoint on loopback: what runs, what is injected, and the end. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { FAULTS, type Fault, faultAt } from './faults.ts';
import type { Lab } from './lab.ts';

const BODY_CHARACTERS_MAX = 10_000;

export const injectSchema = z.strictObject({
  fault: z.enum(FAULTS),
  target: z.string(),
  strength: z.number().positive().optional(),
});

export type LabStatus = {
  readonly services: ReturnType<Lab['status']>;
  readonly faults: readonly Fault[];
  readonly requests: { readonly total: number; readonly failed: number };
  readonly collector: string;
};

export type Control = { readonly url: string; readonly close: () => Promise<void> };

/** @param onStop is called once somebody asks the lab to end */
export async function startControl(lab: Lab, onStop: () => void): Promise<Control> {
  const server: Server = createServer((request, response) => {
    void answer(lab, request, onStop).then(
      (body) => send(response, 200, body),
      (error: unknown) => send(response, 400, { error: error instanceof Error ? error.message : String(error) }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // of a listening TCP server
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function answer(lab: Lab, request: IncomingMessage, onStop: () => void): Promise<object> {
  // A page of another site may send a simple POST; it cannot send JSON without being asked first.
  const writes = request.method !== 'GET';
  if (writes && request.headers['content-type'] !== 'application/json') throw new Error('application/json only');
  switch (`${request.method} ${request.url}`) {
    case 'GET /status':
      return statusOf(lab);
    case 'POST /faults': {
      const { fault, target, strength } = injectSchema.parse(JSON.parse(await bodyOf(request)));
      lab.setFaults([...lab.faults.filter((active) => active.target !== target), faultAt(fault, target, strength)]);
      return statusOf(lab);
    }
    case 'DELETE /faults':
      lab.setFaults([]);
      return statusOf(lab);
    case 'POST /stop':
      setImmediate(onStop);
      return { stopping: true };
    default:
      throw new Error('GET /status, POST /faults, DELETE /faults, POST /stop');
  }
}

const statusOf = (lab: Lab): LabStatus => ({
  services: lab.status(),
  faults: lab.faults,
  requests: lab.outcomes,
  collector: lab.collector.url,
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request as AsyncIterable<Buffer>) {
    body += chunk.toString('utf8');
    if (body.length > BODY_CHARACTERS_MAX) throw new Error('body too large');
  }
  return body;
}
