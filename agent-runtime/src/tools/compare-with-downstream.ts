import { z } from 'zod';
import { type NodeStatus, writeReason } from '../analysis/index.ts';
import { joined, knownNode, nodeName, nodeText, viewOf } from './shared.ts';
import type { Tool } from './tool.ts';

export interface Comparison {
  readonly node: string;
  readonly status: NodeStatus;
  readonly downstream: readonly { readonly node: string; readonly status: NodeStatus }[];
  /** Of the node's trouble, the share that its callees account for, in thousandths, and the one that does most. */
  readonly explained: number;
  readonly explainedBy: string | null;
  /** Why the node is, or is not, the cause, with the figures of both sides. */
  readonly reason: { readonly en: string; readonly zh: string };
}

export const compareWithDownstream: Tool<{ node: string }, Comparison> = {
  name: 'compare_with_downstream',
  description: {
    en: 'Sets a node against what it calls: is its trouble its own, or does a callee explain it? Silent callees prove nothing.',
    zh: '将节点与其下游对比：异常源自自身，还是可由下游解释？没有数据的下游不能作为证据。',
  },
  schema: z.strictObject({ node: nodeName }),
  run: async ({ node: name }, context) => {
    const findings = await context.findings();
    const view = viewOf(findings);
    const own = knownNode(view, name);
    const downstream = (view.graph.callees.get(own.node) ?? []).flatMap((callee) => view.node(callee) ?? []);
    const texts = joined(
      downstream.map((finding) => nodeText(view, finding)),
      { en: 'it calls nobody', zh: '没有下游' },
    );
    const { en, zh } = writeReason(findings, own.node);
    const self = nodeText(view, own);
    return {
      data: {
        ...{ node: own.node, status: own.status, explainedBy: own.explainedBy, reason: { en, zh } },
        downstream: downstream.map(({ node, status }) => ({ node, status })),
        explained: Math.floor(own.explained * 1_000),
      },
      text: {
        en: `${self.en}; downstream: ${texts.en}`,
        zh: `${self.zh}；下游：${texts.zh}`,
      },
    };
  },
};
