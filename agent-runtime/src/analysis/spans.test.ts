import { describe, expect, test } from 'vitest';
import { selfTimeMs, spanEvidence } from './spans.ts';
import type { Span } from './types.ts';

const span = (fields: Partial<Span>): Span => ({
  traceId: 't',
  spanId: 's',
  parentSpanId: null,
  node: 'a',
  operation: 'o',
  startMs: 0,
  durationMs: 100,
  status: 'ok',
  ...fields,
});

describe('self time', () => {
  test.each([
    ['no children', [], 100],
    [
      'one after another',
      [
        [0, 30],
        [50, 20],
      ],
      50,
    ],
    [
      'overlapping children count once',
      [
        [10, 40],
        [30, 40],
      ],
      40,
    ],
    [
      'a child inside another',
      [
        [10, 60],
        [20, 10],
      ],
      40,
    ],
    ['a child that outlives its parent', [[80, 500]], 80],
    ['a child that began too early by its own clock', [[-50, 60]], 90],
    ['a child elsewhere in time', [[500, 60]], 100],
  ] as const)('%s', (_, children, expected) => {
    const spans = children.map(([startMs, durationMs]) => span({ startMs, durationMs }));
    expect(selfTimeMs(span({}), spans)).toBe(expected);
  });
});

describe('span evidence', () => {
  const window = { fromMs: 0, incidentFromMs: 10_000, toMs: 20_000 };

  /** a calls b; b's own work takes `workMs`. */
  const trace = (index: number, startMs: number, workMs: number, failed: boolean): readonly Span[] => [
    span({ traceId: `t${index}`, spanId: '1', startMs, durationMs: 20 + workMs, status: failed ? 'error' : 'ok' }),
    span({
      traceId: `t${index}`,
      spanId: '2',
      parentSpanId: '1',
      node: 'b',
      startMs: startMs + 10,
      durationMs: workMs,
      status: failed ? 'error' : 'ok',
    }),
  ];

  test('lost time is charged to the callee, not to the caller that waits', () => {
    const spans = Array.from({ length: 40 }, (_, index) =>
      trace(index, index * 500, index < 20 ? 30 : 400, false),
    ).flat();
    const [caller, callee] = spanEvidence(spans, window);
    expect(caller).toMatchObject({ node: 'a', selfGrowthMs: 0, strength: 0 });
    expect(callee).toMatchObject({ node: 'b', selfMsBefore: 30, selfMsDuring: 400, selfGrowthMs: 370 });
    expect(callee?.strength).toBeGreaterThan(0.7);
  });

  test('a failure is charged to where it began', () => {
    const spans = Array.from({ length: 40 }, (_, index) => trace(index, index * 500, 30, index >= 20)).flat();
    const [caller, callee] = spanEvidence(spans, window);
    expect(caller).toMatchObject({ errorOriginsDuring: 0, strength: 0 });
    expect(callee).toMatchObject({ errorOriginsBefore: 0, errorOriginsDuring: 20 });
    expect(callee?.strength).toBeGreaterThan(0.7);
  });

  test('failures as frequent as ever are no evidence', () => {
    const spans = Array.from({ length: 40 }, (_, index) => trace(index, index * 500, 30, index % 4 === 0)).flat();
    expect(spanEvidence(spans, window).every(({ strength }) => strength === 0)).toBe(true);
  });
});
