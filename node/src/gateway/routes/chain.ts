/** Blocks, events, and what the chain started from. */
import { createRoute, z } from '@hono/zod-openapi';
import type { StoredBlock } from '../../ports/index.ts';
import { blockDetailSchema, blockPageSchema, chainInfoSchema, eventSchema, pageOf } from '../../protocol/api/index.ts';
import type { GatewayContext } from '../context.ts';
import { answers, answersText, type GatewayApp } from '../openapi.ts';
import { beforeHeight, beforePlace, comparePlaces, limit, placeOf, walkPage } from '../pages.ts';
import { HttpProblem } from '../problems.ts';
import * as blocks from '../views/blocks.ts';
import { type EventFilter, eventFilter, eventPasses, heightsOf, isFiltering } from '../views/event-filter.ts';
import { placedEventsOf } from '../views/events.ts';
import { chainInfoOf } from '../views/node.ts';
import { heightParameter } from './parameters.ts';

const tags = ['chain'];

const listBlocks = createRoute({
  ...{ method: 'get', path: '/api/blocks', tags },
  summary: 'Final blocks, newest first, down to block 0',
  request: { query: z.object({ limit, before: beforeHeight }) },
  responses: answers(blockPageSchema, 'A page of blocks.'),
});

const getBlock = createRoute({
  ...{ method: 'get', path: '/api/block/{height}', tags },
  summary: 'A final block with its transactions and what makes it final',
  request: { params: z.object({ height: heightParameter }) },
  responses: answers(blockDetailSchema, 'The block.'),
});

const listEvents = createRoute({
  ...{ method: 'get', path: '/api/events', tags },
  summary:
    'What contracts and the chain itself announced, newest first; a filtered page may be short and have a next one',
  request: { query: z.object({ limit, before: beforePlace, ...eventFilter }) },
  responses: answers(pageOf(eventSchema), 'A page of events.'),
});

const getChain = createRoute({
  ...{ method: 'get', path: '/api/chain', tags },
  summary: 'The chain and this node in one look',
  responses: answers(chainInfoSchema, 'The newest final block and this node.'),
});

const getGenesis = createRoute({
  ...{ method: 'get', path: '/api/genesis', tags },
  summary: 'The genesis file',
  responses: answersText('application/json', 'The file that all nodes started from.'),
});

/** At most `count` events that stand before `before`, newest first. */
async function eventsBefore({ deps, reads }: GatewayContext, before: string | undefined, count: number) {
  const { store } = deps.node;
  const view = ({ height, receipt, index, timestampMs, transaction, name, data }: (typeof found)[number]) => ({
    ...{ id: `${height}.${receipt}.${index}`, height, timestampMs, transaction, name },
    data: { ...data },
  });
  const place = before === undefined ? undefined : placeOf(before);
  const height = place?.[0];
  const stored = height === undefined ? undefined : await reads.block(height);
  const ofBlock = stored && place ? placedEventsOf(stored).filter((one) => comparePlaces(one.place, place) < 0) : [];
  const first = ofBlock.map(({ item }) => item).toReversed();
  const below = height === undefined ? {} : { beforeHeight: height };
  const found = await store.events({ limit: Math.max(0, count - first.length), ...below });
  return [...first, ...found.map(view)].slice(0, count);
}

/** Filtered events lie far apart: blocks are walked, in bounded steps, between the heights where they can be. */
async function filteredEvents(
  { deps: { node }, reads, busy }: GatewayContext,
  filter: EventFilter,
  { before, limit: count }: { readonly before?: string | undefined; readonly limit: number },
) {
  const { from, to: tip } = await heightsOf(filter, node, reads);
  const passes = eventPasses(filter);
  const itemsOf = (stored: StoredBlock) => placedEventsOf(stored).filter(({ item }) => passes(item));
  return walkPage({ reads, busy, tip, from, limit: count, before, itemsOf });
}

export function chainRoutes(app: GatewayApp, context: GatewayContext): void {
  const { deps, reads } = context;
  const { node } = deps;

  app.openapi(listBlocks, async (c) => {
    const query = c.req.valid('query');
    const tip = node.final().height;
    const top = Math.min(query.before === undefined ? tip : Number(query.before) - 1, tip);
    const bottom = Math.max(0, top - query.limit + 1);
    const heights = Array.from({ length: Math.max(0, top - bottom + 1) }, (_, index) => top - index);
    const stored = await Promise.all(heights.map((height) => reads.block(height)));
    const items = stored.flatMap((block) => (block ? [blocks.summaryOf(node, block)] : []));
    return c.json({ items, next: items.length > 0 && bottom > 0 ? String(bottom) : null }, 200);
  });

  app.openapi(getBlock, async (c) => {
    const { height } = c.req.valid('param');
    const stored = await reads.block(height);
    if (!stored) throw new HttpProblem('NOT_FOUND', `block ${height} is not final, or not here yet`);
    return c.json(await blocks.detailOf(node, reads, stored), 200);
  });

  app.openapi(listEvents, async (c) => {
    const { name, account, incidentId, ...query } = c.req.valid('query');
    const filter = { name, account, incidentId };
    if (isFiltering(filter)) return c.json(await filteredEvents(context, filter, query), 200);
    const found = await eventsBefore(context, query.before, query.limit + 1);
    const items = found.slice(0, query.limit);
    return c.json({ items, next: found.length > query.limit ? (items.at(-1)?.id ?? null) : null }, 200);
  });

  app.openapi(getChain, (c) => c.json(chainInfoOf(deps), 200));

  app.openapi(getGenesis, (c) =>
    c.body(`${JSON.stringify(node.genesis, null, 2)}\n`, 200, { 'content-type': 'application/json; charset=utf-8' }),
  );
}
