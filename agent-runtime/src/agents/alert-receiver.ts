/** A1, Alert Receiver: takes the most pressing alert first and says how pressing it is. */
import { views } from '../analysis/index.ts';
import { queryMetrics, readAlerts } from '../tools/index.ts';
import { triage } from './procedures/triage.ts';
import { type AgentRole, promptFile } from './role.ts';

export const alertReceiver: AgentRole = {
  role: 'alert_receiver',
  duties: [
    {
      en: 'Rank alerts by the severity of their symptom and by how many see it',
      zh: '按症状严重程度与观察者数量对告警排序',
    },
    {
      en: 'Open the incident of the most pressing alert; let duplicates wait',
      zh: '为最高优先级告警开启事件，重复告警等待',
    },
    { en: "Vote by the alert's own symptom and its timing", zh: '依据告警症状与时序投票' },
  ],
  promptFile: promptFile('alert-receiver.md'),
  tools: [readAlerts, queryMetrics],
  view: views.A1,
  steps: { triage },
};
