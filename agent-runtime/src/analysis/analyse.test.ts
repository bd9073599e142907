import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  analyse,
  dependencyGraph,
  faultAssessment,
  faultWeb,
  judge,
  metricsSnapshot,
  repairPlan,
  views,
  writeReason,
} from './index.ts';
import { seededRandom } from './testing/random.ts';
import { syntheticIncident } from './testing/synthetic-incident.ts';
import type { Capture } from './types.ts';

const SEEDS = Array.from({ length: 60 }, (_, index) => index + 1);
const NODES = 12;

describe('on synthetic incidents', () => {
  const results = SEEDS.map((seed) => {
    const { capture, rootCause } = syntheticIncident(seed, NODES);
    return { seed, rootCause, findings: analyse(capture) };
  });

  test('the fused view finds the cause far more often than chance', () => {
    const missed = results.filter(({ rootCause, findings }) => findings.candidates[0]?.node !== rootCause);
    // Chance is 1 in 12.
    expect(missed.length / SEEDS.length, `seeds missed: ${missed.map(({ seed }) => seed).join(' ')}`).toBeLessThan(0.2);
  });

  test.each(Object.values(views))('view $role ($name) alone is far better than chance', (view) => {
    const right = results.filter(({ rootCause, findings }) => view.rank(findings)[0]?.node === rootCause);
    expect(right.length / SEEDS.length).toBeGreaterThan(0.3);
  });

  test('the majority votes for the true cause and not for a healthy node', () => {
    const votes = (claim: (result: (typeof results)[number]) => string): readonly number[] =>
      results.map(
        (result) =>
          Object.values(views).filter((view) => judge(view, result.findings, claim(result)).option === 'For').length,
      );
    const forTruth = votes(({ rootCause }) => rootCause).filter((count) => count >= 4);
    expect(forTruth.length / SEEDS.length).toBeGreaterThan(0.8);
    const healthy = votes(({ findings }) => findings.nodes.find(({ status }) => status === 'healthy')?.node ?? 'none');
    expect(Math.max(...healthy)).toBe(0);
  });

  test('probabilities are shares of a whole', () => {
    for (const { findings } of results) {
      const total = findings.candidates.reduce((sum, { probability }) => sum + probability, 0);
      expect(total).toBeLessThan(1);
      for (const view of Object.values(views)) {
        const ranked = view.rank(findings).map(({ probability }) => probability);
        expect(ranked.reduce((sum, probability) => sum + probability, 0)).toBeLessThanOrEqual(1000);
        expect(ranked).toEqual(ranked.toSorted((left, right) => right - left));
        expect(ranked.every(Number.isInteger)).toBe(true);
      }
    }
  });
});

describe('what must not matter', () => {
  test.each(SEEDS.slice(0, 10))('the order of rows (seed %i)', (seed) => {
    const { capture } = syntheticIncident(seed);
    expect(analyse(shuffledRows(capture, seed))).toEqual(analyse(capture));
  });

  test.each(SEEDS.slice(0, 10))('what nodes are called (seed %i)', (seed) => {
    const { capture } = syntheticIncident(seed);
    const rename = (node: string): string =>
      [...node]
        .toReversed()
        .join('')
        .concat(`-${seed % 3}`);
    const original = analyse(capture);
    const renamed = analyse(renamedNodes(capture, rename));
    expect(renamed.candidates.map(({ node }) => node)).toEqual(original.candidates.map(({ node }) => rename(node)));
    for (const view of Object.values(views)) {
      expect(view.rank(renamed).map(({ node }) => node)).toEqual(view.rank(original).map(({ node }) => rename(node)));
    }
  });
});

