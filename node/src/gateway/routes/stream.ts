/** `GET /api/stream`: final blocks, log lines and the node's situation as they come, as server-sent events. */
import { z } from '@hono/zod-openapi';
import { streamSchemas } from '../../protocol/api/index.ts';
import { remoteOf } from '../callers.ts';
import type { GatewayContext } from '../context.ts';
import { answersText, type GatewayApp } from '../openapi.ts';
import { HttpProblem } from '../problems.ts';

const PATH = '/api/stream';
const HEIGHT = /^\d{1,15}$/;

export function streamRoutes(app: GatewayApp, { hub }: GatewayContext): void {
  app.openAPIRegistry.registerPath({
    ...{ method: 'get', path: PATH, tags: ['operations'] },
    summary: 'Live events; resumes after the block whose height is given',
    description: `Events: ${Object.keys(streamSchemas).join(', ')}. The id of an event is the height of a block.`,
    request: {
      query: z.object({ lastEventId: z.string().regex(HEIGHT).optional() }),
      headers: z.object({ 'last-event-id': z.string().regex(HEIGHT).optional() }),
    },
    responses: answersText('text/event-stream', 'The stream.'),
  });
  for (const [event, schema] of Object.entries(streamSchemas)) {
    const { $schema: _, ...form } = z.toJSONSchema(schema);
    app.openAPIRegistry.registerComponent(
      'schemas',
      `Stream_${event}`,
      form as Parameters<typeof app.openAPIRegistry.registerComponent<'schemas'>>[2],
    );
  }

  app.get(PATH, (c) => {
    // A browser that reconnects knows better than the address that it was once opened with.
    const last = c.req.header('last-event-id') || c.req.query('lastEventId') || undefined;
    if (last !== undefined && !HEIGHT.test(last)) {
      throw new HttpProblem('BAD_REQUEST', 'the id of an event is the height of a block', {
        issues: [{ path: 'lastEventId', message: 'a height' }],
      });
    }
    const headers = {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    };
    if (c.req.method === 'HEAD') return c.body(null, 200, headers);
    const stream = hub.open({
      remote: remoteOf(c),
      ...(last !== undefined && { after: Number(last) }),
      abort: () => c.env?.outgoing?.destroy(),
    });
    return c.body(stream, 200, headers);
  });
}
