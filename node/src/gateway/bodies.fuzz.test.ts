import { describe, expect, test } from 'vitest';
import { transactionHash } from '../protocol/hashing.ts';
import { CaseChain } from '../testing/audit-kit.ts';
import { mutatedJson } from '../testing/fuzz/mutate-json.ts';
import { fuzzAsync } from '../testing/fuzz/runs.ts';
import { callsTo, gatewayParts, testTranscript } from '../testing/gateway-kit.ts';
import { testAlert } from '../testing/incident-kit.ts';
import { createGateway } from './index.ts';

const RUNS = 120;
/** Enough for any number of runs: this is about bodies, not about rates. */
const NO_RATE = { perSecond: 1_000_000, burst: 1_000_000 };

const alert = { node: 'web-buy', metric: 'error_rate', at: '2026-11-22T10:00:00Z', source: 'shop', title: 'Errors' };
const webhook = {
  ...{ version: '4', groupKey: 'group', truncatedAlerts: 0, status: 'firing', receiver: 'chain', externalURL: '' },
  ...{ groupLabels: {}, commonLabels: {}, commonAnnotations: {} },
  alerts: [
    {
      ...{ status: 'firing', labels: { alertname: 'Errors', service: 'web-buy' }, annotations: { summary: 'Errors' } },
      ...{ startsAt: '2026-11-22T10:00:00Z', endsAt: '0001-01-01T00:00:00Z', generatorURL: '', fingerprint: 'ab' },
    },
  ],
};

describe('bodies that were mutated', () => {
  test('are taken or refused as a problem; nothing but what was signed gets in', async () => {
    const parts = await gatewayParts(new CaseChain());
    const calls = callsTo(createGateway({ ...parts.deps, limits: { reads: NO_RATE, writes: NO_RATE } }));
    const transaction = parts.chain.transaction('alert_receiver', 'raise_alert', testAlert());
    const bodies: Readonly<Record<string, unknown>> = {
      '/api/tx': { transaction, blobs: [] },
      '/api/alerts': alert,
      '/api/alerts/alertmanager': webhook,
      '/api/reset': { genesis: parts.chain.genesis, note: testTranscript },
    };
    await fuzzAsync('gateway bodies', RUNS, async (random) => {
      const paths = Object.keys(bodies);
      const path = paths[random.below(paths.length)] ?? '';
      const { status, headers } = await calls.post(path, mutatedJson(random, [JSON.stringify(bodies[path])]));
      if (status >= 500 && status !== 503) throw new Error(`${path}: ${status}`);
      const isProblem = headers.get('content-type')?.startsWith('application/problem+json') === true;
      if (isProblem !== status >= 400) throw new Error(`${path}: ${status} without a problem`);
    });
    const genuine = transactionHash(transaction);
    expect(parts.node.pending().filter(({ hash }) => hash !== genuine)).toEqual([]);
    expect(parts.resets).toEqual([]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
