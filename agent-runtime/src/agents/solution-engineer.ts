/** A7, Solution Engineer: writes the repair as steps that can be checked. */
import { views } from '../analysis/index.ts';
import { compareWithDownstream, listRepairSteps, queryLogs, queryMetrics, readPastCases } from '../tools/index.ts';
import { submitSolution } from './procedures/repair.ts';
import { type AgentRole, promptFile } from './role.ts';

export const solutionEngineer: AgentRole = {
  role: 'solution_engineer',
  duties: [
    {
      en: 'Write structured repair steps, each with a check, its risk and who must approve it',
      zh: '制定结构化修复步骤：检查方法、风险与审批要求',
    },
    {
      en: 'Cite earlier incidents of the chain that were alike, with their outcome',
      zh: '引用链上类似的历史事件及其结果',
    },
    {
      en: 'Vote by repairability: would a repair there have a target?',
      zh: '依据可修复性投票：在该处修复是否有明确目标？',
    },
  ],
  promptFile: promptFile('solution-engineer.md'),
  tools: [readPastCases, listRepairSteps, queryMetrics, queryLogs, compareWithDownstream],
  view: views.A7,
  steps: { submit_solution: submitSolution },
};
