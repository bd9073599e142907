/** A4, Dependency Explorer: maps who depends on whom. */
import { views } from '../analysis/index.ts';
import { compareWithDownstream, queryDependencies, queryTraces } from '../tools/index.ts';
import { submitDependencyGraph } from './procedures/measurements.ts';
import { type AgentRole, promptFile } from './role.ts';

export const dependencyExplorer: AgentRole = {
  role: 'dependency_explorer',
  duties: [
    { en: 'Map direct and indirect dependencies around the alert', zh: '梳理告警周边的直接与间接依赖' },
    {
      en: 'Vote by the call graph and the traces: whose trouble does no callee explain?',
      zh: '依据依赖图与调用链投票：谁的异常无法由下游解释？',
    },
  ],
  promptFile: promptFile('dependency-explorer.md'),
  tools: [queryDependencies, queryTraces, compareWithDownstream],
  view: views.A4,
  steps: { submit_dependency_graph: submitDependencyGraph },
};
