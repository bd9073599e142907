/** A database stand-in: a bounded number of statements runs at once, and writing ones lock a row first. */
import type { ServiceSpec } from '../system.ts';
import type { Handler, HandlerParts } from './handlers.ts';
import { Pool } from './pool.ts';
import { pause } from './steps.ts';

/** Longest that a statement waits for a slot or a lock, as `lock_timeout` of real databases. */
const WAIT_MS_MAX = 1_800;

export class UnknownStatementError extends Error {
  override readonly name = 'UnknownStatementError';
}

export function createDatabase(
  { slots, statements }: Extract<ServiceSpec, { kind: 'database' }>,
  { metrics, ailments, around }: HandlerParts,
): Handler {
  const running = new Pool(slots, WAIT_MS_MAX);
  const rows = new Map<string, Pool>();
  metrics.onScrape(() => metrics.waiting.set(running.pending));
  const lockOf = (row: string): Pool => {
    const lock = rows.get(row) ?? new Pool(1, WAIT_MS_MAX);
    rows.set(row, lock);
    return lock;
  };
  const lock = async (name: string, row: number, lockRows: number | undefined): Promise<() => void> => {
    if (lockRows === undefined) return () => {};
    const began = performance.now();
    const [, table = name] = name.split(' ');
    const unlock = await lockOf(`${table}/${row % lockRows}`).acquire();
    metrics.lockWait.observe((performance.now() - began) / 1_000);
    return unlock;
  };
  return async (query) => {
    const name = query.get('statement') ?? '';
    const statement = statements[name];
    if (statement === undefined) throw new UnknownStatementError(`no statement ${name}`);
    const unlock = await lock(name, Number(query.get('row') ?? 0), statement.lockRows);
    try {
      const free = await running.acquire();
      try {
        const began = performance.now();
        await pause(around(statement.ms * Math.max(1, ailments.strength('slow-query'))));
        metrics.statements.observe({ statement: name }, (performance.now() - began) / 1_000);
      } finally {
        free();
      }
    } finally {
      unlock();
    }
    return { ok: true };
  };
}
