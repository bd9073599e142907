/** A3, Data Detective: puts the measured figures on chain. */
import { views } from '../analysis/index.ts';
import { queryDependencies, queryLogs, queryMetrics } from '../tools/index.ts';
import { submitDataCollection } from './procedures/measurements.ts';
import { type AgentRole, promptFile } from './role.ts';

export const dataDetective: AgentRole = {
  role: 'data_detective',
  duties: [
    {
      en: 'Collect the metrics in scope as they were at the alert, with what is usual',
      zh: '采集范围内节点在告警时刻的指标与常态基线',
    },
    { en: 'Say which nodes were silent: absent is not zero', zh: '指明没有数据的节点：缺失不等于零' },
    { en: 'Vote by metrics alone', zh: '仅依据指标投票' },
  ],
  promptFile: promptFile('data-detective.md'),
  tools: [queryMetrics, queryLogs, queryDependencies],
  view: views.A3,
  steps: { submit_data_collection: submitDataCollection },
};
