/** A5, Probability Oracle: weighs the evidence and claims a root cause, with tokens at stake. */
import { views } from '../analysis/index.ts';
import {
  assessFaultProbability,
  compareWithDownstream,
  queryDependencies,
  queryLogs,
  queryMetrics,
  queryTraces,
} from '../tools/index.ts';
import { submitFaultAssessment } from './procedures/measurements.ts';
import { proposeRootCause } from './procedures/propose-root-cause.ts';
import { type AgentRole, promptFile } from './role.ts';

export const probabilityOracle: AgentRole = {
  role: 'probability_oracle',
  duties: [
    { en: 'Weigh how probable each node is the cause', zh: '评估各节点为根因的概率' },
    {
      en: 'Claim the most probable cause with a stake, or nothing when the evidence does not bear it',
      zh: '质押提出最可能的根因；证据不足则不提出',
    },
    { en: 'Never repeat a claim that was voted down', zh: '不重复已被否决的主张' },
    { en: 'Vote by the fused probability', zh: '依据融合概率投票' },
  ],
  promptFile: promptFile('probability-oracle.md'),
  tools: [assessFaultProbability, compareWithDownstream, queryMetrics, queryDependencies, queryTraces, queryLogs],
  view: views.A5,
  steps: { submit_fault_assessment: submitFaultAssessment, propose_root_cause: proposeRootCause },
};
