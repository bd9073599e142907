/**
 * Requests of the load to the nodes: connections that stay open, bodies that were made before, answers read no further
 * than needed. The load shares the machine with the nodes that it measures, so each request must cost little.
 */
import { Agent, request } from 'node:http';

/** Connections to one node. More would wait for the node's one thread all the same. */
const SOCKETS_MAX = 32;
/** Milliseconds without an answer: a node that is frozen holds a request no longer than this. */
const ANSWER_MS_MAX = 30_000;

interface Answer {
  readonly status: number;
  readonly text: string;
}

export interface NodeHttp {
  /** @returns null when the node took the transaction, else its problem's code or UNREACHABLE */
  submit(body: string): Promise<string | null>;
  /** Hashes of a final block's transactions, in order. @throws Error when the node does not answer with them */
  transactionsOf(height: number): Promise<readonly string[]>;
  close(): void;
}

export function nodeHttp(baseUrl: string): NodeHttp {
  const { hostname, port } = new URL(baseUrl);
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS_MAX, scheduling: 'fifo' });
  const ask = (method: 'GET' | 'POST', path: string, body?: string): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const headers =
        body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const asked = request({ hostname, port, agent, method, path, headers, timeout: ANSWER_MS_MAX }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() }));
        response.on('error', reject);
      });
      asked.on('timeout', () => asked.destroy(new Error('no answer')));
      asked.on('error', reject);
      asked.end(body);
    });
  return {
    async submit(body) {
      try {
        const { status, text } = await ask('POST', '/api/tx', body);
        return status === 202 ? null : String((JSON.parse(text) as { readonly code?: unknown }).code);
      } catch {
        return 'UNREACHABLE';
      }
    },
    async transactionsOf(height) {
      const { status, text } = await ask('GET', `/api/block/${height}`);
      if (status !== 200) throw new Error(`block ${height}: answer ${status}`);
      const block = JSON.parse(text) as { readonly transactions: readonly { readonly hash: string }[] };
      return block.transactions.map(({ hash }) => hash);
    },
    close: () => agent.destroy(),
  };
}
