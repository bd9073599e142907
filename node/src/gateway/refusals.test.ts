import { beforeEach, describe, expect, it } from 'vitest';
import { AuditError } from '../protocol/audit/index.ts';
import { AdmissionError } from '../protocol/errors.ts';
import { CaseChain } from '../testing/audit-kit.ts';
import { developmentGenesis } from '../testing/chain-kit.ts';
import { FakeNodeView } from '../testing/fake-node-view.ts';
import { FinalizedChain } from '../testing/finalized-chain.ts';
import { callsTo, gatewayParts, refusalOf, STRANGER } from '../testing/gateway-kit.ts';
import { ManualClock } from '../testing/node-cluster.ts';
import { createGateway, type Gateway, type GatewayDeps } from './index.ts';

const HASH = 'ab'.repeat(32);
const ALERT = { node: 'web-buy', metric: 'error_rate', at: '2026-11-22T10:00:00Z', source: 'shop', title: 'Errors' };
const TX = {
  ...{ chainId: 'dao-gov-test', type: 'stake', sender: 'ab'.repeat(20), publicKey: '02'.repeat(33), nonce: 0 },
  ...{ gasPrice: 1, gasLimit: 200, args: '{"amount":1}', evidence: [] as string[], signature: 'ab'.repeat(64) },
};

let parts: Awaited<ReturnType<typeof gatewayParts>>;
let gateway: Gateway;
let calls: ReturnType<typeof callsTo>;

const build = (overrides: Partial<GatewayDeps> = {}): ReturnType<typeof callsTo> => {
  gateway = createGateway({ ...parts.deps, ...overrides });
  calls = callsTo(gateway);
  return calls;
};

beforeEach(async () => {
  parts = await gatewayParts(new CaseChain());
  build();
});

