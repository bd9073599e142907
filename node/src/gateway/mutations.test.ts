import { beforeEach, describe, expect, it } from 'vitest';
import { submittedSchema } from '../protocol/api/index.ts';
import { utf8Bytes } from '../protocol/bytes.ts';
import { canonicalText } from '../protocol/canonical.ts';
import type { Genesis } from '../protocol/genesis.ts';
import { evidenceHash, transactionHash } from '../protocol/hashing.ts';
import { CaseChain } from '../testing/audit-kit.ts';
import { callsTo, gatewayParts, refusalOf, testTranscript } from '../testing/gateway-kit.ts';
import { testAlert } from '../testing/incident-kit.ts';
import { createGateway, type GatewayDeps } from './index.ts';

let parts: Awaited<ReturnType<typeof gatewayParts>>;
let calls: ReturnType<typeof callsTo>;
const build = (overrides: Partial<GatewayDeps> = {}): void => {
  calls = callsTo(createGateway({ ...parts.deps, ...overrides }));
};

beforeEach(async () => {
  parts = await gatewayParts(new CaseChain());
  build();
});

describe('POST /api/tx', () => {
  it('hands a transaction in with its evidence, from anywhere, for its signature speaks for it', async () => {
    const blob = utf8Bytes(canonicalText(testTranscript));
    const evidence = [evidenceHash(blob)];
    const transaction = parts.chain.transaction('alert_receiver', 'raise_alert', testAlert(), { evidence });
    const body = { transaction, blobs: [Buffer.from(blob).toString('base64')] };
    const response = await calls.post('/api/tx', body, { remote: '203.0.113.9' });
    expect(response.status).toBe(202);
    expect(submittedSchema.parse(await response.json())).toEqual({ hash: transactionHash(transaction) });
    expect(parts.node.pending().map(({ hash }) => hash)).toEqual([transactionHash(transaction)]);
    expect(await refusalOf(await calls.post('/api/tx', body))).toEqual([409, 'TX_KNOWN']);
  });

  it('refuses evidence that is missing or other than named', async () => {
    const evidence = [evidenceHash(utf8Bytes('named'))];
    const transaction = parts.chain.transaction('alert_receiver', 'raise_alert', testAlert(), { evidence });
    const blobs = [Buffer.from('other').toString('base64')];
    expect(await refusalOf(await calls.post('/api/tx', { transaction, blobs: [] }))).toEqual([
      422,
      'TX_EVIDENCE_MISSING',
    ]);
    expect(await refusalOf(await calls.post('/api/tx', { transaction, blobs }))).toEqual([422, 'TX_EVIDENCE_MISMATCH']);
  });
});

describe('POST /api/alerts', () => {
  const alert = { node: 'web-buy', metric: 'error_rate', at: '2026-11-22T10:00:00Z', source: 'shop', title: 'Errors' };

  it("has this node's agent raise it", async () => {
    const response = await calls.post('/api/alerts', alert);
    expect([response.status, await response.json()]).toEqual([202, { accepted: 1, ignored: 0, hash: 'ab'.repeat(32) }]);
    expect(parts.alerts).toEqual([alert]);
  });

  it('is not possible on a node without an agent', async () => {
    const { agent: _, ...without } = parts.deps;
    calls = callsTo(createGateway(without));
    expect(await refusalOf(await calls.post('/api/alerts', alert))).toEqual([503, 'NOT_READY']);
  });
});

