/** This node: its consensus, its peers, and what machines ask of it. */
import { createRoute, z } from '@hono/zod-openapi';
import { consensusViewSchema, peersSchema, validatorsSchema } from '../../protocol/api/index.ts';
import type { GatewayContext } from '../context.ts';
import { answers, answersText, type GatewayApp } from '../openapi.ts';
import { HttpProblem } from '../problems.ts';
import { peersOf } from '../views/node.ts';

const tags = ['node'];

const getValidators = createRoute({
  ...{ method: 'get', path: '/api/validators', tags },
  summary: "The epoch's validators as this node sees them",
  responses: answers(validatorsSchema, 'The validators.'),
});

const getConsensus = createRoute({
  ...{ method: 'get', path: '/api/consensus', tags },
  summary: 'The view that this node is in',
  responses: answers(consensusViewSchema, 'The view.'),
});

const getPeers = createRoute({
  ...{ method: 'get', path: '/api/peers', tags },
  summary: 'The nodes that this one is connected to',
  responses: answers(peersSchema, 'The peers.'),
});

const getMetrics = createRoute({
  ...{ method: 'get', path: '/metrics', tags },
  summary: 'Metrics for Prometheus',
  responses: answersText('text/plain', 'The metrics.'),
});

const getLive = createRoute({
  ...{ method: 'get', path: '/live', tags },
  summary: 'Whether the process answers',
  responses: answers(z.object({ live: z.literal(true) }), 'It does.'),
});

const getReady = createRoute({
  ...{ method: 'get', path: '/ready', tags },
  summary: 'Whether the node follows the chain; 503 while it does not',
  responses: answers(z.object({ ready: z.literal(true) }), 'It does.'),
});

export function nodeRoutes(app: GatewayApp, { deps }: GatewayContext): void {
  const { node } = deps;
  app.openapi(getValidators, (c) => c.json(node.validators(), 200));
  app.openapi(getConsensus, (c) => c.json(node.consensus(), 200));
  app.openapi(getPeers, (c) => c.json(peersOf(deps), 200));
  app.openapi(getMetrics, async (c) =>
    c.body(await deps.metrics(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }),
  );
  app.openapi(getLive, (c) => c.json({ live: true as const }, 200));
  app.openapi(getReady, (c) => {
    if (!node.ready()) throw new HttpProblem('NOT_READY', 'the node has no quorum of peers, or is catching up');
    return c.json({ ready: true as const }, 200);
  });
}