describe('what is asked for wrongly', () => {
  it.each([
    ['/api/nothing', 404, 'NOT_FOUND'],
    ['/api', 404, 'NOT_FOUND'],
    ['/api/', 404, 'NOT_FOUND'],
    ['/api/block/1', 404, 'NOT_FOUND'],
    ['/api/block/999999999999999', 404, 'NOT_FOUND'],
    ['/api/block/-1', 400, 'BAD_REQUEST'],
    ['/api/block/1e3', 400, 'BAD_REQUEST'],
    ['/api/block/%20', 400, 'BAD_REQUEST'],
    ['/api/block/0x10', 400, 'BAD_REQUEST'],
    ['/api/block/01', 400, 'BAD_REQUEST'],
    [`/api/block/${'9'.repeat(40)}`, 400, 'BAD_REQUEST'],
    [`/api/tx/${HASH}`, 404, 'NOT_FOUND'],
    ['/api/tx/xyz', 400, 'BAD_REQUEST'],
    [`/api/tx/${HASH.toUpperCase()}`, 400, 'BAD_REQUEST'],
    [`/api/evidence/${HASH}`, 404, 'NOT_FOUND'],
    ['/api/evidence/..%2f..%2fetc%2fpasswd', 400, 'BAD_REQUEST'],
    ['/api/incidents/INC-9999', 404, 'NOT_FOUND'],
    ['/api/incidents/INC-1', 400, 'BAD_REQUEST'],
    ['/api/incidents/INC-9999/bundle', 404, 'NOT_FOUND'],
    ['/api/incidents/__proto__', 400, 'BAD_REQUEST'],
    [`/api/proposals/${HASH}`, 404, 'NOT_FOUND'],
    [`/api/accounts/${'00'.repeat(20)}`, 404, 'NOT_FOUND'],
    ['/api/accounts/me', 400, 'BAD_REQUEST'],
    [`/api/proofs/transaction/${HASH}`, 404, 'NOT_FOUND'],
    ['/api/proofs/state', 400, 'BAD_REQUEST'],
    ['/api/proofs/state?key=', 400, 'BAD_REQUEST'],
    [`/api/proofs/state?key=${'k'.repeat(201)}`, 400, 'BAD_REQUEST'],
    ['/api/blocks?limit=0', 400, 'BAD_REQUEST'],
    ['/api/blocks?limit=201', 400, 'BAD_REQUEST'],
    ['/api/blocks?limit=ten', 400, 'BAD_REQUEST'],
    ['/api/blocks?limit=1.5', 400, 'BAD_REQUEST'],
    ['/api/blocks?limit=1&limit=2', 400, 'BAD_REQUEST'],
    ['/api/blocks?before=-1', 400, 'BAD_REQUEST'],
    ['/api/events?before=1.2.3.4', 400, 'BAD_REQUEST'],
    ['/api/events?before=now', 400, 'BAD_REQUEST'],
    ['/api/log?before=1..2', 400, 'BAD_REQUEST'],
    ['/api/transactions?sender=me', 400, 'BAD_REQUEST'],
    [`/api/transactions?type=${'x'.repeat(65)}`, 400, 'BAD_REQUEST'],
    ['/api/stream?lastEventId=soon', 400, 'BAD_REQUEST'],
  ])('GET %s is %i %s', async (path, status, code) => {
    expect(await refusalOf(await calls.get(path))).toEqual([status, code]);
  });

  it.each([
    ['/api/blocks?before=0'],
    ['/api/events?before=0'],
    ['/api/events?before=999999999999999.0.0'],
    ['/api/log?before=0'],
    ['/api/transactions?before=0.0'],
    ['/api/incidents?before=0'],
  ])('GET %s is an empty page', async (path) => {
    expect(await (await calls.get(path)).json()).toEqual({ items: [], next: null });
  });

  it('says where it is wrong', async () => {
    const problem = await (await calls.get('/api/blocks?limit=0&before=x')).json();
    expect(problem).toMatchObject({ issues: [{ path: 'limit' }, { path: 'before' }] });
  });

  it.each([
    ['POST', '/api/blocks', 'GET, HEAD'],
    ['DELETE', '/api/tx', 'POST'],
    ['GET', '/api/tx', 'POST'],
    ['GET', '/api/reset', 'POST'],
    ['PUT', '/api/alerts', 'POST'],
    ['PATCH', '/live', 'GET, HEAD'],
  ])('%s %s is 405 and says what is allowed', async (method, path, allow) => {
    const response = method === 'GET' ? await calls.get(path) : await calls.post(path, undefined, { method });
    expect(response.headers.get('allow')).toBe(allow);
    expect(await refusalOf(response)).toEqual([405, 'METHOD_NOT_ALLOWED']);
  });

  it('POST to what is not there is 404', async () => {
    expect(await refusalOf(await calls.post('/api/nothing', {}))).toEqual([404, 'NOT_FOUND']);
    expect(await refusalOf(await calls.post('/console', {}))).toEqual([404, 'NOT_FOUND']);
  });

  it('HEAD answers without a body', async () => {
    const response = await calls.get('/api/chain', { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
  });
});

describe('a body', () => {
  it.each([
    ['/api/tx', '{', 400, 'BAD_REQUEST'],
    ['/api/tx', '', 400, 'BAD_REQUEST'],
    ['/api/tx', 'null', 400, 'BAD_REQUEST'],
    ['/api/tx', '[]', 400, 'BAD_REQUEST'],
    ['/api/tx', '{}', 400, 'BAD_REQUEST'],
    ['/api/tx', JSON.stringify({ transaction: TX, blobs: [], more: 1 }), 400, 'BAD_REQUEST'],
    ['/api/tx', JSON.stringify({ transaction: { ...TX, nonce: -1 }, blobs: [] }), 400, 'BAD_REQUEST'],
    ['/api/tx', JSON.stringify({ transaction: { ...TX, nonce: 1.5 }, blobs: [] }), 400, 'BAD_REQUEST'],
    ['/api/tx', JSON.stringify({ transaction: { ...TX, nonce: 2 ** 53 }, blobs: [] }), 400, 'BAD_REQUEST'],
    [
      '/api/tx',
      JSON.stringify({ transaction: { ...TX, evidence: Array(5).fill(HASH) }, blobs: [] }),
      400,
      'BAD_REQUEST',
    ],
    ['/api/tx', JSON.stringify({ transaction: TX, blobs: ['not base64!'] }), 400, 'BAD_REQUEST'],
    ['/api/tx', JSON.stringify({ transaction: { ...TX, chainId: '界'.repeat(64) }, blobs: [] }), 422, 'TX_WRONG_CHAIN'],
    ['/api/tx', JSON.stringify({ transaction: { ...TX, type: '界'.repeat(64) }, blobs: [] }), 422, 'TX_UNKNOWN_TYPE'],
    ['/api/tx', JSON.stringify({ transaction: { ...TX, args: '界'.repeat(16_384) }, blobs: [] }), 422, 'TX_TOO_LARGE'],
    ['/api/tx', JSON.stringify({ transaction: { ...TX, args: '\ud800' }, blobs: [] }), 422, 'TX_MALFORMED'],
    ['/api/tx', JSON.stringify({ transaction: { ...TX, chainId: 'other' }, blobs: [] }), 422, 'TX_WRONG_CHAIN'],
    ['/api/tx', JSON.stringify({ transaction: { ...TX, type: 'rob' }, blobs: [] }), 422, 'TX_UNKNOWN_TYPE'],
    ['/api/tx', JSON.stringify({ transaction: { ...TX, args: '{"amount":-1}' }, blobs: [] }), 422, 'TX_BAD_ARGS'],
    [
      '/api/tx',
      JSON.stringify({ transaction: { ...TX, args: '{"amount":1,"amount":2}' }, blobs: [] }),
      422,
      'TX_BAD_ARGS',
    ],
    ['/api/tx', JSON.stringify({ transaction: TX, blobs: [] }), 422, 'TX_SENDER_MISMATCH'],
    ['/api/tx', `{"transaction":"${'x'.repeat(2 * 1_024 * 1_024)}"}`, 413, 'BODY_TOO_LARGE'],
    ['/api/alerts', '{"node":', 400, 'BAD_REQUEST'],
    ['/api/alerts', JSON.stringify({ ...ALERT, at: 'yesterday' }), 400, 'BAD_REQUEST'],
    ['/api/alerts', JSON.stringify({ ...ALERT, node: '' }), 400, 'BAD_REQUEST'],
    ['/api/alerts', JSON.stringify({ ...ALERT, more: true }), 400, 'BAD_REQUEST'],
    ['/api/alerts', `{"node":"${'x'.repeat(64 * 1_024)}"}`, 413, 'BODY_TOO_LARGE'],
    ['/api/alerts/alertmanager', '{"version":"3"}', 400, 'BAD_REQUEST'],
    ['/api/reset', '{"genesis":{}}', 400, 'BAD_REQUEST'],
    ['/api/reset', '{"genesis":', 400, 'BAD_REQUEST'],
    ['/api/reset', '{"other":1}', 400, 'BAD_REQUEST'],
    ['/api/reset', `{"genesis":"${'x'.repeat(256 * 1_024)}"}`, 413, 'BODY_TOO_LARGE'],
  ] as const)('to %s is refused: %j', async (path, body, status, code) => {
    expect(await refusalOf(await calls.post(path, body))).toEqual([status, code]);
    expect([parts.alerts, parts.resets]).toEqual([[], []]);
  });

  it.each(['/api/tx', '/api/alerts', '/api/alerts/alertmanager', '/api/reset'])(
    'to %s that is not called JSON is 415',
    async (path) => {
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data',
        'application/jsonp',
      ]) {
        const response = await calls.post(path, ALERT, { headers: { 'content-type': type } });
        expect(await refusalOf(response)).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
      }
    },
  );

  it('that never says how long it is, is counted all the same', async () => {
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(65_536)) });
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: endless, duplex: 'half' };
    const response = await gateway.request('/api/tx', init as RequestInit, {});
    expect(await refusalOf(response)).toEqual([413, 'BODY_TOO_LARGE']);
  });
});