describe('the webhook of Alertmanager', () => {
  const firing = (labels: Record<string, string>, rest: object = {}) => ({
    status: 'firing',
    labels,
    annotations: {},
    startsAt: '2026-11-22T12:00:00.5+02:00',
    endsAt: '0001-01-01T00:00:00Z',
    fingerprint: '',
    ...rest,
  });
  const webhook = (...alerts: object[]) => ({
    version: '4',
    groupKey: '{}:{alertname="HighErrorRate"}',
    status: 'firing',
    receiver: 'dao-gov',
    futureField: 1,
    alerts,
  });

  it('raises what fires, under the names that its labels give', async () => {
    const named = {
      alertname: 'HighErrorRate',
      service: 'web-buy',
      instance: '10.0.0.1:80',
      metric: 'error_rate',
      source: 'shop',
    };
    const response = await calls.post(
      '/api/alerts/alertmanager',
      webhook(
        firing(named, { annotations: { summary: 'Errors at web-buy' }, fingerprint: 'a1' }),
        firing({ alertname: 'Slow', job: 'stock-db' }),
        firing({ alertname: 'HighErrorRate', service: 'mail' }, { status: 'resolved' }),
        firing({ alertname: 'Nameless' }),
        firing({ service: 'metricless' }),
      ),
    );
    expect([response.status, await response.json()]).toEqual([202, { accepted: 2, ignored: 3 }]);
    const at = '2026-11-22T10:00:00.500Z';
    expect(parts.alerts).toEqual([
      { node: 'web-buy', metric: 'error_rate', at, source: 'shop', title: 'Errors at web-buy' },
      { node: 'stock-db', metric: 'Slow', at, source: 'alertmanager', title: 'Slow at stock-db' },
    ]);
  });

  it('raises an alert once for each time that it starts', async () => {
    const labels = { alertname: 'Slow', service: 'stock-db' };
    const body = webhook(firing(labels, { fingerprint: 'a1' }), firing(labels, { fingerprint: 'a1' }));
    expect(await (await calls.post('/api/alerts/alertmanager', body)).json()).toEqual({ accepted: 1, ignored: 1 });
    expect(await (await calls.post('/api/alerts/alertmanager', body)).json()).toEqual({ accepted: 0, ignored: 2 });
    const again = webhook(firing(labels, { fingerprint: 'a1', startsAt: '2026-11-22T13:00:00Z' }));
    expect(await (await calls.post('/api/alerts/alertmanager', again)).json()).toEqual({ accepted: 1, ignored: 0 });
  });

  it('is to be repeated when an alert fails, and then raises only that', async () => {
    const raised: string[] = [];
    let broken = true;
    const raiseAlert = async ({ node }: { readonly node: string }) => {
      if (node === 'second' && broken) throw new Error('not now');
      raised.push(node);
      return { transaction: 'ab'.repeat(32) };
    };
    build({ agent: { ...parts.deps.agent, raiseAlert } });
    const body = webhook(
      firing({ alertname: 'Slow', service: 'first' }),
      firing({ alertname: 'Slow', service: 'second' }),
    );
    expect(await refusalOf(await calls.post('/api/alerts/alertmanager', body))).toEqual([503, 'NOT_READY']);
    broken = false;
    expect(await (await calls.post('/api/alerts/alertmanager', body)).json()).toEqual({ accepted: 1, ignored: 1 });
    expect(raised).toEqual(['first', 'second']);
  });

  it('is cut to what a call may hold', async () => {
    const long = 'n'.repeat(1_000);
    await calls.post('/api/alerts/alertmanager', webhook(firing({ alertname: long, service: long, source: long })));
    const [alert] = parts.alerts;
    expect([alert?.node.length, alert?.metric.length, alert?.source.length, alert?.title.length]).toEqual([
      120, 120, 120, 300,
    ]);
  });
});

describe('POST /api/reset', () => {
  const next = (): Genesis => ({ ...parts.chain.genesis, chainId: 'dao-gov-test-r1', timestampMs: 1_800_000_000_000 });

  it.each([
    ['without a body', undefined],
    ['with an empty body', ''],
    ['with an empty object', {}],
  ])('%s makes the next genesis', async (_, body) => {
    const response = await calls.post('/api/reset', body);
    expect([response.status, await response.json()]).toEqual([
      200,
      { success: true, message: 'System reset completed' },
    ]);
    expect(parts.resets).toEqual([null]);
  });

  it('takes the genesis that another node made', async () => {
    expect((await calls.post('/api/reset', { genesis: next() })).status).toBe(200);
    expect(parts.resets).toEqual([{ genesis: next() }]);
  });

  it.each([
    ['balances', (genesis: Genesis) => ({ ...genesis, agents: genesis.agents.map((one) => ({ ...one, balance: 1 })) })],
    ['validators', (genesis: Genesis) => ({ ...genesis, validators: genesis.validators.slice(1) })],
    ['rules', (genesis: Genesis) => ({ ...genesis, params: { ...genesis.params, alpha: 0 } })],
    ['the kind of network', (genesis: Genesis) => ({ ...genesis, network: 'production' as const })],
  ])('cannot change %s', async (_, change) => {
    expect(await refusalOf(await calls.post('/api/reset', { genesis: change(next()) }))).toEqual([400, 'BAD_REQUEST']);
    expect(parts.resets).toEqual([]);
  });

  it('runs one at a time, and can be tried again when it fails', async () => {
    let finish: (error?: Error) => void = () => {};
    const reset = () =>
      new Promise<void>((resolve, reject) => {
        finish = (error) => (error ? reject(error) : resolve());
      });
    build({ reset });
    const first = calls.post('/api/reset');
    await new Promise(setImmediate);
    expect(await refusalOf(await calls.post('/api/reset'))).toEqual([503, 'NOT_READY']);
    finish(new Error('disk'));
    expect(await refusalOf(await first)).toEqual([500, 'INTERNAL']);
    const again = calls.post('/api/reset');
    await new Promise(setImmediate);
    finish();
    expect((await again).status).toBe(200);
  });
});
