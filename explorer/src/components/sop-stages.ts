/** Which stages of the operating procedure an incident has behind it, is in, and has before it. */
import {
  type IncidentDetail,
  mayPerform,
  ROLES,
  type Role,
  SOP_STATES,
  type SopState,
  STEP_ROLE,
  type Step,
} from '@dao-gov/node/protocol';

export type StageStatus = 'done' | 'current' | 'ahead';

export interface Stage {
  readonly state: SopState;
  readonly status: StageStatus;
}

type Progress = Pick<IncidentDetail, 'state' | 'steps' | 'proposals'>;

/** The ways that an incident may take: the ending is open until it is reached. */
const PATH: readonly SopState[] = SOP_STATES.filter((state) => state !== 'Inconclusive');

/**
 * The stages in their order. An inconclusive incident keeps what it did reach and ends with `Inconclusive`.
 *
 * @param progress null while there was no incident: everything is ahead
 */
export function sopStages(progress: Progress | null): readonly Stage[] {
  if (progress === null) return PATH.map((state) => ({ state, status: 'ahead' }));
  if (progress.state === 'Inconclusive') {
    const reached = reachedBeforeEnding(progress);
    return [
      ...PATH.slice(0, -1).map((state): Stage => ({ state, status: reached.has(state) ? 'done' : 'ahead' })),
      { state: 'Inconclusive', status: 'current' },
    ];
  }
  const current = PATH.indexOf(progress.state);
  return PATH.map((state, index) => ({
    state,
    status: index < current ? 'done' : index === current ? 'current' : 'ahead',
  }));
}

function reachedBeforeEnding({ steps, proposals }: Progress): ReadonlySet<SopState> {
  const performed = new Set<Step>(steps.map(({ step }) => step));
  const reached = new Set<SopState>(['Init']);
  if (performed.has('submit_data_collection')) reached.add('Data_Collected');
  if (proposals.length > 0) reached.add('Root_Cause_Proposed');
  if (proposals.some(({ status }) => status === 'passed')) reached.add('Consensus');
  if (performed.has('submit_solution')) reached.add('Solution');
  return reached;
}

export interface StepDue {
  readonly step: Step;
  /** Whose step it is. */
  readonly role: Role;
  /** Who else may perform it by now, because its deadline has passed; in the order of the ring. */
  readonly alternates: readonly Role[];
  /** Block time that the step has been due, in milliseconds. */
  readonly waitedMs: number;
}

/**
 * The step that is due and by whom; null while votes are out and at the end.
 *
 * @param timeMs block time now
 * @param stepDeadlineMs parameter of the chain; null while it is not known
 */
export function stepDue(
  { stepDue: step, stepOpenedAtMs }: Pick<IncidentDetail, 'stepDue' | 'stepOpenedAtMs'>,
  timeMs: number,
  stepDeadlineMs: number | null,
): StepDue | null {
  if (step === '') return null;
  const waitedMs = Math.max(0, timeMs - stepOpenedAtMs);
  const role = STEP_ROLE[step];
  const ring = [...ROLES.slice(ROLES.indexOf(role) + 1), ...ROLES.slice(0, ROLES.indexOf(role))];
  const alternates =
    stepDeadlineMs === null ? [] : ring.filter((other) => mayPerform(step, other, waitedMs, stepDeadlineMs));
  return { step, role, alternates, waitedMs };
}
