import { describe, expect, test } from 'vitest';
import { analyse } from './analyse.ts';
import { recoveryOf } from './recovery.ts';
import { syntheticIncident } from './testing/synthetic-incident.ts';
import type { Capture, MetricSeries } from './types.ts';

const MINUTE_MS = 60_000;
const { capture } = syntheticIncident(1);
const findings = analyse(capture);
const { node } = capture.alert;
const window = { fromMs: 100 * MINUTE_MS, toMs: 110 * MINUTE_MS };

/** The alerting node's series as they would go on: each at its usual level, times a factor for some of the minutes. */
function goingOn(factorAt: (minute: number) => number, ofWhat: Capture = capture): readonly MetricSeries[] {
  return ofWhat.metrics
    .filter((series) => series.node === node)
    .map((series) => ({
      ...series,
      timesMs: Array.from({ length: 11 }, (_, minute) => (100 + minute) * MINUTE_MS),
      values: Array.from({ length: 11 }, (_, minute) => (series.values[5] ?? 0) * factorAt(minute)),
    }));
}

const stateFor = (observed: readonly MetricSeries[], at = window) => recoveryOf(findings, observed, at).state;

test('the sample shows a symptom at the alerting node that has a bound', () => {
  const { readings } = recoveryOf(findings, [], window);
  expect(readings.length).toBeGreaterThan(0);
  expect(readings[0]).toMatchObject({ node, latest: null, samples: 0, outside: 0 });
});

describe('the outcome', () => {
  test('is recovered when every observation of the window is usual again', () => {
    const recovery = recoveryOf(
      findings,
      goingOn(() => 1),
      window,
    );
    expect(recovery.state).toBe('recovered');
    expect(recovery.readings[0]).toMatchObject({ samples: 11, outside: 0, latest: expect.stringMatching(/^\d/) });
  });

  test('is unrecovered when the symptom was there all the time', () => {
    expect(stateFor(goingOn(() => 100))).toBe('unrecovered');
  });

  test('is unclear while it comes and goes', () => {
    expect(stateFor(goingOn((minute) => (minute < 5 ? 100 : 1)))).toBe('unclear');
  });

  test('is not measured without observations, with too few, or with those of the beginning alone', () => {
    const usual = goingOn(() => 1);
    const first = (count: number) =>
      usual.map((series) => ({
        ...series,
        timesMs: series.timesMs.slice(0, count),
        values: series.values.slice(0, count),
      }));
    expect(stateFor([])).toBe('unmeasured');
    expect(stateFor(first(2))).toBe('unmeasured');
    expect(stateFor(first(4))).toBe('unmeasured');
    expect(stateFor(usual, { fromMs: 0, toMs: MINUTE_MS })).toBe('unmeasured');
  });

  test('is not measured where the alert showed in no metric', () => {
    const quiet = analyse({ ...capture, metrics: capture.metrics.filter((series) => series.node !== node) });
    expect(
      recoveryOf(
        quiet,
        goingOn(() => 1),
        window,
      ),
    ).toMatchObject({ state: 'unmeasured', readings: [] });
  });
});
