/** Whole tables of the chain, for spreadsheets and notebooks: streamed block by block, bounded in number. */
import { createRoute, z } from '@hono/zod-openapi';
import type { StoredBlock } from '../../ports/index.ts';
import { EXPORTS_MAX } from '../constants.ts';
import type { GatewayContext } from '../context.ts';
import { TABLES } from '../exports/tables.ts';
import { FORMATS, type Format, writeTable } from '../exports/write.ts';
import { answersText, type GatewayApp } from '../openapi.ts';
import { HttpProblem } from '../problems.ts';
import { heightParameter } from './parameters.ts';

type TableName = keyof typeof TABLES;
const NAMES = Object.keys(TABLES) as readonly TableName[];
const FILES = NAMES.flatMap((name) => FORMATS.map((format) => `${name}.${format}` as const));

const TYPES: Readonly<Record<Format, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  json: 'application/json; charset=utf-8',
};

const getExport = createRoute({
  ...{ method: 'get', path: '/api/export/{file}', tags: ['chain'] },
  summary: 'All blocks, transactions, events or settlements as CSV (RFC 4180) or JSON, the oldest first',
  request: {
    params: z.object({ file: z.enum(FILES) }),
    query: z.object({ from: heightParameter.optional(), to: heightParameter.optional() }),
  },
  responses: answersText(
    'text/csv',
    'The table, from height `from` to `to`, by default all of it; application/json for the names that end so. In CSV a text that a spreadsheet would take for a formula has an apostrophe before it.',
  ),
});

export function exportRoutes(app: GatewayApp, { deps, reads }: GatewayContext): void {
  const { node, telemetry } = deps;
  let running = 0;

  async function* blocksBetween(from: number, to: number): AsyncIterable<StoredBlock> {
    for (let height = from; height <= to; height += 1) {
      // Past the cache: one that reads everything would push out what everybody else asks for.
      const stored = height === 0 ? reads.genesis() : await node.store.blockAt(height);
      if (!stored) throw new Error(`block ${height} is missing below the newest final one`);
      yield stored;
    }
  }

  app.openapi(getExport, (c) => {
    const { file } = c.req.valid('param');
    const { from = 0, to } = c.req.valid('query');
    const [name, format] = file.split('.') as [TableName, Format]; // by the enumeration
    const last = Math.min(to ?? Number.MAX_SAFE_INTEGER, node.final().height);
    if (to !== undefined && from > to) throw new HttpProblem('BAD_REQUEST', `from ${from} is above to ${to}`);
    if (running >= EXPORTS_MAX) {
      throw new HttpProblem('TOO_MANY_STREAMS', `${EXPORTS_MAX} exports run already`, {
        headers: { 'retry-after': '5' },
      });
    }
    running += 1;
    const body = bodyOf(writeTable(TABLES[name], format, blocksBetween(from, last)), (error) => {
      running -= 1;
      if (error !== undefined) telemetry.log('error', 'export failed', { file, error: String(error) });
    });
    return c.body(body, 200, {
      'content-type': TYPES[format],
      'content-disposition': `attachment; filename="${node.genesis.chainId}-${name}-${from}-${last}.${format}"`,
    });
  });
}

/**
 * A body that is made as fast as it is read. One that cannot be finished breaks the connection: a table that ends early
 * must not look whole.
 * @param onEnd called once, with what went wrong
 */
function bodyOf(pieces: AsyncGenerator<string>, onEnd: (error?: unknown) => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await pieces.next();
        if (!done) return controller.enqueue(encoder.encode(value));
        controller.close();
        onEnd();
      } catch (error) {
        controller.error(error);
        onEnd(error);
      }
    },
    cancel: async () => {
      onEnd();
      await pieces.return(undefined);
    },
  });
}
