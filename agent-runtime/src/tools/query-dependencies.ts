import { z } from 'zod';
import { knownNode, nodeName, viewOf } from './shared.ts';
import type { Tool } from './tool.ts';

export interface Dependencies {
  readonly node: string;
  /** Calls away from the alerting node; null when it does not depend on this node. */
  readonly distance: number | null;
  readonly callers: readonly string[];
  readonly callees: readonly string[];
  /** Everything that the node depends on, directly or not, nearest first. */
  readonly reach: readonly string[];
}

const REACH_MAX = 64;

export const queryDependencies: Tool<{ node: string }, Dependencies> = {
  name: 'query_dependencies',
  description: {
    en: 'Who calls the node, whom it calls, and everything it depends on.',
    zh: '查询节点的上游、下游以及全部直接与间接依赖。',
  },
  schema: z.strictObject({ node: nodeName }),
  run: async ({ node: name }, context) => {
    const view = viewOf(await context.findings());
    const { node, distance } = knownNode(view, name);
    const callers = view.graph.callers.get(node) ?? [];
    const callees = view.graph.callees.get(node) ?? [];
    const reach = reachOf(view.graph.callees, node);
    const list = (names: readonly string[], separator: string, none: string): string => names.join(separator) || none;
    return {
      data: { node, distance, callers, callees, reach },
      text: {
        en: `${node} is called by ${list(callers, ', ', 'nobody')}, calls ${list(callees, ', ', 'nobody')}, and depends on ${reach.length} nodes in all`,
        zh: `${node} 的上游：${list(callers, '、', '无')}；下游：${list(callees, '、', '无')}；共依赖 ${reach.length} 个节点`,
      },
    };
  },
};

/** Breadth first. */
function reachOf(callees: ReadonlyMap<string, readonly string[]>, from: string): readonly string[] {
  const seen = new Set([from]);
  for (const node of seen) {
    for (const callee of callees.get(node) ?? []) if (seen.size <= REACH_MAX) seen.add(callee);
  }
  seen.delete(from);
  return [...seen];
}
