/**
 * Whose turn a step is. A step belongs to one role; when that role stays silent, the next of the ring may perform it
 * after each further deadline, so an incident is solved with any two nodes dead.
 */
import { mayPerform, ROLES, type Role, type Step } from '../../../protocol/roles.ts';
import type { Address } from '../../../protocol/types.ts';

/** Block time after which a due step is given up: the whole ring had its turn, and one more deadline passed. */
export const stepAbandonedAfterMs = (stepDeadlineMs: number): number => (ROLES.length + 1) * stepDeadlineMs;

export interface Turn {
  readonly step: Step;
  readonly role: Role;
  readonly sender: Address;
  /** Proposer of the last rejected proposal of the incident; empty when none was. */
  readonly rejectedProposer: Address | '';
  /** Block time since the step became due. */
  readonly elapsedMs: number;
  readonly stepDeadlineMs: number;
}

/**
 * The ring decides, with one exception: after a rejection any role may propose a root cause at once, but whoever was
 * just turned down waits for one deadline, so that somebody with another opinion gets the floor.
 */
export function isTurnOf(turn: Turn): boolean {
  const { step, role, sender, rejectedProposer, elapsedMs, stepDeadlineMs } = turn;
  if (step === 'propose_root_cause' && rejectedProposer !== '') {
    return sender !== rejectedProposer || elapsedMs >= stepDeadlineMs;
  }
  return mayPerform(step, role, elapsedMs, stepDeadlineMs);
}
