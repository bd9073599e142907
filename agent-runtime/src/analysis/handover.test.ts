import { describe, expect, test } from 'vitest';
import { edgesOfSpans } from './handover.ts';
import type { Span } from './types.ts';

const span = (
  node: string,
  spanId: string,
  parentSpanId: string | null,
  startMs: number,
  durationMs: number,
): Span => ({
  ...{ traceId: 't', spanId, parentSpanId, node, operation: 'op', startMs, durationMs },
  status: 'ok',
});

describe('who depends on whom', () => {
  test('a caller on its callee', () => {
    expect(edgesOfSpans([span('web', '1', null, 0, 50), span('db', '2', '1', 10, 30)])).toEqual([
      { caller: 'web', callee: 'db' },
    ]);
  });

  test('who takes messages on who hands them over, and not the other way round', () => {
    expect(edgesOfSpans([span('order', '1', null, 0, 2), span('mailer', '2', '1', 400, 80)])).toEqual([
      { caller: 'mailer', callee: 'order' },
    ]);
  });

  test('clocks that differ do not make a handover of a call', () => {
    expect(edgesOfSpans([span('web', '1', null, 0, 50), span('db', '2', '1', 900, 30)])).toEqual([
      { caller: 'web', callee: 'db' },
    ]);
  });
});
