import { describe, expect, test } from 'vitest';
import { analyse } from '../analyse.ts';
import { PRODUCT_BYTES_MAX } from '../constants.ts';
import { FAULT_KINDS, type FaultKind, type Findings } from '../findings.ts';
import { utf8Length } from '../format.ts';
import { syntheticIncident } from '../testing/synthetic-incident.ts';
import { dependencyGraph } from './dependency-graph.ts';
import { faultAssessment } from './fault-assessment.ts';
import { faultWeb } from './fault-web.ts';
import { metricsSnapshot } from './metrics-snapshot.ts';
import { repairPlan } from './repair-plan.ts';

const { capture, rootCause } = syntheticIncident(5);
const findings = analyse(capture);

function allProducts(from: Findings, cause: string): readonly object[] {
  return [
    metricsSnapshot(from),
    dependencyGraph(from),
    faultAssessment(from),
    faultWeb(from, cause),
    repairPlan(from, cause),
  ];
}

function numbersIn(value: unknown): readonly number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

describe('every product', () => {
  test('holds integers and text only, and survives JSON unchanged', () => {
    for (const product of allProducts(findings, rootCause)) {
      expect(numbersIn(product).every(Number.isSafeInteger)).toBe(true);
      expect(JSON.parse(JSON.stringify(product))).toEqual(product);
    }
  });

  test('stays within an evidence blob for a large system with long names, keeping what the case is about', () => {
    const large = syntheticIncident(6, 400);
    const longName = (node: string): string => `${node}-${'服'.repeat(120)}`;
    const renamed = {
      ...large.capture,
      alert: { ...large.capture.alert, node: longName(large.capture.alert.node) },
      topology: {
        nodes: large.capture.topology.nodes.map(longName),
        edges: large.capture.topology.edges.map(({ caller, callee }) => ({
          caller: longName(caller),
          callee: longName(callee),
        })),
      },
      metrics: large.capture.metrics.map((series) => ({ ...series, node: longName(series.node) })),
    };
    const from = analyse(renamed);
    const cause = longName(large.rootCause);
    for (const product of allProducts(from, cause)) {
      expect(utf8Length(JSON.stringify(product))).toBeLessThanOrEqual(PRODUCT_BYTES_MAX);
    }
    const snapshot = metricsSnapshot(from);
    expect(snapshot.omittedNodes).toBeGreaterThan(0);
    expect(snapshot.nodes.length + snapshot.omittedNodes).toBe(400);
    expect(snapshot.nodes[0]?.node).toBe(renamed.alert.node);
    expect(snapshot.nodes.map(({ node }) => node)).toContain(cause);
  });
});

describe('the repair plan', () => {
  test.each<FaultKind>(FAULT_KINDS)('for %s has steps in both languages', (faultKind) => {
    const nodes = findings.nodes.map((finding) => (finding.node === rootCause ? { ...finding, faultKind } : finding));
    const plan = repairPlan({ ...findings, nodes }, rootCause);
    expect(plan.faultKind).toBe(faultKind);
    expect(plan.steps.length).toBeGreaterThanOrEqual(5);
    expect(plan.steps.map(({ stepId }) => stepId)).toEqual(plan.steps.map((_, index) => index + 1));
    for (const { action, description, check, zh, risk, needsApproval } of plan.steps) {
      for (const text of [action, description, check]) expect(text).not.toMatch(/\p{Script=Han}|undefined|null/u);
      for (const text of [zh.action, zh.description, zh.check]) expect(text).toMatch(/\p{Script=Han}/u);
      expect(risk === 'low' || needsApproval).toBe(true);
    }
    expect(plan.steps.filter(({ description }) => description.includes(rootCause)).length).toBeGreaterThanOrEqual(5);
  });

  test('bounds the recovery between what is usual and what was anomalous', () => {
    const { recovery } = repairPlan(findings, rootCause);
    expect(recovery.map(({ node }) => node)).toContain(rootCause);
    for (const { node, metric, comparator, value } of recovery) {
      const series = findings.series.find((candidate) => candidate.node === node && candidate.metric === metric);
      const usual = series?.baseline?.median ?? Number.NaN;
      expect(comparator === 'at-most' ? usual < Number(value) : usual > Number(value)).toBe(true);
      if (node === rootCause) expect(Number(series?.atAlert?.value)).toBeGreaterThan(Number(value));
    }
  });
});

test('the fault web knows the cause, who suffered from it and the way to the alert', () => {
  const web = faultWeb(findings, rootCause);
  const roles = new Map(web.nodes.map(({ node, role }) => [node, role]));
  expect(roles.get(rootCause)).toBe('root-cause');
  const path = findings.candidates.find(({ node }) => node === rootCause)?.path ?? [];
  for (const node of path.slice(0, -1)) expect(roles.get(node)).toBe('propagated');
  for (const [index, callee] of path.entries()) {
    if (index === 0) continue;
    const edge = web.edges.find((candidate) => candidate.caller === path[index - 1] && candidate.callee === callee);
    expect(edge?.probability).toBeGreaterThan(0);
  }
  expect(faultWeb(findings, null).nodes.map(({ role }) => role)).not.toContain('root-cause');
});

test('the dependency graph tells direct from indirect dependencies', () => {
  const graph = dependencyGraph(findings);
  for (const { node, relation, distance } of graph.nodes) {
    expect(relation).toBe(
      distance === 0 ? 'alerting' : distance === 1 ? 'direct' : distance === null ? relation : 'indirect',
    );
    const called = graph.edges.some(({ caller, callee }) => caller === graph.alertNode && callee === node);
    expect(relation === 'direct').toBe(called && node !== graph.alertNode);
  }
});