describe('a refused transaction', () => {
  it.each([
    ['TX_KNOWN', 409],
    ['MEMPOOL_FULL', 503],
    ['MEMPOOL_SENDER_FULL', 422],
    ['TX_NONCE_TAKEN', 422],
  ] as const)('for %s is %i', async (code, status) => {
    parts.node.submit = async () => {
      throw new AdmissionError(code, 'because');
    };
    const response = await calls.post('/api/tx', { transaction: TX, blobs: [] });
    expect(await response.clone().json()).toMatchObject({ detail: 'because' });
    expect(await refusalOf(response)).toEqual([status, code]);
  });
});

describe('a fault', () => {
  it('is 500 and keeps its reasons to the log', async () => {
    parts.node.pending = () => {
      throw new TypeError('secret of /var/lib/node');
    };
    const response = await calls.get('/api/pending');
    expect(await response.clone().text()).not.toContain('secret');
    expect(await refusalOf(response)).toEqual([500, 'INTERNAL']);
    expect(parts.logged).toEqual(['a request failed']);
  });

  it.each([
    ['INCIDENT_UNKNOWN', 404, 'NOT_FOUND'],
    ['EVIDENCE_MISSING', 503, 'NOT_READY'],
  ] as const)('of the bundle, %s, is %i', async (code, status, problem) => {
    parts.chain.open();
    await parts.node.catchUp();
    build({
      bundle: async () => {
        throw new AuditError(code, 'not now');
      },
    });
    expect(await refusalOf(await calls.get('/api/incidents/INC-0001/bundle'))).toEqual([status, problem]);
  });
});

