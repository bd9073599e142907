/** Every call with the contract code that performs it. */
import type { CallType } from '../../protocol/calls.ts';
import type { Call } from './call.ts';
import { proposeParameters, proposeSpending } from './governance/open-motion.ts';
import { revealVote } from './governance/reveal-vote.ts';
import { vote } from './governance/vote.ts';
import { challenge } from './sop/challenge.ts';
import { proposeRootCause } from './sop/propose-root-cause.ts';
import { raiseAlert } from './sop/raise-alert.ts';
import { scheduleTasks } from './sop/schedule-tasks.ts';
import { submitDataCollection } from './sop/submit-data-collection.ts';
import { submitDependencyGraph } from './sop/submit-dependency-graph.ts';
import { submitFaultAssessment } from './sop/submit-fault-assessment.ts';
import { submitFaultWeb } from './sop/submit-fault-web.ts';
import { submitSolution } from './sop/submit-solution.ts';
import { triage } from './sop/triage.ts';
import { verifyOutcome } from './sop/verify-outcome.ts';
import { bond } from './staking/bond.ts';
import { submitEquivocation } from './staking/submit-equivocation.ts';
import { unbond } from './staking/unbond.ts';
import { stake, unstake } from './token/stake.ts';
import { transfer } from './token/transfer.ts';

const handlers: { readonly [T in CallType]: (call: Call<T>) => void } = {
  transfer,
  stake,
  unstake,
  bond,
  unbond,
  submit_equivocation: submitEquivocation,
  raise_alert: raiseAlert,
  triage,
  schedule_tasks: scheduleTasks,
  submit_data_collection: submitDataCollection,
  submit_dependency_graph: submitDependencyGraph,
  submit_fault_assessment: submitFaultAssessment,
  propose_root_cause: proposeRootCause,
  vote,
  reveal_vote: revealVote,
  submit_fault_web: submitFaultWeb,
  submit_solution: submitSolution,
  challenge,
  verify_outcome: verifyOutcome,
  propose_parameters: proposeParameters,
  propose_spending: proposeSpending,
};

/** Performs a call. @throws ContractError when a precondition of the call does not hold */
export function perform<T extends CallType>(type: T, call: Call<T>): void {
  handlers[type](call);
}
