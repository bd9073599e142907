/** Requests from one service to another: traced, measured, with a time limit; the place where links are slow or lossy. */
import { Agent, request } from 'node:http';
import type { Random } from '../random.ts';
import type { Ailments } from './ailments.ts';
import type { ServiceMetrics } from './metrics.ts';
import { type TraceContext, type Tracer, traceparentOf } from './tracer.ts';

/** Longest that a caller waits for an answer. */
const CALL_TIMEOUT_MS = 2_000;
/** First wait of TCP before it sends a lost packet again; it doubles with each loss. */
const RETRANSMIT_MS = 200;
const RETRANSMITS_MAX = 4;
/** A port of the "discard" service, where nothing listens: what a wrong configuration names. */
const WRONG_ADDRESS = 'http://127.0.0.1:9';

export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
  /** HTTP status, or 0 when there was no answer. */
  readonly status: number;

  constructor(callee: string, status: number, why: string) {
    super(`${callee}: ${why}`);
    this.status = status;
  }
}

export type Call = {
  readonly to: string;
  /** `POST /reserve` */
  readonly operation: string;
  readonly query?: string;
  readonly kind?: 'client' | 'producer';
};

/** The callee's JSON answer. @throws UpstreamError */
export type Client = (call: Call, parent: TraceContext | undefined) => Promise<unknown>;

export type ClientParts = {
  readonly addresses: Readonly<Record<string, string>>;
  readonly tracer: Tracer;
  readonly metrics: ServiceMetrics;
  readonly ailments: Ailments;
  readonly random: Random;
  /** Name of the callee whose configured address is wrong while that fault lasts. */
  readonly misconfigured: string | undefined;
};

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

export function createClient(parts: ClientParts): Client {
  const { addresses, tracer, metrics, ailments, random, misconfigured } = parts;
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  return async ({ to, operation, query = '', kind = 'client' }, parent) => {
    const [method = 'GET', path = '/'] = operation.split(' ');
    const span = tracer.start(kind, `${operation} ${to}`, parent, to);
    const began = performance.now();
    const done = (status: string, failure?: string): void => {
      metrics.called.observe(
        { server_address: to, http_response_status_code: status },
        (performance.now() - began) / 1_000,
      );
      span.end(failure);
    };
    const wrong = to === misconfigured && ailments.strength('bad-config') > 0;
    const base = wrong ? WRONG_ADDRESS : (addresses[to] ?? WRONG_ADDRESS);
    try {
      await network(to, ailments, random);
      const answer = await exchange(agent, method, `${base}${path}${query}`, to, traceparentOf(span));
      done('200');
      return answer;
    } catch (error) {
      const failure = error instanceof UpstreamError ? error : new UpstreamError(to, 0, String(error));
      done(failure.status === 0 ? 'none' : String(failure.status), failure.message);
      throw failure;
    }
  };
}

/** What happens to a request on the way, when the link is ill. @throws UpstreamError */
async function network(to: string, ailments: Ailments, random: Random): Promise<void> {
  const delayMs = ailments.onLink('network-delay', to);
  const loss = ailments.onLink('network-loss', to);
  if (delayMs > 0) await pause(random.around(delayMs, 0.15));
  if (loss === 0) return;
  let waitMs = 0;
  for (let sent = 0; random.next() < loss; sent += 1) {
    waitMs += RETRANSMIT_MS * 2 ** sent;
    if (sent === RETRANSMITS_MAX || waitMs >= CALL_TIMEOUT_MS) {
      await pause(CALL_TIMEOUT_MS);
      throw new UpstreamError(to, 0, `no answer within ${CALL_TIMEOUT_MS} ms`);
    }
  }
  await pause(waitMs);
}

function exchange(agent: Agent, method: string, url: string, to: string, traceparent: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent, timeout: CALL_TIMEOUT_MS, headers: { traceparent } });
    sent.on('timeout', () => sent.destroy(new UpstreamError(to, 0, `no answer within ${CALL_TIMEOUT_MS} ms`)));
    sent.on('error', (error: NodeJS.ErrnoException) => {
      reject(error instanceof UpstreamError ? error : new UpstreamError(to, 0, error.code ?? error.message));
    });
    sent.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('error', reject);
      response.on('end', () => {
        const status = response.statusCode ?? 0;
        if (status >= 400) return reject(new UpstreamError(to, status, `status ${status}`));
        resolve(body === '' ? {} : JSON.parse(body));
      });
    });
    sent.end();
  });
}
