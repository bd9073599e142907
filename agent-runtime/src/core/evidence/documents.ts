/**
 * Findings as evidence documents of the protocol. The engine's products choose what is most relevant and keep it within
 * a blob; here they take the form that everybody on this chain reads.
 */
import {
  type DependencyGraph,
  type FaultAssessment,
  type FaultWeb,
  type IncidentRecord,
  type MetricsSnapshot,
  type PastCase,
  ROLE_TITLES,
  type Role,
  type Solution,
  type TaskPlan,
} from '@dao-gov/node/protocol';
import {
  decimal,
  dependencyGraph,
  type FaultRole,
  type Findings,
  faultAssessment,
  faultWeb,
  metricsSnapshot,
  type SeriesFinding,
} from '../../analysis/index.ts';
import { sentences } from './text.ts';

/** Largest deviation that a document states: beyond it, a larger one says nothing more. */
const DEVIATION_MAX = 1_000_000_000;
const CANDIDATE_PATH_MAX = 64;

/** Readings at the alert of the nodes in scope, with what is usual. Names no node that the telemetry does not know. */
export function snapshotDocument(incidentId: string, findings: Findings, scope: readonly string[]): MetricsSnapshot {
  const wanted = new Set([...scope, findings.alert.node]);
  const inScope: Findings = { ...findings, nodes: findings.nodes.filter(({ node }) => wanted.has(node)) };
  const readings = metricsSnapshot(inScope).nodes.flatMap(({ node, metrics }) =>
    metrics.map(({ metric }) => seriesOf(findings, node, metric)),
  );
  return {
    kind: 'metrics_snapshot',
    incidentId,
    atMs: whole(findings.alert.atMs),
    windowFromMs: whole(findings.window.fromMs),
    windowToMs: whole(findings.window.toMs),
    silentNodes: inScope.nodes.filter(({ status }) => status === 'silent').map(({ node }) => node),
    series: readings.filter((series) => series !== undefined).map(readingOf),
  };
}

const whole = (value: number): number => Math.max(0, Math.round(value));

const seriesOf = ({ series }: Findings, node: string, metric: string): SeriesFinding | undefined =>
  series.find((candidate) => candidate.node === node && candidate.metric === metric);

function readingOf({
  node,
  metric,
  kind,
  atAlert,
  baseline,
  z,
  onsetMs,
}: SeriesFinding): MetricsSnapshot['series'][number] {
  return {
    node,
    metric,
    metricKind: kind,
    value: atAlert === null ? null : decimal(atAlert.value),
    baseline: baseline === null ? null : decimal(baseline.median),
    deviation: baseline === null ? null : Math.min(DEVIATION_MAX, Math.round(z * 1_000)),
    onsetMs: onsetMs === null ? null : whole(onsetMs),
    samples: baseline?.samples ?? 0,
  };
}

export function graphDocument(incidentId: string, findings: Findings): DependencyGraph {
  const { alertNode, nodes, edges } = dependencyGraph(findings);
  return {
    kind: 'dependency_graph',
    incidentId,
    root: alertNode,
    nodes: nodes.slice(0, 2_000).map(({ node, distance }) => ({ node, distance })),
    edges: edges.slice(0, 10_000).map(({ caller, callee }) => ({ caller, callee })),
  };
}

export function assessmentDocument(incidentId: string, findings: Findings): FaultAssessment {
  const { verdict, candidates } = faultAssessment(findings);
  return {
    kind: 'fault_assessment',
    incidentId,
    conclusive: verdict === 'root-cause',
    candidates: candidates.map(({ node, probability, faultKind, path, reason, reasonZh }) => ({
      node,
      probability,
      faultKind,
      path: path.slice(0, CANDIDATE_PATH_MAX),
      reason: sentences({ en: reason, zh: reasonZh }),
    })),
  };
}

const PART = {
  'root-cause': 'root_cause',
  propagated: 'propagated',
  'other-anomaly': 'suspect',
  healthy: 'healthy',
  silent: 'silent',
} as const satisfies Readonly<Record<FaultRole, FaultWeb['nodes'][number]['part']>>;

export function faultWebDocument(incidentId: string, findings: Findings, rootCause: string): FaultWeb {
  const { nodes, edges } = faultWeb(findings, rootCause);
  return {
    kind: 'fault_web',
    incidentId,
    rootCause,
    nodes: nodes.slice(0, 2_000).map(({ node, role, probability }) => ({ node, part: PART[role], probability })),
    edges: edges.slice(0, 10_000).map(({ caller, callee, probability }) => ({ caller, callee, probability })),
  };
}

/** @param similar cases that the solution cites */
export function solutionDocument(
  { incidentId, rootCause, faultKind }: Pick<IncidentRecord, 'incidentId' | 'rootCause' | 'faultKind'>,
  steps: Solution['steps'],
  similar: readonly PastCase[],
): Solution {
  const cited = similar.length === 0 ? {} : { similar: [...similar] };
  return { kind: 'solution', incidentId, rootCause, faultKind, steps, ...cited };
}

/** What each role is asked to find out about this scope. */
export function taskPlanDocument(incidentId: string, alertNode: string, scope: readonly string[]): TaskPlan {
  const names = { en: scope.join(', '), zh: scope.join('、') };
  const task = (role: Role, en: string, zh: string): TaskPlan['tasks'][number] => ({
    role,
    task: sentences({ en: `${ROLE_TITLES[role].tag}: ${en}`, zh: `${ROLE_TITLES[role].tag}：${zh}` }),
  });
  return {
    kind: 'task_plan',
    incidentId,
    tasks: [
      task('data_detective', `collect the metrics of ${names.en}`, `采集 ${names.zh} 的指标`),
      task('dependency_explorer', `map the calls around ${alertNode}`, `梳理 ${alertNode} 周边的调用依赖`),
      task('probability_oracle', 'weigh how likely each node is the cause', '评估各节点为根因的概率'),
      task('fault_mapper', 'draw how the fault spread, once a cause is agreed on', '根因达成共识后绘制故障传播网络'),
      task('solution_engineer', 'write the repair, once the fault web stands', '故障网络完成后制定修复方案'),
    ],
  };
}
