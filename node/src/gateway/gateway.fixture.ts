/** Test-only: a gateway over a fake node, and requests to it with a caller of the test's choice. */
import type { HttpBindings } from '@hono/node-server';
import { silentTelemetry } from '../ports/index.ts';
import { encodeBundle, buildBundle } from '../protocol/audit/index.ts';
import type { AlertInput, Problem } from '../protocol/api/index.ts';
import { textOf } from '../protocol/bytes.ts';
import { canonicalText } from '../protocol/canonical.ts';
import type { Transcript } from '../protocol/evidence.ts';
import type { Genesis } from '../protocol/genesis.ts';
import { CaseChain, divided } from '../testing/audit-kit.ts';
import { testAgent } from '../testing/chain-kit.ts';
import { FakeNodeView } from '../testing/fake-node-view.ts';
import { testAlert } from '../testing/incident-kit.ts';
import { ManualClock } from '../testing/node-cluster.ts';
import { createGateway, type Gateway, type GatewayDeps } from './index.ts';

export const LOOPBACK = '127.0.0.1';
export const STRANGER = '203.0.113.7';

/** What `@hono/node-server` would hand in for a caller at this address. */
export const from = (remoteAddress: string) => ({ incoming: { socket: { remoteAddress } } as HttpBindings['incoming'] });

export const transcript: Transcript = {
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

/** One solved incident: an alert with a transcript, votes, settlement, a failed transaction, and empty blocks after. */
export function solvedCase(params: ConstructorParameters<typeof CaseChain>[0] = {}): CaseChain {
  const chain = new CaseChain(params);
  const evidence = [chain.keep(canonicalText(transcript))];
  chain.call('alert_receiver', 'raise_alert', testAlert('mail'), { evidence });
  chain.open();
  const proposal = chain.claim();
  chain.call('fault_mapper', 'unstake', { amount: 1_000_000 });
  chain.vote(proposal, divided);
  chain.solve();
  chain.block();
  return chain;
}

export interface Fixture {
  readonly chain: CaseChain;
  readonly node: FakeNodeView;
  readonly gateway: Gateway;
  readonly clock: ManualClock;
  readonly alerts: AlertInput[];
  readonly resets: ({ readonly genesis: Genesis } | null)[];
  readonly logged: string[];
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  post(path: string, body: unknown, options?: PostOptions): Promise<Response>;
}

export interface PostOptions {
  readonly headers?: Record<string, string>;
  readonly remote?: string;
}

export async function fixture(chain = solvedCase(), overrides: Partial<GatewayDeps> = {}): Promise<Fixture> {
  const node = await FakeNodeView.over(chain);
  const clock = new ManualClock(1_700_000_000_000);
  const alerts: AlertInput[] = [];
  const resets: Fixture['resets'] = [];
  const logged: string[] = [];
  const { wallet, role, name } = testAgent('alert_receiver');
  const gateway = createGateway({
    node,
    nextNonce: (address) => node.nextNonce(address),
    metrics: async () => 'dao_gov_up 1\n',
    version: '0.1.0',
    agent: {
      ...{ address: wallet.address, role, name },
      raiseAlert: async (alert) => {
        alerts.push(alert);
        return { transaction: 'ab'.repeat(32) };
      },
    },
    gateways: [{ name: 'node-1', url: 'http://testnet.example:4001', role }],
    allowedOrigins: [],
    reset: async (request) => {
      resets.push(request);
    },
    bundle: async (incidentId) => textOf(encodeBundle(await buildBundle(chain.source(), incidentId))),
    clock,
    telemetry: { ...silentTelemetry, log: (_level, message) => logged.push(message) },
    ...overrides,
  });
  return {
    ...{ chain, node, gateway, clock, alerts, resets, logged },
    get: async (path, headers = {}) => gateway.request(path, { headers }, from(LOOPBACK)),
    post: async (path, body, { headers = {}, remote = LOOPBACK } = {}) =>
      gateway.request(
        path,
        {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        },
        from(remote),
      ),
  };
}

/** Code and status of a refusal, which is a problem in every respect. */
export async function refusal(response: Response): Promise<readonly [number, Problem['code']]> {
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('application/problem+json')) throw new Error(`${response.status} ${type} is no problem`);
  const problem = (await response.json()) as Problem;
  if (problem.status !== response.status) throw new Error(`status ${problem.status} in an answer ${response.status}`);
  return [response.status, problem.code];
}
