/**
 * The deterministic reasoner: no model, no network. It goes the way that a careful engineer would, through the same
 * tools that a model gets, so that its transcript reads as thought, action, observation, answer with figures.
 */
import type { ToolBox } from '../../tools/index.ts';
import type { Purpose, ReasonedOf, Reasoner, ReasoningTask } from '../reasoner.ts';
import { assessFault, proposeRootCause } from './claims.ts';
import { challenge, voteOnChallenge } from './disputes.ts';
import { collectData, exploreDependencies, mapFaultWeb, scheduleTasks, solve, triage } from './steps.ts';
import { vote, voteOnMotion } from './vote.ts';

type Procedures = { readonly [P in Purpose]: (task: ReasoningTask, tools: ToolBox) => Promise<ReasonedOf<P>> };

const PROCEDURES: Procedures = {
  triage,
  schedule_tasks: scheduleTasks,
  submit_data_collection: collectData,
  submit_dependency_graph: exploreDependencies,
  submit_fault_assessment: assessFault,
  propose_root_cause: proposeRootCause,
  vote,
  vote_challenge: voteOnChallenge,
  vote_motion: voteOnMotion,
  challenge,
  submit_fault_web: mapFaultWeb,
  submit_solution: solve,
};

export const builtinReasoner: Reasoner = {
  name: 'builtin',
  decide: (task, tools) => PROCEDURES[task.purpose](task, tools),
};
