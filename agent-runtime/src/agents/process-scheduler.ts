/** A2, Process Scheduler: says what is to be examined, and by whom. */
import { views } from '../analysis/index.ts';
import { queryDependencies, queryMetrics, readAlerts } from '../tools/index.ts';
import { scheduleTasks } from './procedures/schedule-tasks.ts';
import { type AgentRole, promptFile } from './role.ts';

export const processScheduler: AgentRole = {
  role: 'process_scheduler',
  duties: [
    { en: "Set the scope: the alerting node's neighbourhood", zh: '确定调查范围：告警节点的邻域' },
    { en: 'Give every role its task', zh: '为各角色分配子任务' },
    {
      en: 'Vote by reach and timing: who fell ill first, within reach of the alert?',
      zh: '依据可达性与时序投票：可达范围内谁最先异常？',
    },
  ],
  promptFile: promptFile('process-scheduler.md'),
  tools: [readAlerts, queryDependencies, queryMetrics],
  view: views.A2,
  steps: { schedule_tasks: scheduleTasks },
};
