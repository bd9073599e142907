/** Test-only: what a gateway is made of (a node with a solved incident behind it), and requests to one. */
import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { silentTelemetry } from '../ports/index.ts';
import type { AlertInput, Problem } from '../protocol/api/index.ts';
import { buildBundle, encodeBundle } from '../protocol/audit/index.ts';
import { textOf } from '../protocol/bytes.ts';
import { canonicalText } from '../protocol/canonical.ts';
import type { Transcript } from '../protocol/evidence.ts';
import type { Genesis } from '../protocol/genesis.ts';
import { CaseChain, divided } from './audit-kit.ts';
import { testAgent } from './chain-kit.ts';
import { FakeNodeView } from './fake-node-view.ts';
import { testAlert } from './incident-kit.ts';
import { ManualClock } from './node-cluster.ts';

export const LOOPBACK = '127.0.0.1';
export const STRANGER = '203.0.113.7';

export const testTranscript: Transcript = {
  kind: 'transcript',
  role: 'alert_receiver',
  reasoner: 'builtin',
  incidentId: '',
  purpose: 'raise_alert',
  entries: [
    { type: 'thought', text: { en: 'Errors rise.', zh: '错误率上升。' } },
    { type: 'action', text: { en: 'Look.', zh: '' }, tool: 'query_metrics', input: '{"node":"web-buy"}' },
    { type: 'observation', text: { en: 'x'.repeat(3_000), zh: '' }, tool: 'query_metrics' },
    { type: 'answer', text: { en: 'Raise it.', zh: '上报。' } },
  ],
};

/** One solved incident: an alert with a transcript, votes, settlement, a failed transaction, and an empty block. */
export function solvedCase(options: ConstructorParameters<typeof CaseChain>[1] = {}): CaseChain {
  const chain = new CaseChain({}, options);
  const evidence = [chain.keep(canonicalText(testTranscript))];
  chain.call('alert_receiver', 'raise_alert', testAlert('mail'), { evidence });
  chain.open();
  const proposal = chain.claim();
  chain.call('fault_mapper', 'unstake', { amount: 1_000_000 });
  chain.vote(proposal, divided);
  chain.solve();
  chain.block();
  return chain;
}

/** The parts of a gateway, and what it did with them. `deps` are those that `createGateway` asks for. */
export async function gatewayParts(chain: CaseChain = solvedCase()) {
  const node = await FakeNodeView.over(chain);
  const clock = new ManualClock(1_700_000_000_000);
  const alerts: AlertInput[] = [];
  const resets: ({ readonly genesis: Genesis } | null)[] = [];
  const logged: string[] = [];
  const { wallet, role, name } = testAgent('alert_receiver');
  const raiseAlert = async (alert: AlertInput) => {
    alerts.push(alert);
    return { transaction: 'ab'.repeat(32) };
  };
  const deps = {
    ...{ node, clock, version: '0.1.0', allowedOrigins: [] as readonly string[] },
    nextNonce: (address: string) => node.nextNonce(address),
    metrics: async () => 'dao_gov_up 1\n',
    agent: { address: wallet.address, role, name, raiseAlert },
    gateways: [{ name: 'node-1', url: 'http://testnet.example:4001', role }],
    reset: async (request: { readonly genesis: Genesis } | null) => {
      resets.push(request);
    },
    bundle: async (incidentId: string): Promise<string | undefined> =>
      textOf(encodeBundle(await buildBundle(chain.source(), incidentId))),
    telemetry: { ...silentTelemetry, log: (_level: string, message: string) => void logged.push(message) },
  };
  return { chain, node, clock, alerts, resets, logged, deps };
}

interface Requests {
  request(path: string, init: RequestInit, env: never): Response | Promise<Response>;
}

export interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Address of the caller. */
  readonly remote?: string;
  readonly method?: string;
}

/** Requests from this machine, unless said otherwise. */
export function callsTo(gateway: Requests) {
  const call = async (path: string, init: RequestInit, remote = LOOPBACK): Promise<Response> => {
    // All that the gateway looks at of a socket.
    return gateway.request(path, init, { incoming: { socket: { remoteAddress: remote } } } as never);
  };
  return {
    get: (path: string, { headers = {}, remote, method = 'GET' }: CallOptions = {}) =>
      call(path, { method, headers }, remote),
    /** @param body JSON, or text that is sent as it is */
    post: (path: string, body?: unknown, { headers = {}, remote, method = 'POST' }: CallOptions = {}) => {
      const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
      return call(path, { method, headers: { 'content-type': 'application/json', ...headers }, ...sent }, remote);
    },
  };
}

/** The answer to a GET, which has exactly the fields that the schema describes. */
export async function readAs<T extends z.ZodType>(
  { get }: Pick<ReturnType<typeof callsTo>, 'get'>,
  schema: T,
  path: string,
): Promise<z.infer<T>> {
  const response = await get(path);
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  const body: unknown = await response.json();
  const parsed = schema.parse(body);
  if (!isDeepStrictEqual(parsed, body)) throw new Error(`${path}: more fields than described`);
  return parsed;
}

/** A final transaction of a chain by its type, the first one or another. */
export function finalTransaction(chain: CaseChain, type: string, at = 0) {
  const all = chain.finalBlocks.flatMap(({ block, receipts }) =>
    block.transactions.map((tx, index) => ({
      ...{ tx, height: block.header.height },
      hash: receipts[index]?.transaction ?? '',
    })),
  );
  const found = all.filter(({ tx }) => tx.type === type)[at];
  if (!found) throw new Error(`no ${type}`);
  return found;
}

/** Status and code of a refusal, which is a problem in every respect. */
export async function refusalOf(response: Response): Promise<readonly [status: number, code: Problem['code']]> {
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('application/problem+json')) throw new Error(`${response.status} ${type} is no problem`);
  const problem = (await response.json()) as Problem;
  if (problem.status !== response.status) throw new Error(`status ${problem.status} in an answer ${response.status}`);
  return [response.status, problem.code];
}
