import { z } from 'zod';
import { decimalRounded } from '../analysis/index.ts';
import { knownNode, nodeName, viewOf } from './shared.ts';
import type { Tool } from './tool.ts';

export interface Traces {
  readonly node: string;
  /** False when no spans of the node were captured: absent, not fast. */
  readonly captured: boolean;
  readonly spansBefore: number;
  readonly spansDuring: number;
  /** Mean time outside of callees, decimal text in ms; null when unknown. */
  readonly selfMsBefore: string | null;
  readonly selfMsDuring: string | null;
  /** Failed spans none of whose children failed. */
  readonly errorOriginsBefore: number;
  readonly errorOriginsDuring: number;
}

export const queryTraces: Tool<{ node: string }, Traces> = {
  name: 'query_traces',
  description: {
    en: "The node's own time per span and the failures that began there, before the incident and during it.",
    zh: '查询节点在故障前后的 span 自身耗时，以及源自该节点的失败。',
  },
  schema: z.strictObject({ node: nodeName }),
  run: async ({ node: name }, context) => {
    const { node, spans } = knownNode(viewOf(await context.findings()), name);
    if (spans === null) {
      return {
        data: absent(node),
        text: { en: `no spans of ${node} were captured`, zh: `没有采集到 ${node} 的 span` },
      };
    }
    const ms = (value: number | null): string | null => (value === null ? null : decimalRounded(value));
    const { spansBefore, spansDuring, errorOriginsBefore, errorOriginsDuring } = spans;
    const [before, during] = [ms(spans.selfMsBefore), ms(spans.selfMsDuring)];
    return {
      data: {
        ...{ node, captured: true, spansBefore, spansDuring, errorOriginsBefore, errorOriginsDuring },
        ...{ selfMsBefore: before, selfMsDuring: during },
      },
      text: {
        en: `${node}: own time per span ${before ?? 'unknown'} -> ${during ?? 'unknown'} ms over ${spansDuring} spans; failures that began there ${errorOriginsBefore} -> ${errorOriginsDuring}`,
        zh: `${node}：span 自身耗时 ${before ?? '未知'} → ${during ?? '未知'} ms（${spansDuring} 个 span）；源自该节点的失败 ${errorOriginsBefore} → ${errorOriginsDuring}`,
      },
    };
  },
};

const absent = (node: string): Traces => ({
  node,
  captured: false,
  spansBefore: 0,
  spansDuring: 0,
  selfMsBefore: null,
  selfMsDuring: null,
  errorOriginsBefore: 0,
  errorOriginsDuring: 0,
});