describe('a page of another origin', () => {
  it.each([
    ['http://evil.example', 'localhost:4001'],
    ['null', 'localhost:4001'],
    ['http://localhost:4002', 'localhost:4001'],
    ['http://localhost.evil.example:4001', 'localhost:4001'],
    ['not a url', 'localhost:4001'],
    ['http://evil.example:4001', 'evil.example:4001'],
  ])('%s cannot change anything at %s', async (origin, host) => {
    for (const path of ['/api/tx', '/api/reset', '/api/alerts', '/api/alerts/alertmanager']) {
      expect(await refusalOf(await calls.post(path, {}, { headers: { origin, host } }))).toEqual([
        403,
        'FORBIDDEN_ORIGIN',
      ]);
    }
  });

  it('that points its name at this node is refused without an Origin too', async () => {
    const response = await calls.post('/api/reset', undefined, { headers: { host: 'rebound.example:4001' } });
    expect(await refusalOf(response)).toEqual([403, 'FORBIDDEN_ORIGIN']);
  });

  it.each(['localhost:4001', '127.0.0.1:4001', '[::1]:4001', 'testnet.example:4001', '192.0.2.4', 'LOCALHOST:4001'])(
    'is another matter than this node at %s',
    async (host) => {
      const headers = { host, origin: `http://${host.toLowerCase()}` };
      expect((await calls.post('/api/reset', undefined, { headers })).status).toBe(200);
      expect((await calls.post('/api/reset', undefined, { headers: { host } })).status).toBe(200);
    },
  );

  it('is let in where the configuration allows it', async () => {
    build({ allowedOrigins: ['https://ops.example'] });
    const headers = { origin: 'https://ops.example', host: 'localhost:4001' };
    expect((await calls.post('/api/alerts', ALERT, { headers })).status).toBe(202);
    expect((await calls.get('/api/chain', { headers })).headers.get('access-control-allow-origin')).toBe(
      'https://ops.example',
    );
    const preflight = { ...headers, 'access-control-request-method': 'POST' };
    const allowed = await calls.get('/api/alerts', { method: 'OPTIONS', headers: preflight });
    expect([allowed.status, allowed.headers.get('access-control-allow-methods')]).toEqual([204, 'GET,HEAD,POST']);
    const other = await calls.get('/api/chain', { headers: { ...headers, origin: 'https://evil.example' } });
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('may read, but a browser does not show it the answer', async () => {
    const response = await calls.get('/api/chain', { headers: { origin: 'https://evil.example' } });
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([200, null]);
  });
});

describe('what belongs to the operator', () => {
  const paths = [
    ['/api/reset', undefined, 200],
    ['/api/alerts', ALERT, 202],
    ['/api/alerts/alertmanager', { version: '4', groupKey: 'g', status: 'firing', alerts: [] }, 202],
  ] as const;

  it.each(paths)('%s is done for callers on this machine', async (path, body, status) => {
    for (const remote of ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1']) {
      expect((await calls.post(path, body, { remote })).status).toBe(status);
    }
  });

  it.each(paths)('%s is not done for others without a token', async (path, body) => {
    for (const remote of [STRANGER, '', '10.0.0.1', '::ffff:10.0.0.1', '127.0.0.1.evil.example']) {
      expect(await refusalOf(await calls.post(path, body, { remote }))).toEqual([401, 'UNAUTHORIZED']);
    }
  });

  it.each(paths)('%s is not done for who comes through a proxy on this machine', async (path, body) => {
    const response = await calls.post(path, body, { headers: { 'x-forwarded-for': STRANGER } });
    expect(await refusalOf(response)).toEqual([401, 'UNAUTHORIZED']);
  });

  it.each(paths)('%s wants the token where there is one, from everybody', async (path, body, status) => {
    build({ adminToken: 'correct' });
    for (const authorization of ['Bearer wrong', 'Bearer ', 'Basic correct', 'correct', 'Bearer correctt']) {
      const response = await calls.post(path, body, { headers: { authorization } });
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(await refusalOf(response)).toEqual([401, 'UNAUTHORIZED']);
    }
    expect(await refusalOf(await calls.post(path, body))).toEqual([401, 'UNAUTHORIZED']);
    const headers = { authorization: 'Bearer correct', host: 'node2:4001' };
    expect((await calls.post(path, body, { headers, remote: STRANGER })).status).toBe(status);
  });

  it('is never done without a token on a production network', async () => {
    const node = await FakeNodeView.over(new FinalizedChain(developmentGenesis({ network: 'production' })));
    build({ node });
    for (const [path, body] of paths) {
      expect(await refusalOf(await calls.post(path, body))).toEqual([403, 'FORBIDDEN_NETWORK']);
    }
    build({ node, adminToken: 'correct' });
    const headers = { authorization: 'Bearer correct' };
    expect((await calls.post('/api/alerts', ALERT, { headers })).status).toBe(202);
    expect(await refusalOf(await calls.post('/api/reset', undefined, { headers }))).toEqual([403, 'FORBIDDEN_NETWORK']);
    expect(parts.resets).toEqual([]);
  });
});

describe('one address that asks too often', () => {
  const limits = { reads: { perSecond: 2, burst: 3 }, writes: { perSecond: 1, burst: 1 } };

  it('waits, others do not', async () => {
    const clock = new ManualClock(0);
    build({ clock, limits });
    for (let count = 0; count < 3; count += 1) expect((await calls.get('/live')).status).toBe(200);
    const refused = await calls.get('/live');
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refusalOf(refused)).toEqual([429, 'RATE_LIMITED']);
    expect((await calls.get('/live', { remote: STRANGER })).status).toBe(200);
    expect((await calls.post('/api/reset')).status).toBe(200);
    expect(await refusalOf(await calls.post('/api/reset'))).toEqual([429, 'RATE_LIMITED']);
    await clock.advance(1_000);
    expect((await calls.get('/live')).status).toBe(200);
    expect((await calls.get('/live')).status).toBe(200);
    expect(await refusalOf(await calls.get('/live'))).toEqual([429, 'RATE_LIMITED']);
  });

  it('is told 503 if it is an Alertmanager, which repeats only that', async () => {
    build({ limits });
    await calls.post('/api/reset');
    expect(await refusalOf(await calls.post('/api/alerts/alertmanager', {}))).toEqual([503, 'RATE_LIMITED']);
  });
});

describe('a gateway that was closed', () => {
  it('refuses everything and has let go of the node', async () => {
    expect(parts.node.listeners).toBeGreaterThan(0);
    gateway.close();
    gateway.close();
    expect(await refusalOf(await calls.get('/api/chain'))).toEqual([503, 'NOT_READY']);
    expect(await refusalOf(await calls.post('/api/reset'))).toEqual([503, 'NOT_READY']);
    expect(await refusalOf(await calls.get('/api/stream'))).toEqual([503, 'NOT_READY']);
    expect(parts.node.listeners).toBe(0);
  });
});
