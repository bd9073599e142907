/**
 * Alerts from outside: this node's agent raises them as its own observation. Alertmanager repeats its webhooks, so an
 * alert that was raised is not raised again; and it repeats what fails with 503, so nothing is lost when one fails.
 */
import { createRoute, type z } from '@hono/zod-openapi';
import { alertmanagerSchema, alertSchema, alertsAcceptedSchema } from '../../protocol/api/index.ts';
import { hash } from '../../protocol/calls.ts';
import { ALERTS_REMEMBERED } from '../constants.ts';
import type { GatewayContext } from '../context.ts';
import type { GatewayAgent, GatewayDeps } from '../deps.ts';
import { operatorGuard } from '../guards.ts';
import { LruCache } from '../lru.ts';
import { answers, type GatewayApp, jsonBody } from '../openapi.ts';
import { HttpProblem } from '../problems.ts';
import { alertInputOf, identityOf } from './alert-input.ts';

const tags = ['mutations'];

const raise = createRoute({
  ...{ method: 'post', path: '/api/alerts', tags },
  summary: "Has this node's agent raise an alert",
  request: { body: jsonBody(alertSchema) },
  responses: answers(alertsAcceptedSchema.extend({ hash }), 'The transaction that raises it.', 202),
});

const webhook = createRoute({
  ...{ method: 'post', path: '/api/alerts/alertmanager', tags },
  summary: 'Webhook of Alertmanager, version 4',
  request: { body: jsonBody(alertmanagerSchema) },
  responses: answers(
    alertsAcceptedSchema,
    'How many were raised now, and how many were known, resolved or nameless.',
    202,
  ),
});

function agentOf({ agent }: GatewayDeps): GatewayAgent {
  if (agent) return agent;
  throw new HttpProblem('NOT_READY', 'no agent lives in this node: send alerts to one that has an agent');
}

type Webhook = z.infer<typeof alertmanagerSchema>;

/** Raises what is new, one after the other, for the agent's nonces are in order. */
async function raiseAll(agent: GatewayAgent, { alerts }: Webhook, raised: LruCache<string, Promise<unknown>>) {
  let accepted = 0;
  for (const alert of alerts) {
    const input = alert.status === 'firing' ? alertInputOf(alert) : undefined;
    const identity = identityOf(alert);
    if (!input || raised.get(identity)) continue;
    await raised.remember(identity, () => agent.raiseAlert(input));
    accepted += 1;
  }
  return { accepted, ignored: alerts.length - accepted };
}

export function alertRoutes(app: GatewayApp, { deps }: GatewayContext): void {
  const raised = new LruCache<string, Promise<unknown>>(ALERTS_REMEMBERED);
  app.use('/api/alerts', operatorGuard(deps));
  app.use('/api/alerts/*', operatorGuard(deps));

  app.openapi(raise, async (c) => {
    const { transaction } = await agentOf(deps).raiseAlert(c.req.valid('json'));
    return c.json({ accepted: 1, ignored: 0, hash: transaction }, 202);
  });

  app.openapi(webhook, async (c) => {
    const agent = agentOf(deps);
    try {
      return c.json(await raiseAll(agent, c.req.valid('json'), raised), 202);
    } catch (error) {
      deps.telemetry.log('warn', 'an alert could not be raised', { error: String(error) });
      throw new HttpProblem('NOT_READY', 'an alert could not be raised now, send them again');
    }
  });
}
