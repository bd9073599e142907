import { describe, expect, test } from 'vitest';
import { detect } from './detect.ts';
import type { SeriesFinding } from './findings.ts';
import { incidentWindow } from './incident-window.ts';
import { seededRandom } from './testing/random.ts';
import { tidySeries } from './tidy-series.ts';
import type { Capture } from './types.ts';

const MINUTE_MS = 60_000;
const ALERT_MS = 60 * MINUTE_MS;

/** One series by the minute; `null` is a minute without an observation. */
function detectOne(metric: string, values: readonly (number | null)[]): SeriesFinding | undefined {
  const observed = values.flatMap((value, minute) => (value === null ? [] : [{ atMs: minute * MINUTE_MS, value }]));
  const alert = { node: 'a', metric, atMs: ALERT_MS };
  const window = { fromMs: 0, toMs: 65 * MINUTE_MS };
  const capture: Capture = {
    id: 'c',
    title: 'c',
    alert,
    window,
    topology: { nodes: [], edges: [] },
    metrics: [
      { node: 'a', metric, timesMs: observed.map(({ atMs }) => atMs), values: observed.map(({ value }) => value) },
    ],
    spans: [],
    logs: [],
    discarded: { nonFinite: 0, outsideWindow: 0 },
  };
  return detect(tidySeries(capture), incidentWindow(alert, window), ALERT_MS)[0];
}

const minutes = (valueAt: (minute: number) => number | null): readonly (number | null)[] =>
  Array.from({ length: 66 }, (_, minute) => valueAt(minute));

describe('detection', () => {
  test('ordinary noise is not an anomaly', () => {
    const found = Array.from({ length: 200 }, (_, seed) => {
      const random = seededRandom(seed);
      return detectOne(
        'latency_ms',
        minutes(() => 100 + 10 * random.normal()),
      );
    });
    expect(found.filter((series) => series?.anomalous).length).toBeLessThanOrEqual(2);
  });

  test('a step up is found with the minute it began and the value at the alert', () => {
    const random = seededRandom(1);
    const found = detectOne(
      'latency_ms',
      minutes((minute) => (minute >= 56 ? 900 + minute : 100 + 5 * random.normal())),
    );
    expect(found).toMatchObject({ anomalous: true, onsetMs: 56 * MINUTE_MS, atAlert: { atMs: ALERT_MS, value: 960 } });
  });

  test('a drop of latency and a rise of success harm nobody', () => {
    expect(
      detectOne(
        'latency_ms',
        minutes((minute) => (minute >= 56 ? 5 : 100)),
      )?.anomalous,
    ).toBe(false);
    expect(
      detectOne(
        'success_rate',
        minutes((minute) => (minute >= 56 ? 100 : 70)),
      )?.anomalous,
    ).toBe(false);
  });

  test('traffic may not change either way', () => {
    expect(
      detectOne(
        'calls',
        minutes((minute) => (minute >= 56 ? 5 : 100)),
      )?.anomalous,
    ).toBe(true);
    expect(
      detectOne(
        'calls',
        minutes((minute) => (minute >= 56 ? 500 : 100)),
      )?.anomalous,
    ).toBe(true);
  });

  test('a series without any spread needs more than a trifle', () => {
    expect(
      detectOne(
        'availability',
        minutes((minute) => (minute >= 56 ? 99 : 100)),
      )?.anomalous,
    ).toBe(false);
    expect(
      detectOne(
        'availability',
        minutes((minute) => (minute >= 56 ? 60 : 100)),
      ),
    ).toMatchObject({ anomalous: true });
    expect(
      detectOne(
        'errors',
        minutes((minute) => (minute >= 56 ? 40 : 0)),
      ),
    ).toMatchObject({ anomalous: true });
  });

  test('one stray observation is taken for a glitch', () => {
    expect(
      detectOne(
        'latency_ms',
        minutes((minute) => (minute === 58 ? 90_000 : 100)),
      )?.anomalous,
    ).toBe(false);
  });

  test('what is usual in the tail of the history is no anomaly', () => {
    const spiky = minutes((minute) => (minute % 12 === 3 || minute > 62 ? 400 : 100 + (minute % 5)));
    expect(detectOne('latency_ms', spiky)?.anomalous).toBe(false);
  });

  test('absent is absent: neither zero nor normal', () => {
    const gone = detectOne(
      'success_rate',
      minutes((minute) => (minute >= 45 ? null : 99)),
    );
    expect(gone).toMatchObject({ atAlert: null, z: 0, anomalous: false });
    const fresh = detectOne(
      'success_rate',
      minutes((minute) => (minute < 55 ? null : 3)),
    );
    expect(fresh).toMatchObject({ baseline: null, z: 0, anomalous: false });
    expect(
      detectOne(
        'success_rate',
        minutes((minute) => (minute % 3 === 0 ? 99 : null)),
      )?.baseline,
    ).toMatchObject({ median: 99 });
  });

  test('the usual level is an observation of the history', () => {
    const random = seededRandom(4);
    const values = minutes(() => random.next());
    expect(values).toContain(detectOne('latency_ms', values)?.baseline?.median);
  });

  test('extreme numbers stay finite', () => {
    const found = detectOne(
      'latency_ms',
      minutes((minute) => (minute >= 56 ? Number.MAX_VALUE : -Number.MAX_VALUE)),
    );
    expect(Number.isFinite(found?.z)).toBe(true);
    expect(Number.isFinite(found?.baseline?.spread)).toBe(true);
  });
});
