import { describe, expect, test } from 'vitest';
import { analyse } from './analyse.ts';
import { randomIncident } from './testing/random-incident.ts';

/** Seeds that the calibration was not fitted on. */
const INCIDENTS = Array.from({ length: 60 }, (_, index) => {
  const { capture, rootCause, alternatives } = randomIncident(900_000 + index);
  const { candidates, verdict } = analyse(capture);
  const right = rootCause !== null && [rootCause, ...alternatives].includes(candidates[0]?.node ?? '');
  return {
    none: rootCause === null,
    right,
    abstained: verdict !== 'root-cause',
    stated: candidates[0]?.probability ?? 0,
    candidates,
  };
});
const share = (all: readonly boolean[]): number => all.filter(Boolean).length / all.length;

describe('on random simulated incidents', () => {
  test('stated probabilities can be believed', () => {
    const brier =
      INCIDENTS.reduce((sum, { stated, right }) => sum + (stated - Number(right)) ** 2, 0) / INCIDENTS.length;
    // Always stating the usual share of right answers would give 0.18.
    expect(brier).toBeLessThan(0.12);
    const sure = INCIDENTS.filter(({ stated }) => stated > 0.9);
    expect(share(sure.map(({ right }) => right))).toBeGreaterThan(0.9);
    expect(sure.length).toBeGreaterThan(INCIDENTS.length / 4);
  });

  test('where nothing is broken there is not enough evidence, and where something is there mostly is', () => {
    const [none, faults] = [true, false].map((faultless) => INCIDENTS.filter((item) => item.none === faultless));
    expect(share((none ?? []).map(({ abstained }) => abstained))).toBeGreaterThan(0.75);
    expect(share((faults ?? []).map(({ abstained, right }) => right && !abstained))).toBeGreaterThan(0.75);
  });

  test('probabilities leave room for none of them, and fall with the place', () => {
    for (const { candidates } of INCIDENTS) {
      const stated = candidates.map(({ probability }) => probability);
      expect(stated.reduce((sum, probability) => sum + probability, 0)).toBeLessThan(1);
      expect(stated).toEqual(stated.toSorted((left, right) => right - left));
    }
  });
});
