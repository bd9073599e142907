/** Evidence blobs by hash. Agents wrote them: they are handed out as data, never as something that a browser runs. */
import { createRoute, z } from '@hono/zod-openapi';
import { hash } from '../../protocol/calls.ts';
import type { GatewayContext } from '../context.ts';
import { answersText, type GatewayApp } from '../openapi.ts';
import { HttpProblem } from '../problems.ts';
import { jsonOf } from '../views/evidence.ts';

const getEvidence = createRoute({
  ...{ method: 'get', path: '/api/evidence/{hash}', tags: ['proofs'] },
  summary: 'The bytes of an evidence blob; their SHA-256 is the hash',
  request: { params: z.object({ hash }) },
  responses: answersText(
    'application/json',
    'The blob as it was handed in; application/octet-stream unless it is JSON.',
  ),
});

export function evidenceRoutes(app: GatewayApp, { evidence }: GatewayContext): void {
  app.openapi(getEvidence, async (c) => {
    const wanted = c.req.valid('param').hash;
    const bytes = await evidence.bytes(wanted);
    if (!bytes) throw new HttpProblem('NOT_FOUND', 'this node does not hold that evidence');
    const type = jsonOf(bytes) === undefined ? 'application/octet-stream' : 'application/json; charset=utf-8';
    return c.body(new Uint8Array(bytes), 200, {
      'content-type': type,
      'cache-control': 'public, max-age=31536000, immutable',
      'content-security-policy': "default-src 'none'; sandbox",
      etag: `"${wanted}"`,
    });
  });
}
