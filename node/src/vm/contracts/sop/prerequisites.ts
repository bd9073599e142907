/** The order of the procedure: what must stand on chain before a step, each with the code that says it does not. */
import type { FailureCode } from '../../../protocol/errors.ts';
import type { IncidentRecord } from '../../../protocol/records.ts';
import type { Step } from '../../../protocol/roles.ts';
import { ensure } from '../../errors.ts';
import { standingSteps } from './standing-steps.ts';

interface Prerequisite {
  readonly isMet: (incident: IncidentRecord) => boolean;
  readonly code: FailureCode;
  readonly detail: string;
}

const after = (step: Step, code: FailureCode, detail: string): Prerequisite => ({
  isMet: ({ steps }) => steps.some((done) => done.step === step),
  code,
  detail,
});

const tasks = after('schedule_tasks', 'NO_TASKS_SCHEDULED', 'No tasks are scheduled for this incident yet.');
const data = after('submit_data_collection', 'NO_DATA_COLLECTED', 'No data of this incident is on chain yet.');
const graph = after('submit_dependency_graph', 'NO_DEPENDENCY_GRAPH', 'No dependency graph is on chain yet.');
const assessment = after('submit_fault_assessment', 'NO_FAULT_ASSESSMENT', 'No fault assessment is on chain yet.');
const faultWeb: Prerequisite = {
  ...after('submit_fault_web', 'NO_FAULT_WEB', 'No fault web of this claim is on chain yet.'),
  isMet: ({ steps }) => standingSteps(steps).some(({ step }) => step === 'submit_fault_web'),
};
const consensus: Prerequisite = {
  isMet: ({ rootCause }) => rootCause !== '',
  code: 'NO_CONSENSUS',
  detail: 'The agents have not agreed on a root cause yet.',
};

const PREREQUISITES: Readonly<Record<Step, readonly Prerequisite[]>> = {
  triage: [],
  schedule_tasks: [],
  submit_data_collection: [tasks],
  submit_dependency_graph: [data],
  submit_fault_assessment: [graph],
  propose_root_cause: [data, graph, assessment],
  submit_fault_web: [consensus],
  submit_solution: [consensus, faultWeb],
};

/** @throws ContractError with the code of the first missing prerequisite */
export function requirePrerequisites(incident: IncidentRecord, step: Step): void {
  for (const { isMet, code, detail } of PREREQUISITES[step]) ensure(isMet(incident), code, detail);
}
