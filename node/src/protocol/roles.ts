/** The seven roles of the agents (report, table 3.2.2), in the order of the ring that steps are handed along. */
export const ROLES = [
  'alert_receiver',
  'process_scheduler',
  'data_detective',
  'dependency_explorer',
  'probability_oracle',
  'fault_mapper',
  'solution_engineer',
] as const;

export type Role = (typeof ROLES)[number];

/** Short tag and display name of a role. */
export const ROLE_TITLES: Readonly<Record<Role, { readonly tag: string; readonly title: string }>> = {
  alert_receiver: { tag: 'A1', title: 'Alert Receiver' },
  process_scheduler: { tag: 'A2', title: 'Process Scheduler' },
  data_detective: { tag: 'A3', title: 'Data Detective' },
  dependency_explorer: { tag: 'A4', title: 'Dependency Explorer' },
  probability_oracle: { tag: 'A5', title: 'Probability Oracle' },
  fault_mapper: { tag: 'A6', title: 'Fault Mapper' },
  solution_engineer: { tag: 'A7', title: 'Solution Engineer' },
};

/** The steps of the operating procedure, in order, and the role that performs each first. */
export const STEPS = [
  'triage',
  'schedule_tasks',
  'submit_data_collection',
  'submit_dependency_graph',
  'submit_fault_assessment',
  'propose_root_cause',
  'submit_fault_web',
  'submit_solution',
] as const;

export type Step = (typeof STEPS)[number];

export const STEP_ROLE: Readonly<Record<Step, Role>> = {
  triage: 'alert_receiver',
  schedule_tasks: 'process_scheduler',
  submit_data_collection: 'data_detective',
  submit_dependency_graph: 'dependency_explorer',
  submit_fault_assessment: 'probability_oracle',
  propose_root_cause: 'probability_oracle',
  submit_fault_web: 'fault_mapper',
  submit_solution: 'solution_engineer',
};

/**
 * Tells whether `role` may perform `step` now. The step's own role may at once; after each further `stepDeadlineMs`
 * the next role of the ring may too, so that a step never waits for a dead node for ever.
 *
 * @param elapsedMs block time since the step opened, in milliseconds
 */
export function mayPerform(step: Step, role: Role, elapsedMs: number, stepDeadlineMs: number): boolean {
  return elapsedMs >= ringDistance(role, STEP_ROLE[step]) * stepDeadlineMs;
}

/** Places in the ring from one role on to another. */
export const ringDistance = (role: Role, from: Role): number =>
  (ROLES.indexOf(role) - ROLES.indexOf(from) + ROLES.length) % ROLES.length;

/** Who measures first whether the fix has worked; the ring follows as with a step. */
export const OUTCOME_ROLE: Role = 'data_detective';
