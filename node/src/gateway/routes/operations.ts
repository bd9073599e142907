/** Operations: the procedure, incidents, proposals, the economy, the log. */
import { createRoute, z } from '@hono/zod-openapi';
import type { StoredBlock } from '../../ports/index.ts';
import {
  economicsSchema,
  incidentDetailSchema,
  incidentPageSchema,
  logPageSchema,
  motionPageSchema,
  proposalViewSchema,
  sopStatusSchema,
} from '../../protocol/api/index.ts';
import { hash, incidentId } from '../../protocol/calls.ts';
import type { IncidentRecord } from '../../protocol/records.ts';
import { BUNDLE_KEPT_MS, BUNDLES_KEPT } from '../constants.ts';
import type { GatewayContext } from '../context.ts';
import type { GatewayDeps } from '../deps.ts';
import { LruCache } from '../lru.ts';
import { answers, answersText, type GatewayApp } from '../openapi.ts';
import { beforeHeight, beforePlace, limit, walkPage } from '../pages.ts';
import { HttpProblem } from '../problems.ts';
import { economicsOf } from '../views/economy.ts';
import { detailOf, incidentPage, sopStatus } from '../views/incidents.ts';
import { motionPage } from '../views/motions.ts';
import { proposalViewOf } from '../views/proposals.ts';

const tags = ['operations'];

const getSop = createRoute({
  ...{ method: 'get', path: '/api/status/sop', tags },
  summary: 'The state of the procedure: the newest open incident, or else the newest',
  responses: answers(sopStatusSchema, 'The incident in the foreground.'),
});

const listIncidents = createRoute({
  ...{ method: 'get', path: '/api/incidents', tags },
  summary: 'Incidents, newest first',
  request: { query: z.object({ limit, before: beforeHeight }) },
  responses: answers(incidentPageSchema, 'A page of incidents.'),
});

const getIncident = createRoute({
  ...{ method: 'get', path: '/api/incidents/{incidentId}', tags },
  summary: 'An incident with its steps, proposals and votes',
  request: { params: z.object({ incidentId }) },
  responses: answers(incidentDetailSchema, 'The incident.'),
});

const getBundle = createRoute({
  ...{ method: 'get', path: '/api/incidents/{incidentId}/bundle', tags: ['proofs'] },
  summary: 'The audit bundle, which anyone verifies offline with the genesis file',
  request: { params: z.object({ incidentId }) },
  responses: answersText('application/json', 'The bundle.'),
});

const getProposal = createRoute({
  ...{ method: 'get', path: '/api/proposals/{proposalId}', tags },
  summary: 'A proposal with everybody who may vote on it',
  request: { params: z.object({ proposalId: hash }) },
  responses: answers(proposalViewSchema, 'The proposal.'),
});

const listMotions = createRoute({
  ...{ method: 'get', path: '/api/motions', tags },
  summary: 'Motions to change parameters or to spend from the treasury, newest first',
  request: { query: z.object({ limit, before: beforeHeight }) },
  responses: answers(motionPageSchema, 'A page of motions.'),
});

const getEconomics = createRoute({
  ...{ method: 'get', path: '/api/agents/economics', tags },
  summary: 'Tokens, stakes and reputation of the agents, the treasury and the rules',
  responses: answers(economicsSchema, 'The economy.'),
});

const listLog = createRoute({
  ...{ method: 'get', path: '/api/log', tags },
  summary: 'The log: what agents thought, did and saw, and what the chain made of it; newest first',
  request: { query: z.object({ limit, before: beforePlace }) },
  responses: answers(logPageSchema, 'A page of lines.'),
});

interface KeptBundle {
  readonly text: Promise<string | undefined>;
  /** Infinity while it is being built. */
  builtAtMs: number;
}

/** Building a bundle reads much of the chain: who asks at the same time, or soon after, gets the same. */
function keptBundles({ bundle, clock }: GatewayDeps): (incident: IncidentRecord) => Promise<string | undefined> {
  const kept = new LruCache<string, KeptBundle>(BUNDLES_KEPT);
  return ({ incidentId: id, state }) => {
    // What was built before the incident went on is of no use to who waited for that.
    const key = `${id}/${state}`;
    const known = kept.get(key);
    if (known && clock.monotonicMs() - known.builtAtMs <= BUNDLE_KEPT_MS) return known.text;
    const made: KeptBundle = { text: bundle(id), builtAtMs: Number.POSITIVE_INFINITY };
    kept.set(key, made);
    made.text.then(
      () => {
        made.builtAtMs = clock.monotonicMs();
      },
      () => kept.delete(key),
    );
    return made.text;
  };
}

export function operationRoutes(app: GatewayApp, context: GatewayContext): void {
  const { deps, reads, busy, log } = context;
  const { node } = deps;
  const bundleOf = keptBundles(deps);

  app.openapi(getSop, (c) => c.json(sopStatus(node.final().state), 200));

  app.openapi(listIncidents, (c) => {
    const { limit: count, before } = c.req.valid('query');
    return c.json(incidentPage(node.final().state, count, before === undefined ? undefined : Number(before)), 200);
  });

  app.openapi(getIncident, (c) => {
    const { state } = node.final();
    const incident = state.get('incident', c.req.valid('param').incidentId);
    if (!incident) throw new HttpProblem('NOT_FOUND', 'there is no such incident');
    return c.json(detailOf(state, incident), 200);
  });

  app.openapi(getBundle, async (c) => {
    const id = c.req.valid('param').incidentId;
    const incident = node.final().state.get('incident', id);
    if (!incident) throw new HttpProblem('NOT_FOUND', 'there is no such incident');
    const text = await bundleOf(incident);
    if (text === undefined) throw new HttpProblem('NOT_FOUND', 'there is no bundle of this incident');
    const disposition = `attachment; filename="${id}.bundle.json"`;
    return c.body(text, 200, {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': disposition,
      'cache-control': 'no-cache',
    });
  });

  app.openapi(getProposal, (c) => {
    const { state } = node.final();
    const proposal = state.get('proposal', c.req.valid('param').proposalId);
    if (!proposal) throw new HttpProblem('NOT_FOUND', 'there is no such proposal');
    return c.json(proposalViewOf(state, proposal), 200);
  });

  app.openapi(listMotions, (c) => {
    const { limit: count, before } = c.req.valid('query');
    const { state } = node.final();
    const params = state.get('params') ?? node.genesis.params;
    return c.json(motionPage(state, params, count, before === undefined ? undefined : Number(before)), 200);
  });

  app.openapi(getEconomics, (c) => c.json(economicsOf(node), 200));

  app.openapi(listLog, async (c) => {
    const { limit: count, before } = c.req.valid('query');
    const itemsOf = (stored: StoredBlock) => log.linesOf(stored);
    return c.json(await walkPage({ reads, busy, tip: node.final().height, limit: count, before, itemsOf }), 200);
  });
}
