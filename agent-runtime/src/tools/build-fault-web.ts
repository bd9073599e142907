import { z } from 'zod';
import { type FaultWeb, faultWeb } from '../analysis/index.ts';
import { knownNode, nodeName, viewOf } from './shared.ts';
import type { Tool } from './tool.ts';

export const buildFaultWeb: Tool<{ rootCause: string }, Pick<FaultWeb, 'nodes' | 'edges'>> = {
  name: 'build_fault_web',
  description: {
    en: 'How the fault spread from this root cause: the part of every node, and the calls that trouble came over.',
    zh: '构建故障传播网络：各节点的角色，以及异常沿哪些调用传播。',
  },
  schema: z.strictObject({ rootCause: nodeName }),
  run: async ({ rootCause }, context) => {
    const findings = await context.findings();
    const { node } = knownNode(viewOf(findings), rootCause);
    const { nodes, edges } = faultWeb(findings, node);
    const carrying = edges.filter(({ probability }) => probability > 0);
    const spread = nodes.filter(({ role }) => role === 'propagated').map((item) => item.node);
    const other = nodes.filter(({ role }) => role === 'other-anomaly').map((item) => item.node);
    return {
      data: { nodes, edges: carrying },
      text: {
        en: `from ${node} the fault spread to ${spread.join(', ') || 'nobody'}; unrelated trouble: ${other.join(', ') || 'none'}; ${carrying.length} calls carry it`,
        zh: `故障由 ${node} 传播至 ${spread.join('、') || '无'}；无关异常：${other.join('、') || '无'}；共 ${carrying.length} 条传播边`,
      },
    };
  },
};
