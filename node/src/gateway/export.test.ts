import { beforeAll, describe, expect, it } from 'vitest';
import { callsTo, gatewayParts, refusalOf } from '../testing/gateway-kit.ts';
import { csvCell, csvLine } from './export/csv.ts';
import { MOVEMENTS, settlementsOf } from './export/settlements.ts';
import { exportText } from './export/stream.ts';
import { EXPORTS, TABLES } from './export/tables.ts';
import { createGateway } from './index.ts';

type Parts = Awaited<ReturnType<typeof gatewayParts>>;
let parts: Parts;
let calls: ReturnType<typeof callsTo>;

beforeAll(async () => {
  parts = await gatewayParts();
  calls = callsTo(createGateway(parts.deps));
});

const textOf = async (path: string): Promise<string> => {
  const response = await calls.get(path);
  expect(response.status).toBe(200);
  return response.text();
};

/** Reads RFC 4180 back: the test's own reader, so that the writer is not checked against itself. */
function parsed(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end !== '\r\n') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

describe('a cell', () => {
  it.each([
    ['plain', 'plain'],
    ['a, b', '"a, b"'],
    ['say "no"', '"say ""no"""'],
    ['two\nlines', '"two\nlines"'],
    ['中文', '中文'],
    ['=1+1', "'=1+1"],
    ['+49 30', "'+49 30"],
    ['-2', "'-2"],
    ['@sum(a1)', "'@sum(a1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', '"\'\r=1"'],
    ['＝1', "'＝1"],
    ['=cmd|" /c calc"!a1', '"\'=cmd|"" /c calc""!a1"'],
    [-2, '-2'],
    [null, ''],
    [true, 'true'],
  ])('of %j is %j', (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });

  it('ends its record with CRLF', () => {
    expect(csvLine([1, 'a', null])).toBe('1,a,\r\n');
  });
});

