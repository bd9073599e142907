import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { transactionHash } from '../protocol/hashing.ts';
import { callsTo, gatewayParts, refusalOf, solvedCase } from '../testing/gateway-kit.ts';
import { EXPORTS_MAX } from './constants.ts';
import { TABLES } from './exports/tables.ts';
import { createGateway } from './index.ts';

const rowsSchema = z.array(z.record(z.string(), z.unknown()));

async function scene() {
  const parts = await gatewayParts(solvedCase());
  const calls = callsTo(createGateway(parts.deps));
  const rows = async (path: string) => rowsSchema.parse(await (await calls.get(`/api/export/${path}`)).json());
  return { ...parts, calls, rows };
}

describe('exported tables', () => {
  it('hold every block once, the oldest first', async () => {
    const { chain, rows } = await scene();
    const blocks = await rows('blocks.json');
    expect(blocks.map(({ height }) => height)).toEqual([0, ...chain.finalBlocks.map((_, index) => index + 1)]);
    expect(blocks.slice(1).map(({ hash }) => hash)).toEqual(chain.finalBlocks.map(({ hash }) => hash));
  });

  it('hold every transaction once, as it was signed and what came of it', async () => {
    const { chain, rows } = await scene();
    const all = chain.finalBlocks.flatMap(({ block, receipts }) =>
      block.transactions.map((transaction, index) => ({ transaction, receipt: receipts[index] })),
    );
    const exported = await rows('transactions.json');
    expect(exported.map(({ hash }) => hash)).toEqual(all.map(({ transaction }) => transactionHash(transaction)));
    expect(exported.map(({ status, gasUsed }) => [status, gasUsed])).toEqual(
      all.map(({ receipt }) => [receipt?.status, receipt?.gasUsed]),
    );
    expect(exported.some(({ status }) => status === 'failed')).toBe(true);
    expect(exported.map(({ args }) => args)).toEqual(all.map(({ transaction }) => JSON.parse(transaction.args)));
  });

  it('hold every event once, with its data', async () => {
    const { chain, rows } = await scene();
    const events = chain.finalBlocks.flatMap(({ receipts }) => receipts.flatMap((receipt) => receipt.events));
    const exported = await rows('events.json');
    expect(exported.map(({ name, data }) => ({ name, data }))).toEqual(events);
  });

  it('settle what the accounts have: reputation ends where the last settlement of each account says', async () => {
    const { chain, rows } = await scene();
    const settlements = await rows('settlements.json');
    const last = new Map(
      settlements.filter(({ event }) => event === 'ReputationChanged').map((row) => [row.account, row.reputationTo]),
    );
    expect(last.size).toBeGreaterThan(0);
    for (const [address, reputation] of last) expect(chain.account(String(address)).reputation).toBe(reputation);
    const moved = settlements.filter(({ event }) => event === 'Penalty' || event === 'RewardEscrowed');
    expect(moved.length).toBeGreaterThan(0);
    for (const { account, amount } of moved) {
      expect(account).toMatch(/^[0-9a-f]{40}$/);
      expect(amount).toBeTypeOf('number');
    }
  });

  it.each(Object.keys(TABLES))('say the same of %s in CSV', async (name) => {
    const { calls, rows } = await scene();
    const response = await calls.get(`/api/export/${name}.csv`);
    expect(response.headers.get('content-type')).toContain('text/csv');
    expect(response.headers.get('content-disposition')).toContain(`-${name}-0-`);
    const text = await response.text();
    const [head = '', ...lines] = text.split('\r\n');
    expect(head.split(',')).toEqual(TABLES[name as keyof typeof TABLES].columns);
    expect(lines.pop()).toBe('');
    expect(lines).toHaveLength((await rows(`${name}.json`)).length);
  });

  it('begin and end where they are asked to', async () => {
    const { chain, rows } = await scene();
    const tip = chain.finalBlocks.length;
    const heights = async (query: string) => (await rows(`blocks.json?${query}`)).map(({ height }) => height);
    expect(await heights('from=2&to=3')).toEqual([2, 3]);
    expect(await heights(`from=${tip}&to=999999`)).toEqual([tip]);
    expect(await heights(`from=${tip + 1}`)).toEqual([]);
  });

  it.each([
    ['another table', '/api/export/secrets.csv', 400, 'BAD_REQUEST'],
    ['another format', '/api/export/blocks.xml', 400, 'BAD_REQUEST'],
    ['a height that is none', '/api/export/blocks.csv?from=-1', 400, 'BAD_REQUEST'],
    ['an end before the beginning', '/api/export/blocks.csv?from=3&to=2', 400, 'BAD_REQUEST'],
  ] as const)('refuse %s', async (_, path, status, code) => {
    const { calls } = await scene();
    expect(await refusalOf(await calls.get(path))).toEqual([status, code]);
  });

  it('run so many at a time, and make room when a reader goes', async () => {
    const { calls } = await scene();
    const begin = () => calls.get('/api/export/blocks.csv');
    const running = await Promise.all(Array.from({ length: EXPORTS_MAX }, begin));
    expect(await refusalOf(await begin())).toEqual([503, 'TOO_MANY_STREAMS']);
    await running[0]?.body?.cancel();
    expect((await begin()).status).toBe(200);
  });

  it('break off where a block cannot be read, rather than end early', async () => {
    const { calls, node, logged } = await scene();
    const { blockAt } = node.store;
    node.store.blockAt = async (height) => (height === 4 ? undefined : blockAt(height));
    await expect((await calls.get('/api/export/blocks.csv')).text()).rejects.toThrow();
    expect(logged).toContain('export failed');
    // Its place is free again.
    for (let count = 0; count < EXPORTS_MAX; count += 1) {
      expect((await calls.get('/api/export/blocks.csv?to=1')).status).toBe(200);
    }
  });
});
