/** What each kind of service answers: operations by name. A handler gets the query of the URL and the trace. */
import type { ServiceSpec } from '../system.ts';
import type { Ailments } from './ailments.ts';
import { createDatabase } from './database.ts';
import type { ServiceMetrics } from './metrics.ts';
import type { PerformSteps } from './steps.ts';
import { type TraceContext, traceparentOf } from './tracer.ts';

export type Handler = (query: URLSearchParams, trace: TraceContext) => Promise<object>;
export type Handlers = Readonly<Record<string, Handler>>;

export type HandlerParts = {
  readonly steps: PerformSteps;
  readonly metrics: ServiceMetrics;
  readonly ailments: Ailments;
  readonly around: (median: number) => number;
};

export function handlersOf(spec: ServiceSpec, parts: HandlerParts): Handlers {
  switch (spec.kind) {
    case 'service':
      return Object.fromEntries(
        Object.entries(spec.operations).map(([operation, steps]): [string, Handler] => [
          operation,
          async (_query, trace) => {
            await parts.steps(steps, trace);
            return { ok: true };
          },
        ]),
      );
    case 'consumer':
      return {};
    case 'cache':
      return cacheHandlers(spec, parts);
    case 'queue':
      return queueHandlers(parts);
    case 'database':
      return { 'POST /query': createDatabase(spec, parts) };
  }
}

function cacheHandlers(
  { itemsMax, ttlMs }: Extract<ServiceSpec, { kind: 'cache' }>,
  { metrics, ailments }: HandlerParts,
): Handlers {
  const expiries = new Map<string, number>();
  metrics.onScrape(() => metrics.cacheItems.set(expiries.size));
  return {
    'GET /entry': async (query) => {
      if (ailments.strength('stampede') > 0) expiries.clear();
      const hit = (expiries.get(query.get('key') ?? '') ?? 0) > Date.now();
      (hit ? metrics.cacheHits : metrics.cacheMisses).inc();
      return { hit };
    },
    'PUT /entry': async (query) => {
      const key = query.get('key') ?? '';
      expiries.delete(key);
      expiries.set(key, Date.now() + ttlMs);
      const oldest = expiries.keys().next().value;
      if (expiries.size > itemsMax && oldest !== undefined) expiries.delete(oldest);
      return { ok: true };
    },
  };
}

export type Message = { readonly traceparent: string; readonly atMs: number };

/** Messages that are held; beyond this publishers are refused, as brokers with a length limit do. */
const QUEUE_MAX = 5_000;
const TAKEN_AT_ONCE = 10;

export class QueueFullError extends Error {
  override readonly name = 'QueueFullError';
}

function queueHandlers({ metrics }: HandlerParts): Handlers {
  const topics = new Map<string, Message[]>();
  const all = (): Message[] => [...topics.values()].flat();
  metrics.onScrape(() => {
    const messages = all();
    const oldest = Math.min(...messages.map(({ atMs }) => atMs), Date.now());
    metrics.queueDepth.set(messages.length);
    metrics.queueAge.set((Date.now() - oldest) / 1_000);
  });
  return {
    'POST /publish': async (query, trace) => {
      const topic = query.get('topic') ?? '';
      const messages = topics.get(topic) ?? [];
      if (messages.length >= QUEUE_MAX) throw new QueueFullError(`${topic} holds ${QUEUE_MAX} messages`);
      topics.set(topic, [...messages, { traceparent: traceparentOf(trace), atMs: Date.now() }]);
      return { ok: true };
    },
    'POST /take': async (query) => {
      const topic = query.get('topic') ?? '';
      const messages = topics.get(topic) ?? [];
      topics.set(topic, messages.slice(TAKEN_AT_ONCE));
      return { messages: messages.slice(0, TAKEN_AT_ONCE) };
    },
  };
}
