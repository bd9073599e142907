/** Takes messages off the queue and processes them one after the other, each in the trace that published it. */
import { QUEUE, type Step } from '../system.ts';
import type { Client } from './client.ts';
import type { Logger } from './logger.ts';
import type { ServiceMetrics } from './metrics.ts';
import { type PerformSteps, pause } from './steps.ts';
import { parseTraceparent, type Tracer } from './tracer.ts';

const POLL_MS = 250;

type ConsumerParts = {
  readonly topic: string;
  readonly steps: readonly Step[];
  readonly perform: PerformSteps;
  readonly client: Client;
  readonly tracer: Tracer;
  readonly metrics: ServiceMetrics;
  readonly log: Logger;
};

/** Never ends. */
export async function consume(parts: ConsumerParts): Promise<never> {
  const { topic, client } = parts;
  for (;;) {
    const taken = await client({ to: QUEUE, operation: 'POST /take', query: `?topic=${topic}` }, undefined).catch(
      () => undefined,
    );
    const traceparents = traceparentsOf(taken);
    for (const traceparent of traceparents) await handle(parts, traceparent);
    if (traceparents.length === 0) await pause(POLL_MS);
  }
}

async function handle({ topic, steps, perform, tracer, metrics, log }: ConsumerParts, traceparent: string) {
  const span = tracer.start('consumer', `process ${topic}`, parseTraceparent(traceparent));
  const began = performance.now();
  try {
    await perform(steps, span);
    span.end();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    log('ERROR', `message of ${topic} failed: ${why}`, span);
    span.end(why);
  }
  metrics.consumed.observe((performance.now() - began) / 1_000);
}

function traceparentsOf(answer: unknown): readonly string[] {
  const messages = typeof answer === 'object' && answer !== null && 'messages' in answer ? answer.messages : [];
  if (!Array.isArray(messages)) return [];
  return messages.map((message: { traceparent?: unknown }) => String(message.traceparent ?? ''));
}
