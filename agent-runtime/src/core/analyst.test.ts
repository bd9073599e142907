import { ChainSimulator } from '@dao-gov/node/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { analyse } from '../analysis/index.ts';
import { captureSource } from '../telemetry/index.ts';
import { type Analyst, inlineAnalyst, remembering } from './analyst.ts';
import { ANALYST_CACHE_MAX } from './constants.ts';
import { AnalystError } from './errors.ts';
import { SAMPLES } from './testing/agents-on-chain.ts';
import { workerAnalyst } from './worker-analyst.ts';

const { clock } = new ChainSimulator();
const opened: Analyst[] = [];
afterEach(async () => {
  for (const analyst of opened.splice(0)) await analyst.close();
});
function open(analyst: Analyst): Analyst {
  opened.push(analyst);
  return analyst;
}

describe.each([
  ['inline', () => inlineAnalyst(captureSource(SAMPLES))],
  ['worker', () => workerAnalyst({ captures: SAMPLES, clock })],
])('the %s analyst', (_name, make) => {
  test('finds what the engine finds', async () => {
    const expected = analyse(await captureSource(SAMPLES).capture('report-train-buy'));
    expect(await open(make()).analyse('report-train-buy')).toEqual(expected);
  });

  test('looks from the alert that was raised', async () => {
    const alert = { node: 'portal-web', metric: 'error_rate', atMs: Date.parse('2023-10-15T14:00:00Z') };
    expect(await open(make()).analyse('report-train-buy', alert)).toMatchObject({ alert, alertSymptom: 'errors' });
  });

  test('a capture that is played again later is looked at in its own time', async () => {
    const alert = { node: 'train-buy', metric: 'response_time', atMs: Date.parse('2026-01-01T00:00:00Z') };
    const findings = await open(make()).analyse('report-train-buy', alert);
    expect(findings.alert.atMs).toBe(Date.parse('2023-10-15T14:00:00Z'));
    expect(findings.candidates[0]?.node).toBe('food-buy');
  });

  test('a recording holds nothing of the time after its end', async () => {
    const alert = { node: 'train-buy', metric: 'response_time', atMs: Date.parse('2023-10-15T14:00:00Z') };
    const analyst = open(make());
    const window = { fromMs: alert.atMs, toMs: Date.parse('2026-01-01T00:00:00Z') };
    await expect(analyst.analyse('report-train-buy', alert, window)).rejects.toMatchObject({ code: 'NOTHING_NEWER' });
    await expect(analyst.observe('report-train-buy', alert, window)).rejects.toMatchObject({ code: 'NOTHING_NEWER' });
  });

  test('what was observed at the alerting node is told as it was measured', async () => {
    const alert = { node: 'train-buy', metric: 'response_time', atMs: Date.parse('2023-10-15T14:00:00Z') };
    const series = await open(make()).observe('report-train-buy', alert, { fromMs: alert.atMs, toMs: alert.atMs });
    expect(new Set(series.map(({ node }) => node))).toEqual(new Set(['train-buy']));
    expect(series.length).toBeGreaterThan(1);
  });

  test('an unknown source is unavailable', async () => {
    const failing = open(make()).analyse('nowhere');
    await expect(failing).rejects.toMatchObject({ name: 'AnalystError', code: 'TELEMETRY_UNAVAILABLE' });
  });

  test('several questions at once are all answered', async () => {
    const analyst = open(make());
    const answers = await Promise.all(['report-train-buy', 'cart-pool-exhaustion'].map((id) => analyst.analyse(id)));
    expect(answers.map(({ candidates }) => candidates[0]?.node)).toEqual(['food-buy', 'cart-store']);
  });
});

test('an unreadable source is a failed analysis', async () => {
  const failing = open(workerAnalyst({ captures: `${SAMPLES}/nothing-here`, clock })).analyse('report-train-buy');
  await expect(failing).rejects.toMatchObject({ code: 'ANALYSIS_FAILED' });
});

test('an idle thread is ended, and the next question starts another', async () => {
  const analyst = open(workerAnalyst({ captures: SAMPLES, clock, idleMs: 1_000 }));
  await analyst.analyse('report-train-buy');
  clock.advance(1_000);
  expect((await analyst.analyse('cart-pool-exhaustion')).candidates[0]?.node).toBe('cart-store');
});

test('after closing there are no answers', async () => {
  const analyst = workerAnalyst({ captures: SAMPLES, clock });
  await analyst.close();
  await expect(analyst.analyse('report-train-buy')).rejects.toMatchObject({ code: 'CLOSED' });
});

describe('what is remembered', () => {
  function counting(): { readonly analyst: Analyst; readonly asked: string[] } {
    const asked: string[] = [];
    const inner = inlineAnalyst(captureSource(SAMPLES));
    const analyst = remembering({
      close: async () => {},
      observe: inner.observe,
      analyse: async (id) => {
        asked.push(id);
        if (id === 'broken') throw new AnalystError('ANALYSIS_FAILED', 'broken');
        return inner.analyse('report-train-buy');
      },
    });
    return { analyst, asked };
  }

  test('one analysis serves all steps of an incident', async () => {
    const { analyst, asked } = counting();
    await Promise.all([analyst.analyse('a'), analyst.analyse('a')]);
    await analyst.analyse('a');
    expect(asked).toEqual(['a']);
  });

  test('the oldest is forgotten', async () => {
    const { analyst, asked } = counting();
    for (let index = 0; index <= ANALYST_CACHE_MAX; index += 1) await analyst.analyse(`capture-${index}`);
    await analyst.analyse('capture-0');
    expect(asked.filter((id) => id === 'capture-0')).toHaveLength(2);
    await analyst.analyse(`capture-${ANALYST_CACHE_MAX}`);
    expect(asked.filter((id) => id === `capture-${ANALYST_CACHE_MAX}`)).toHaveLength(1);
  });

  test('another window is another question, and what is forgotten is asked again', async () => {
    const { analyst, asked } = counting();
    const alert = { node: 'web', metric: 'latency', atMs: 5 };
    await analyst.analyse('a', alert);
    await analyst.analyse('a', alert, { fromMs: 0, toMs: 9 });
    await analyst.analyse('a', alert, { fromMs: 0, toMs: 9 });
    expect(asked).toEqual(['a', 'a']);
    analyst.forget();
    await analyst.analyse('a', alert);
    expect(asked).toHaveLength(3);
  });

  test('a failure is not', async () => {
    const { analyst, asked } = counting();
    await expect(analyst.analyse('broken')).rejects.toThrow('broken');
    await expect(analyst.analyse('broken')).rejects.toThrow('broken');
    expect(asked).toEqual(['broken', 'broken']);
  });
});
