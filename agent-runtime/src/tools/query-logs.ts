import { z } from 'zod';
import { knownNode, nodeName, viewOf } from './shared.ts';
import type { Tool } from './tool.ts';

export interface Logs {
  readonly node: string;
  /** False when the node wrote no error records, or none were captured. */
  readonly captured: boolean;
  readonly errorsBefore: number;
  readonly errorsDuring: number;
}

export const queryLogs: Tool<{ node: string }, Logs> = {
  name: 'query_logs',
  description: {
    en: 'Error records in the logs of the node, before the incident and during it.',
    zh: '查询节点在故障前后的错误日志数量。',
  },
  schema: z.strictObject({ node: nodeName }),
  run: async ({ node: name }, context) => {
    const { node, logs } = knownNode(viewOf(await context.findings()), name);
    const [errorsBefore, errorsDuring] = [logs?.errorsBefore ?? 0, logs?.errorsDuring ?? 0];
    return {
      data: { node, captured: logs !== null, errorsBefore, errorsDuring },
      text:
        logs === null
          ? { en: `no error records of ${node} were captured`, zh: `没有采集到 ${node} 的错误日志` }
          : {
              en: `${node}: ${errorsBefore} error records before the incident, ${errorsDuring} during it`,
              zh: `${node}：故障前 ${errorsBefore} 条错误日志，故障期间 ${errorsDuring} 条`,
            },
    };
  },
};
