/** The captures that come with the project, from their files to the votes. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  analyse,
  type Capture,
  type Findings,
  faultAssessment,
  judge,
  repairPlan,
  type VoteOption,
  views,
  writeReason,
} from '../analysis/index.ts';
import { seededRandom } from '../analysis/testing/random.ts';
import { captureSource } from './capture-source.ts';

const DATA = fileURLToPath(new URL('../../../data', import.meta.url));

const votesOn = (findings: Findings, claim: string): readonly VoteOption[] =>
  Object.values(views).map((view) => judge(view, findings, claim).option);

describe.each(['report-train-buy', 'cart-pool-exhaustion'])('%s', (id) => {
  const truth = JSON.parse(readFileSync(`${DATA}/${id}/truth.json`, 'utf8')) as {
    rootCause: string;
    faultKind: string;
  };
  let capture: Capture;
  let findings: Findings;
  beforeAll(async () => {
    capture = await captureSource(DATA).capture(id);
    findings = analyse(capture);
  });

  test('the fused view names the cause and the kind of fault', () => {
    expect(findings.verdict).toBe('root-cause');
    expect(findings.candidates[0]).toMatchObject({ node: truth.rootCause, faultKind: truth.faultKind });
  });

  test('the majority votes for it, and for no other node', () => {
    expect(votesOn(findings, truth.rootCause).filter((option) => option === 'For').length).toBeGreaterThanOrEqual(4);
    for (const { node } of findings.nodes) {
      if (node === truth.rootCause) continue;
      expect(votesOn(findings, node).filter((option) => option === 'For').length, node).toBeLessThanOrEqual(3);
    }
  });

  test('the order of rows changes nothing', () => {
    const random = seededRandom(9);
    const metrics = capture.metrics.flatMap(({ node, metric, timesMs, values }) =>
      timesMs.map((atMs, index) => ({ node, metric, timesMs: [atMs], values: values.slice(index, index + 1) })),
    );
    const shuffled: Capture = {
      ...capture,
      metrics: random.shuffled(metrics),
      spans: random.shuffled(capture.spans),
      logs: random.shuffled(capture.logs),
      topology: { nodes: random.shuffled(capture.topology.nodes), edges: random.shuffled(capture.topology.edges) },
    };
    expect(analyse(shuffled)).toEqual(findings);
  });

  test('nothing in the answer depends on what the services are called', () => {
    const names = findings.nodes.map(({ node }) => node);
    const rename = (node: string): string => `n${names.length - names.indexOf(node)}`;
    const renamed = analyse({
      ...capture,
      alert: { ...capture.alert, node: rename(capture.alert.node) },
      topology: {
        nodes: capture.topology.nodes.map(rename),
        edges: capture.topology.edges.map(({ caller, callee }) => ({ caller: rename(caller), callee: rename(callee) })),
      },
      metrics: capture.metrics.map((series) => ({ ...series, node: rename(series.node) })),
      spans: capture.spans.map((span) => ({ ...span, node: rename(span.node) })),
      logs: capture.logs.map((log) => ({ ...log, node: rename(log.node) })),
    });
    expect(renamed.candidates.map(({ node }) => node)).toEqual(findings.candidates.map(({ node }) => rename(node)));
  });

  test('without observations there is not enough evidence', () => {
    const bare = analyse({ ...capture, metrics: [], spans: [], logs: [] });
    expect(bare).toMatchObject({ verdict: 'not-enough-evidence', candidates: [] });
    expect(votesOn(bare, truth.rootCause)).not.toContain('For');
  });

  test('every metric figure of every reason is an observation of the capture', () => {
    const assessed = faultAssessment(findings).candidates.flatMap(({ figures }) => figures);
    const fromMetrics = assessed.filter(({ source }) => source === 'metric');
    expect(fromMetrics.length).toBeGreaterThan(0);
    for (const { node, metric, value } of fromMetrics) {
      const series = capture.metrics.find((candidate) => candidate.node === node && candidate.metric === metric);
      expect(series?.values, `${node} ${metric}`).toContain(Number(value));
    }
  });

  test('findings survive the way out of a worker thread', () => {
    expect(structuredClone(findings)).toEqual(findings);
  });
});

describe("the report's own case", () => {
  let findings: Findings;
  beforeAll(async () => {
    findings = analyse(await captureSource(DATA).capture('report-train-buy'));
  });

  test('the service without metrics is neither a candidate nor voted for', () => {
    expect(findings.nodes.find(({ node }) => node === 'drink-buy')?.status).toBe('silent');
    expect(findings.candidates.map(({ node }) => node)).not.toContain('drink-buy');
    expect(votesOn(findings, 'drink-buy')).not.toContain('For');
  });

  test('a service that is in no data is refused by all', () => {
    expect(new Set(votesOn(findings, 'inventory-service'))).toEqual(new Set(['Against']));
  });

  test('the reason gives the abnormal figures and the contrast', () => {
    const { en, zh } = writeReason(findings, 'food-buy');
    expect(en).toContain('food-buy exhibited abnormal metrics at 2023-10-15 14:00 UTC: error rate 100 %');
    expect(en).toContain('latency 22220 ms');
    expect(en).toContain('In contrast, its downstream food-cancel is normal (success rate 98.57 %, latency 250 ms).');
    expect(en).toContain('Nothing was observed of downstream drink-buy');
    expect(zh).toContain('错误率 100 %');
    expect(zh).toContain('下游 food-cancel 正常（成功率 98.57 %、延迟 250 ms）');
  });

  test('the plan names the service, the logs to read and when to call it repaired', () => {
    const plan = repairPlan(findings, 'food-buy');
    expect(plan.steps.length).toBeGreaterThanOrEqual(5);
    expect(plan.steps[1]?.description).toContain('from 2023-10-15 13:45 UTC to 2023-10-15 14:05 UTC');
    expect(plan.recovery).toContainEqual(
      expect.objectContaining({ node: 'food-buy', metric: 'error_rate', comparator: 'at-most' }),
    );
  });
});

describe('the recorded case that is shown by default', () => {
  let findings: Findings;
  beforeAll(async () => {
    findings = analyse(await captureSource(DATA).capture('slow-query-catalog-db-2'));
  });

  test('another service departs farther from its usual than the cause does', () => {
    const loudest = [...findings.nodes].sort((a, b) => b.metricSeverity - a.metricSeverity)[0];
    expect(loudest?.node).toBe('train');
  });

  test('the fused view names the database all the same, and the majority votes for it', () => {
    expect(findings.verdict).toBe('root-cause');
    expect(findings.candidates[0]?.node).toBe('catalog-db');
    expect(votesOn(findings, 'catalog-db').filter((option) => option === 'For').length).toBeGreaterThanOrEqual(4);
  });

  test('the majority does not vote for the service that fails', () => {
    expect(votesOn(findings, 'train').filter((option) => option === 'For').length).toBeLessThanOrEqual(3);
  });
});
