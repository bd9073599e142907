/** Whole tables for spreadsheets and scripts, the oldest row first. A long chain comes in parts: follow `Link: rel=next`. */
import { createRoute, z } from '@hono/zod-openapi';
import { EXPORT_BLOCKS_MAX, EXPORTS_MAX } from '../constants.ts';
import type { GatewayContext } from '../context.ts';
import { byteStream, CONTENT_TYPE, type ExportFormat, exportText, FORMATS } from '../export/stream.ts';
import { EXPORTS, type ExportName, TABLES } from '../export/tables.ts';
import { answersText, type GatewayApp } from '../openapi.ts';
import { HttpProblem } from '../problems.ts';
import { heightParameter } from './parameters.ts';

const FILES = EXPORTS.flatMap((name) => FORMATS.map((format) => `${name}.${format}` as const));

const getExport = createRoute({
  ...{ method: 'get', path: '/api/export/{file}', tags: ['chain'] },
  summary: 'All blocks, transactions, events or settlements as CSV (RFC 4180), JSON, or JSON a line; the oldest first',
  description:
    `Final blocks from \`from\` (0) to \`to\` (the newest), at most ${EXPORT_BLOCKS_MAX} in one answer; where there are ` +
    'more, the header `Link` with `rel="next"` names the following part. In CSV a text that a spreadsheet would take ' +
    'for a formula begins with an apostrophe.',
  request: {
    params: z.object({ file: z.enum(FILES) }),
    query: z.object({ from: heightParameter.optional(), to: heightParameter.optional() }),
  },
  responses: answersText('text/csv', 'The table; application/json or application/x-ndjson where that was asked for.'),
});

const partsOf = (file: string): readonly [ExportName, ExportFormat] => file.split('.') as [ExportName, ExportFormat]; // one of FILES

export function exportRoutes(app: GatewayApp, { deps, reads }: GatewayContext): void {
  const { node } = deps;
  let underWay = 0;

  /** What nobody else wants to see again stays out of the cache of new blocks. */
  const blockAt = async (height: number) => (height === 0 ? reads.genesis() : node.store.blockAt(height));

  app.openapi(getExport, (c) => {
    const { file } = c.req.valid('param');
    const { from = 0, to } = c.req.valid('query');
    const last = Math.min(to ?? Number.MAX_SAFE_INTEGER, node.final().height);
    const end = Math.min(last, from + EXPORT_BLOCKS_MAX - 1);
    if (underWay >= EXPORTS_MAX) {
      throw new HttpProblem('TOO_MANY_STREAMS', 'other exports are under way', { headers: { 'retry-after': '5' } });
    }
    const [name, format] = partsOf(file);
    const next = new URLSearchParams({ from: String(end + 1), ...(to !== undefined && { to: String(to) }) });
    const headers = {
      'content-type': CONTENT_TYPE[format],
      'content-disposition': `attachment; filename="${name}-${from}-${Math.max(from, end)}.${format}"`,
      ...(end < last && { link: `</api/export/${file}?${next}>; rel="next"` }),
    };
    if (c.req.method === 'HEAD') return c.body('', 200, headers);
    underWay += 1;
    let held = true;
    const release = (): void => {
      if (held) underWay -= 1;
      held = false;
    };
    const text = exportText(node, blockAt, TABLES[name], format, { from, to: end });
    return c.body(byteStream(text, release), 200, headers);
  });
}