describe('missing evidence', () => {
  test('without metrics there is not enough evidence, no candidate, and every view abstains', () => {
    const { capture } = syntheticIncident(1);
    const findings = analyse({ ...capture, metrics: [] });
    expect(findings).toMatchObject({ verdict: 'not-enough-evidence', candidates: [] });
    expect(findings.nodes.every(({ status }) => status === 'silent')).toBe(true);
    const options = Object.values(views).map((view) => judge(view, findings, capture.alert.node).option);
    expect(options).toEqual(Array.from({ length: 7 }, () => 'Abstain'));
  });

  test('before the fault nothing stands out', () => {
    const { capture } = syntheticIncident(2);
    const calmMs = 50 * 60_000;
    const findings = analyse({
      ...capture,
      alert: { ...capture.alert, atMs: calmMs },
      window: { fromMs: 0, toMs: calmMs },
    });
    expect(findings.verdict).toBe('not-enough-evidence');
  });

  test('a node that falls silent is not blamed, and the cause below it is still found', () => {
    const { capture, rootCause } = syntheticIncident(3);
    const path = analyse(capture).candidates.find(({ node }) => node === rootCause)?.path ?? [];
    const between = path.find((node) => node !== rootCause && node !== capture.alert.node);
    const silent = between ?? capture.alert.node;
    const findings = analyse({ ...capture, metrics: capture.metrics.filter(({ node }) => node !== silent) });
    expect(findings.candidates[0]?.node).toBe(rootCause);
    expect(findings.candidates.map(({ node }) => node)).not.toContain(silent);
  });

  test('a name from nowhere is refused by all', () => {
    const findings = analyse(syntheticIncident(1).capture);
    for (const view of Object.values(views)) expect(judge(view, findings, 'inventory-service').option).toBe('Against');
  });
});

describe('arbitrary partial input', () => {
  const name = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor', '', '服务');
  const time = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.double());
  const list = <Item>(item: fc.Arbitrary<Item>): fc.Arbitrary<Item[]> => fc.array(item, { maxLength: 12 });
  const captures: fc.Arbitrary<Capture> = fc.record({
    id: fc.string(),
    title: fc.string(),
    alert: fc.record({ node: name, metric: fc.constantFrom('latency', 'errors', 'x', ''), atMs: time }),
    window: fc.record({ fromMs: time, toMs: time }),
    topology: fc.record({ nodes: list(name), edges: list(fc.record({ caller: name, callee: name })) }),
    metrics: list(
      fc.record({
        node: name,
        metric: fc.constantFrom('latency_ms', 'error_rate', 'success_rate', 'cpu_usage', 'calls', 'x'),
        timesMs: fc.array(time, { maxLength: 30 }),
        values: fc.array(fc.double(), { maxLength: 30 }),
      }),
    ),
    spans: list(
      fc.record({
        traceId: name,
        spanId: name,
        parentSpanId: fc.option(name),
        node: name,
        operation: name,
        startMs: time,
        durationMs: fc.double(),
        status: fc.constantFrom('unset', 'ok', 'error'),
      }),
    ),
    logs: list(
      fc.record({
        atMs: time,
        node: name,
        level: fc.constantFrom('ERROR', 'info', ''),
        message: fc.string(),
        traceId: fc.option(name),
      }),
    ),
    discarded: fc.constant({ nonFinite: 0, outsideWindow: 0 }),
  });

  test('never throws, and gives finite numbers', () => {
    fc.assert(
      fc.property(captures, name, (capture, claim) => {
        const findings = analyse(capture);
        for (const { probability } of findings.candidates) expect(probability >= 0 && probability <= 1).toBe(true);
        for (const { severity, residual, blame } of findings.nodes) {
          for (const share of [severity, residual, blame]) expect(share >= 0 && share <= 1 + 1e-9).toBe(true);
        }
        for (const view of Object.values(views)) judge(view, findings, claim);
        writeReason(findings, claim);
        metricsSnapshot(findings);
        faultAssessment(findings);
        repairPlan(findings, claim);
        dependencyGraph(findings);
        faultWeb(findings, claim);
      }),
      { numRuns: 300 },
    );
  });
});

function shuffledRows(capture: Capture, seed: number): Capture {
  const random = seededRandom(seed + 1000);
  const metrics = capture.metrics.flatMap(({ node, metric, timesMs, values }) =>
    timesMs.map((atMs, index) => ({ node, metric, timesMs: [atMs], values: values.slice(index, index + 1) })),
  );
  return {
    ...capture,
    metrics: random.shuffled(metrics),
    topology: { nodes: random.shuffled(capture.topology.nodes), edges: random.shuffled(capture.topology.edges) },
  };
}

function renamedNodes(capture: Capture, rename: (node: string) => string): Capture {
  return {
    ...capture,
    alert: { ...capture.alert, node: rename(capture.alert.node) },
    topology: {
      nodes: capture.topology.nodes.map(rename),
      edges: capture.topology.edges.map(({ caller, callee }) => ({ caller: rename(caller), callee: rename(callee) })),
    },
    metrics: capture.metrics.map((series) => ({ ...series, node: rename(series.node) })),
  };
}