describe('an export', () => {
  it.each(EXPORTS)('of %s says the same in all three formats', async (name) => {
    const [csv, json, lines] = await Promise.all(
      ['csv', 'json', 'ndjson'].map((format) => textOf(`/api/export/${name}.${format}`)),
    );
    const rows = JSON.parse(json ?? '') as Record<string, unknown>[];
    expect(rows.length).toBeGreaterThan(3);
    expect(
      (lines ?? '')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(rows);
    const [head, ...body] = parsed(csv ?? '');
    expect(head).toEqual(TABLES[name].columns);
    for (const row of rows) expect(Object.keys(row)).toEqual(head);
    const cells = rows.map((row) =>
      Object.values(row).map((value) => {
        if (typeof value === 'object' && value !== null) return JSON.stringify(value);
        return value === null ? '' : String(value);
      }),
    );
    expect(body).toEqual(cells);
  });

  it('is complete: every block, transaction and event, the oldest first', async () => {
    const { finalBlocks } = parts.chain;
    const read = async (name: string) =>
      JSON.parse(await textOf(`/api/export/${name}.json`)) as Record<string, unknown>[];
    expect((await read('blocks')).map(({ hash }) => hash).slice(1)).toEqual(finalBlocks.map(({ hash }) => hash));
    const hashes = finalBlocks.flatMap(({ block, receipts }) => receipts.slice(0, block.transactions.length));
    expect((await read('transactions')).map(({ hash }) => hash)).toEqual(hashes.map(({ transaction }) => transaction));
    const names = finalBlocks.flatMap(({ receipts }) =>
      receipts.flatMap(({ events }) => events.map(({ name }) => name)),
    );
    expect((await read('events')).map(({ name }) => name)).toEqual(names);
    const moving = names.filter((name) => Object.hasOwn(MOVEMENTS, name));
    expect((await read('settlements')).map(({ name }) => name)).toEqual(moving);
  });

  it('of settlements and fees adds up to what an account has', async () => {
    const settlements = JSON.parse(await textOf('/api/export/settlements.json')) as Record<string, unknown>[];
    const transactions = JSON.parse(await textOf('/api/export/transactions.json')) as Record<string, unknown>[];
    for (const { address, balance, stake } of parts.chain.genesis.agents) {
      const sum = (rows: readonly Record<string, unknown>[], who: string, what: string): number =>
        rows.filter((row) => row[who] === address).reduce((total, row) => total + Number(row[what]), 0);
      const account = parts.chain.account(address);
      const expected = balance + stake + sum(settlements, 'party', 'change') - sum(transactions, 'sender', 'fee');
      expect(account.balance + account.stake).toBe(expected);
    }
  });

  it('takes a range, and is empty beyond the chain', async () => {
    const lines = (await textOf('/api/export/blocks.ndjson?from=2&to=4')).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { height: number }).height)).toEqual([2, 3, 4]);
    expect(await textOf('/api/export/blocks.json?from=99999')).toBe('[\n]\n');
    expect(await textOf('/api/export/events.ndjson?from=99999')).toBe('');
    expect(parsed(await textOf('/api/export/events.csv?from=99999'))).toEqual([TABLES.events.columns]);
  });

  it('is a file to save, in its own type, and never a page', async () => {
    const response = await calls.get('/api/export/transactions.csv?from=1&to=2');
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="transactions-1-2.csv"');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    await response.body?.cancel();
  });

  it.each([
    '/api/export/accounts.csv',
    '/api/export/blocks.xml',
    '/api/export/blocks.csv?from=-1',
    '/api/export/blocks.csv?to=x',
  ])('%s is refused', async (path) => {
    expect(await refusalOf(await calls.get(path))).toEqual([400, 'BAD_REQUEST']);
  });

  it('waits for its reader, and makes room again when it ends or is given up', async () => {
    const open = await Promise.all([1, 2, 3, 4].map(() => calls.get('/api/export/events.csv')));
    expect(await refusalOf(await calls.get('/api/export/events.csv'))).toEqual([503, 'TOO_MANY_STREAMS']);
    expect((await calls.get('/api/export/events.csv', { method: 'HEAD' })).status).toBe(503);
    await open[0]?.body?.cancel();
    await open[1]?.text();
    for (let again = 0; again < 6; again += 1) {
      // Its body is never there, so it keeps no place.
      expect((await calls.get('/api/export/events.csv', { method: 'HEAD' })).status).toBe(200);
    }
    const more = await Promise.all([calls.get('/api/export/blocks.csv'), calls.get('/api/export/blocks.csv')]);
    expect(await refusalOf(await calls.get('/api/export/events.csv'))).toEqual([503, 'TOO_MANY_STREAMS']);
    for (const response of [...more, open[2], open[3]]) await response?.text();
  });

  it('names the next part where a chain is longer than one answer', async () => {
    const { node } = parts;
    const final = node.final();
    // A longer chain as far as the route can tell before it reads.
    const longer = createGateway({
      ...parts.deps,
      node: Object.assign(Object.create(node) as typeof node, {
        final: () => ({ ...final, height: 45_000 }),
        subscribe: () => () => undefined,
      }),
    });
    const response = await callsTo(longer).get('/api/export/blocks.csv?from=10&to=30000', { method: 'HEAD' });
    expect(response.headers.get('link')).toBe('</api/export/blocks.csv?from=20010&to=30000>; rel="next"');
    const last = await callsTo(longer).get('/api/export/blocks.csv?from=30000', { method: 'HEAD' });
    expect(last.headers.get('link')).toBeNull();
  });

  it('breaks off with an error rather than skip a block that is missing', async () => {
    const rows = exportText(parts.node, async () => undefined, TABLES.blocks, 'json', { from: 1, to: 2 });
    await expect(rows.next()).rejects.toThrow('block 1 is missing');
  });
});

describe('settlements', () => {
  it('show both sides of a payment between accounts', () => {
    const data = { from: 'aa', to: 'bb', amount: 7 };
    expect(settlementsOf({ name: 'Transferred', data }).map(({ party, change }) => [party, change])).toEqual([
      ['aa', -7],
      ['bb', 7],
    ]);
  });

  it('leave out what moves nothing', () => {
    expect(settlementsOf({ name: 'VoteCommitted', data: { voter: 'aa', stake: 5 } })).toEqual([]);
    expect(settlementsOf({ name: 'constructor', data: {} })).toEqual([]);
  });
});
