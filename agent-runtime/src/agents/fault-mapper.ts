/** A6, Fault Mapper: draws how the fault spread from the agreed cause. */
import { views } from '../analysis/index.ts';
import { buildFaultWeb, queryDependencies, queryMetrics } from '../tools/index.ts';
import { submitFaultWeb } from './procedures/repair.ts';
import { type AgentRole, promptFile } from './role.ts';

export const faultMapper: AgentRole = {
  role: 'fault_mapper',
  duties: [
    { en: 'Build the fault web from the agreed root cause', zh: '依据已达成共识的根因构建故障网络' },
    {
      en: 'Vote by consistency: does one story fit from the cause to the alert?',
      zh: '依据一致性投票：从根因到告警的传播是否说得通？',
    },
  ],
  promptFile: promptFile('fault-mapper.md'),
  tools: [buildFaultWeb, queryDependencies, queryMetrics],
  view: views.A6,
  steps: { submit_fault_web: submitFaultWeb },
};
