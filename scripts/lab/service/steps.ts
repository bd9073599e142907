/** Performs the steps of an operation (system.ts), one request at a time. */
import type { Random } from '../random.ts';
import { CACHE, QUEUE, type Step } from '../system.ts';
import type { Client } from './client.ts';
import type { ServiceMetrics } from './metrics.ts';
import type { Pool } from './pool.ts';
import type { TraceContext } from './tracer.ts';

export type StepParts = {
  readonly client: Client;
  readonly pool: Pool;
  readonly random: Random;
  readonly metrics: ServiceMetrics;
};

export type PerformSteps = (steps: readonly Step[], trace: TraceContext) => Promise<void>;

/** Rows that statements lock one of. */
const ROW_KEYS = 1_000;

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

export function createSteps({ client, pool, random, metrics }: StepParts): PerformSteps {
  const query = async (database: string, statement: string, trace: TraceContext): Promise<void> => {
    const began = performance.now();
    const release = await pool.acquire().catch((error: unknown) => {
      metrics.poolTimeouts.inc();
      throw error;
    });
    try {
      metrics.poolWait.observe((performance.now() - began) / 1_000);
      const text = `?statement=${encodeURIComponent(statement)}&row=${random.below(ROW_KEYS)}`;
      await client({ to: database, operation: 'POST /query', query: text }, trace);
    } finally {
      release();
    }
  };
  const cached = async (step: Extract<Step, { do: 'cached' }>, trace: TraceContext): Promise<void> => {
    const key = `?key=${step.space}-${random.below(step.keys)}`;
    // A cache that is down costs time, never an answer.
    const found = await client({ to: CACHE, operation: 'GET /entry', query: key }, trace).catch(() => undefined);
    if (isHit(found)) return;
    await all(step.load, trace);
    await client({ to: CACHE, operation: 'PUT /entry', query: key }, trace).catch(() => undefined);
  };
  const one = async (step: Step, trace: TraceContext): Promise<void> => {
    switch (step.do) {
      case 'work':
        return pause(random.around(step.ms));
      case 'call': {
        if (step.chance !== undefined && random.next() >= step.chance) return;
        const answer = client({ to: step.to, operation: step.operation }, trace);
        await (step.optional === true ? answer.catch(() => undefined) : answer);
        return;
      }
      case 'together':
        // All are awaited, so that nothing of a failed request goes on behind its back.
        for (const result of await Promise.allSettled(step.steps.map((inner) => one(inner, trace)))) {
          if (result.status === 'rejected') throw result.reason;
        }
        return;
      case 'cached':
        return cached(step, trace);
      case 'query':
        return query(step.database, step.statement, trace);
      case 'publish':
        await client({ to: QUEUE, operation: 'POST /publish', query: `?topic=${step.topic}`, kind: 'producer' }, trace);
    }
  };
  const all: PerformSteps = async (steps, trace) => {
    for (const step of steps) await one(step, trace);
  };
  return all;
}

const isHit = (answer: unknown): boolean =>
  typeof answer === 'object' && answer !== null && 'hit' in answer && answer.hit === true;
