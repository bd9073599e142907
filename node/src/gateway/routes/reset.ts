/** `POST /api/reset`: the development network starts anew, on all its nodes. */
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { resetResultSchema } from '../../protocol/api/index.ts';
import { canonicalText } from '../../protocol/canonical.ts';
import { type Genesis, genesisSchema } from '../../protocol/genesis.ts';
import type { GatewayContext } from '../context.ts';
import type { GatewayEnv } from '../deps.ts';
import { operatorGuard } from '../guards.ts';
import { answers, type GatewayApp, refuseInvalid } from '../openapi.ts';
import { HttpProblem } from '../problems.ts';

const PATH = '/api/reset';
/** Empty when a person asks; with the new genesis when another node tells. */
const bodySchema = z.strictObject({ genesis: genesisSchema.optional() });

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpProblem('BAD_REQUEST', 'the body is not JSON');
  }
}

/** A reset changes the chain's id and its time of birth, never who takes part with what. */
function continues(genesis: Genesis, next: Genesis): boolean {
  const { chainId, timestampMs } = genesis;
  return canonicalText({ ...next, chainId, timestampMs }) === canonicalText(genesis);
}

/** @throws HttpProblem UNSUPPORTED_MEDIA_TYPE, BAD_REQUEST */
async function requestOf(c: Context<GatewayEnv>): Promise<{ readonly genesis: Genesis } | null> {
  const text = await c.req.text();
  if (text.trim() === '') return null;
  if (!/^application\/json\s*(;|$)/i.test(c.req.header('content-type') ?? '')) {
    throw new HttpProblem('UNSUPPORTED_MEDIA_TYPE', 'send the body as application/json');
  }
  const parsed = bodySchema.safeParse(jsonOf(text));
  refuseInvalid({ ...parsed, target: 'json' });
  const genesis = parsed.data?.genesis;
  return genesis ? { genesis } : null;
}

export function resetRoutes(app: GatewayApp, { deps }: GatewayContext): void {
  const { node } = deps;
  let running = false;

  app.openAPIRegistry.registerPath({
    ...{ method: 'post', path: PATH, tags: ['mutations'] },
    summary: 'Starts a development network anew: new chain, same participants',
    request: { body: { required: false, content: { 'application/json': { schema: bodySchema } } } },
    responses: answers(resetResultSchema, 'This node runs on the new chain.'),
  });

  app.post(PATH, operatorGuard(deps), async (c) => {
    if (node.genesis.network !== 'development' || !deps.reset) {
      throw new HttpProblem('FORBIDDEN_NETWORK', 'only a development network can be reset');
    }
    const request = await requestOf(c);
    if (request && !continues(node.genesis, request.genesis)) {
      throw new HttpProblem('BAD_REQUEST', 'a reset cannot change who takes part, nor the rules');
    }
    if (running) throw new HttpProblem('NOT_READY', 'a reset is under way', { headers: { 'retry-after': '1' } });
    running = true;
    try {
      await deps.reset(request);
    } finally {
      running = false;
    }
    return c.json({ success: true, message: 'System reset completed' }, 200);
  });
}
