/** Triage, scheduling, collection, mapping and repair, as the deterministic reasoner does them. */
import { CALL_NAME_CHARS_MAX, SCOPE_NODES_MAX } from '../../core/constants.ts';
import { AnalystError } from '../../core/errors.ts';
import {
  buildFaultWeb,
  listRepairSteps,
  queryDependencies,
  queryLogs,
  queryMetrics,
  queryTraces,
  readAlerts,
  readPastCases,
  type ToolBox,
  ToolError,
} from '../../tools/index.ts';
import type { ReasonedOf, ReasoningTask } from '../reasoner.ts';
import { priorityOf } from './priority.ts';

export async function triage({ alert }: ReasoningTask, tools: ToolBox): Promise<ReasonedOf<'triage'>> {
  tools.thought({
    en: 'An alert waits for triage. How bad is the symptom, and is anybody else seeing it?',
    zh: '有一条告警等待分诊。症状有多严重？是否还有其他观察者？',
  });
  const { observers, alike } = await tools.use(readAlerts, {});
  const severity = await alertSeverity(alert.node, tools);
  const { priority, why } = priorityOf(severity, observers + alike);
  const summary = `${priority}: ${why.en} at ${alert.node}`;
  tools.answer({ en: `${summary}.`, zh: `${priority}：${alert.node} ${why.zh}。` });
  return { purpose: 'triage', priority, summary };
}

/** 0..1; null when there is no telemetry of the alerting node: unknown is not harmless. */
async function alertSeverity(node: string, tools: ToolBox): Promise<number | null> {
  try {
    const [metrics] = await tools.use(queryMetrics, { nodes: [node] });
    return metrics === undefined || metrics.status === 'silent' ? null : metrics.severity;
  } catch (error) {
    if (error instanceof AnalystError || error instanceof ToolError) return null;
    throw error;
  }
}

export async function scheduleTasks({ alert }: ReasoningTask, tools: ToolBox): Promise<ReasonedOf<'schedule_tasks'>> {
  const { node } = alert;
  tools.thought({
    en: `Trouble at ${node} can come from anything it depends on. Who is that?`,
    zh: `${node} 的异常可能来自它的任何依赖。先确定调查范围。`,
  });
  const scope = await scopeAround(node, tools);
  const summary = `Examine ${scope.length} nodes around ${node}: ${scope.join(', ')}`;
  tools.answer({ en: `${summary}.`, zh: `调查 ${node} 周边 ${scope.length} 个节点：${scope.join('、')}。` });
  return { purpose: 'schedule_tasks', scope, summary };
}

/** The node, what it depends on (nearest first), then who calls it. Just the node where nothing is known of it. */
async function scopeAround(node: string, tools: ToolBox): Promise<string[]> {
  try {
    const { reach, callers } = await tools.use(queryDependencies, { node });
    const all = new Set([node, ...reach, ...callers]);
    return [...all].filter((name) => name.length <= CALL_NAME_CHARS_MAX).slice(0, SCOPE_NODES_MAX);
  } catch (error) {
    if (error instanceof AnalystError || error instanceof ToolError) return [node];
    throw error;
  }
}

export async function collectData(
  { alert }: ReasoningTask,
  tools: ToolBox,
): Promise<ReasonedOf<'submit_data_collection'>> {
  const { node } = alert;
  tools.thought({
    en: `I collect the figures of ${node} and of what it calls, as they were at the alert.`,
    zh: `采集 ${node} 及其下游在告警时刻的指标。`,
  });
  const { callees } = await tools.use(queryDependencies, { node });
  const readings = await tools.use(queryMetrics, { nodes: [node, ...callees].slice(0, 12) });
  const first = readings.filter(({ status }) => status === 'anomalous').map((reading) => reading.node);
  for (const name of first.slice(0, 2)) await tools.use(queryLogs, { node: name });
  const silent = readings.filter(({ status }) => status === 'silent').map((reading) => reading.node);
  const abnormal = first.join(', ') || 'nobody';
  const summary = `Metrics of ${node} and its neighbourhood at the alert; abnormal: ${abnormal}; without data: ${silent.join(', ') || 'nobody'}`;
  tools.answer({
    en: `${summary}.`,
    zh: `已采集 ${node} 及周边节点在告警时刻的指标；异常：${first.join('、') || '无'}；无数据：${silent.join('、') || '无'}。`,
  });
  return { purpose: 'submit_data_collection', summary };
}

export async function exploreDependencies(
  { alert }: ReasoningTask,
  tools: ToolBox,
): Promise<ReasonedOf<'submit_dependency_graph'>> {
  const { node } = alert;
  tools.thought({
    en: `Which way can trouble travel to ${node}? I map its direct and indirect calls.`,
    zh: `异常可能沿哪些路径传到 ${node}？梳理其直接与间接依赖。`,
  });
  const { callees, callers, reach } = await tools.use(queryDependencies, { node });
  for (const callee of callees.slice(0, 2)) await tools.use(queryTraces, { node: callee });
  const summary = `${node} calls ${callees.length} nodes and depends on ${reach.length} in all; ${callers.length} call it`;
  tools.answer({
    en: `${summary}.`,
    zh: `${node} 直接调用 ${callees.length} 个节点，共依赖 ${reach.length} 个；有 ${callers.length} 个上游。`,
  });
  return { purpose: 'submit_dependency_graph', summary };
}

export async function mapFaultWeb(
  { rootCause }: ReasoningTask,
  tools: ToolBox,
): Promise<ReasonedOf<'submit_fault_web'>> {
  tools.thought({
    en: `The agents agreed on ${rootCause}. Whom did the fault reach from there?`,
    zh: `各智能体已就 ${rootCause} 达成共识。故障由此波及了哪些节点？`,
  });
  const { nodes, edges } = await tools.use(buildFaultWeb, { rootCause });
  const spread = nodes.filter(({ role }) => role === 'propagated').map(({ node }) => node);
  const summary = `From ${rootCause} the fault reached ${spread.join(', ') || 'no other node'} over ${edges.length} calls`;
  tools.answer({
    en: `${summary}.`,
    zh: `故障由 ${rootCause} 沿 ${edges.length} 条调用波及 ${spread.join('、') || '无其他节点'}。`,
  });
  return { purpose: 'submit_fault_web', summary };
}

export async function solve({ rootCause }: ReasoningTask, tools: ToolBox): Promise<ReasonedOf<'submit_solution'>> {
  tools.thought({
    en: `How is ${rootCause} repaired, and how will anybody see that it worked?`,
    zh: `如何修复 ${rootCause}？如何确认修复有效？`,
  });
  await tools.use(queryMetrics, { nodes: [rootCause] });
  const { summary, steps } = await tools.use(listRepairSteps, { rootCause });
  const cases = await tools.use(readPastCases, {});
  const like = cases.map(({ incidentId, outcome }) => `${incidentId} (${outcome})`).join(', ');
  const cited = like === '' ? { en: '', zh: '' } : { en: ` Like ${like}.`, zh: `类似事件：${like}。` };
  tools.answer({
    en: `${summary.en} ${steps.length} steps.${cited.en}`,
    zh: `${summary.zh}共 ${steps.length} 步。${cited.zh}`,
  });
  return { purpose: 'submit_solution', summary: `${summary.en}${cited.en}`, steps: [...steps] };
}
