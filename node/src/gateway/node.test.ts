import { beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { chainInfoSchema, consensusViewSchema, peersSchema, validatorsSchema } from '../protocol/api/index.ts';
import { genesisSchema } from '../protocol/genesis.ts';
import { callsTo, gatewayParts, readAs, refusalOf } from '../testing/gateway-kit.ts';
import { createGateway } from './index.ts';

type Parts = Awaited<ReturnType<typeof gatewayParts>>;
let parts: Parts;
let calls: ReturnType<typeof callsTo>;

beforeAll(async () => {
  parts = await gatewayParts();
  calls = callsTo(createGateway(parts.deps));
});

const read = <T extends z.ZodType>(schema: T, path: string) => readAs(calls, schema, path);

describe('the node', () => {
  it('tells of itself and of the others', async () => {
    const info = await read(chainInfoSchema, '/api/chain');
    expect(info).toMatchObject({ chainId: 'dao-gov-test', peers: 6, ready: true, height: parts.node.final().height });
    expect(info.node).toMatchObject({ name: 'node-1', validator: true, agent: { role: 'alert_receiver' } });
    expect(await read(genesisSchema, '/api/genesis')).toEqual(parts.chain.genesis);
    expect((await read(validatorsSchema, '/api/validators')).validators).toHaveLength(7);
    expect((await read(consensusViewSchema, '/api/consensus')).leaderName).toBe('A1 Alert Receiver');
    expect((await read(peersSchema, '/api/peers')).items[0]?.name).toBe('A2 Process Scheduler');
  });

  it('answers machines', async () => {
    expect(await (await calls.get('/metrics')).text()).toBe('dao_gov_up 1\n');
    expect((await calls.get('/live')).status).toBe(200);
    expect((await calls.get('/ready')).status).toBe(200);
    parts.node.isReady = false;
    expect(await refusalOf(await calls.get('/ready'))).toEqual([503, 'NOT_READY']);
    parts.node.isReady = true;
  });

  it('describes all that it serves', async () => {
    const document = (await (await calls.get('/openapi.json')).json()) as {
      openapi: string;
      paths: Record<string, object>;
    };
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths).sort()).toEqual(
      [
        ...['/api/accounts/{address}', '/api/agents/economics', '/api/alerts', '/api/alerts/alertmanager'],
        ...[
          '/api/block/{height}',
          '/api/blocks',
          '/api/chain',
          '/api/consensus',
          '/api/events',
          '/api/evidence/{hash}',
          '/api/export/{file}',
        ],
        ...['/api/genesis', '/api/incidents', '/api/incidents/{incidentId}', '/api/incidents/{incidentId}/bundle'],
        ...[
          '/api/log',
          '/api/motions',
          '/api/peers',
          '/api/pending',
          '/api/proofs/state',
          '/api/proofs/transaction/{hash}',
        ],
        ...['/api/proposals/{proposalId}', '/api/reset', '/api/status/sop', '/api/stream', '/api/transactions'],
        ...['/api/tx', '/api/tx/{hash}', '/api/validators', '/live', '/metrics', '/ready'],
      ].sort(),
    );
    expect(JSON.stringify(document.paths['/api/tx'])).toContain('"maxItems":4');
  });
});
