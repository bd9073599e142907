import { z } from 'zod';
import { type Lookup, type NodeFinding, type NodeStatus, plain, readableTime } from '../analysis/index.ts';
import { joined, knownNode, NODES_PER_CALL_MAX, nodeName, nodeText, viewOf } from './shared.ts';
import type { Tool } from './tool.ts';

export interface NodeMetrics {
  readonly node: string;
  readonly status: NodeStatus;
  readonly severity: number;
  readonly since: string | null;
  readonly metrics: readonly {
    readonly metric: string;
    readonly unit: string;
    /** Absent when nothing was observed at the alert. */
    readonly value: number | null;
    readonly usual: number | null;
    readonly deviations: string;
    readonly abnormal: boolean;
  }[];
}

export const queryMetrics: Tool<{ nodes: string[] }, readonly NodeMetrics[]> = {
  name: 'query_metrics',
  description: {
    en: 'Metrics of the named nodes at the alert, beside what is usual for them. Absent data is null, never zero.',
    zh: '查询节点在告警时刻的指标及其常态基线。缺失的数据为 null，而不是 0。',
  },
  schema: z.strictObject({ nodes: z.array(nodeName).min(1).max(NODES_PER_CALL_MAX) }),
  run: async ({ nodes }, context) => {
    const view = viewOf(await context.findings());
    const found = nodes.map((name) => knownNode(view, name));
    return {
      data: found.map((finding) => metricsOf(view, finding)),
      text: joined(
        found.map((finding) => nodeText(view, finding)),
        { en: 'nothing', zh: '无' },
      ),
    };
  },
};

const METRICS_PER_NODE = 8;

function metricsOf(view: Lookup, { node, status, severity, onsetMs }: NodeFinding): NodeMetrics {
  const series = view.seriesOf(node).toSorted((a, b) => b.strength - a.strength);
  return {
    node,
    status,
    severity: Math.round(severity * 1_000) / 1_000,
    since: onsetMs === null ? null : readableTime(onsetMs),
    metrics: series.slice(0, METRICS_PER_NODE).map(({ metric, unit, atAlert, baseline, z: deviations, anomalous }) => ({
      metric,
      unit,
      value: atAlert?.value ?? null,
      usual: baseline?.median ?? null,
      deviations: plain(Math.round(deviations)),
      abnormal: anomalous,
    })),
  };
}
