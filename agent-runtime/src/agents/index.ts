/** The seven roles, one file each, and who does what how. */
import type { Role, Step } from '@dao-gov/node/protocol';
import type { Duty, IncidentStep } from '../core/duties.ts';
import { type AnyTool, assessFaultProbability, checkEvidence, judgeClaim } from '../tools/index.ts';
import { alertReceiver } from './alert-receiver.ts';
import { dataDetective } from './data-detective.ts';
import { dependencyExplorer } from './dependency-explorer.ts';
import { faultMapper } from './fault-mapper.ts';
import { probabilityOracle } from './probability-oracle.ts';
import { challenge } from './procedures/challenge.ts';
import type { Prepared, Procedure, ProcedureContext, StepDuty } from './procedures/procedure.ts';
import { triage } from './procedures/triage.ts';
import { verifyOutcome } from './procedures/verify-outcome.ts';
import { revealVote, vote } from './procedures/vote.ts';
import { voteOnMotion } from './procedures/vote-motion.ts';
import { processScheduler } from './process-scheduler.ts';
import type { AgentRole } from './role.ts';
import { solutionEngineer } from './solution-engineer.ts';

export const AGENT_ROLES: Readonly<Record<Role, AgentRole>> = {
  alert_receiver: alertReceiver,
  process_scheduler: processScheduler,
  data_detective: dataDetective,
  dependency_explorer: dependencyExplorer,
  probability_oracle: probabilityOracle,
  fault_mapper: faultMapper,
  solution_engineer: solutionEngineer,
};

const roles: readonly AgentRole[] = Object.values(AGENT_ROLES);

/** The role whose file says how a step is done. */
function ownerOf(step: Step): AgentRole {
  const owner = roles.find(({ steps }) => step in steps);
  if (owner === undefined) throw new Error(`no role performs ${step}`);
  return owner;
}

function procedureOf(step: IncidentStep): Procedure<StepDuty> {
  const procedure = ownerOf(step).steps[step];
  if (procedure === undefined) throw new Error(`no role performs ${step}`);
  return procedure;
}

/** Does a duty by its procedure, whichever role's it is: who stands in for another follows that one's way. */
export function prepare(duty: Duty, context: ProcedureContext): Promise<Prepared> {
  switch (duty.kind) {
    case 'triage':
      return triage(duty, context);
    case 'vote':
      return vote(duty, context);
    case 'reveal_vote':
      return revealVote(duty, context);
    case 'vote_motion':
      return voteOnMotion(duty, context);
    case 'challenge':
      return challenge(duty, context);
    case 'verify_outcome':
      return verifyOutcome(duty, context);
    default:
      return procedureOf(duty.kind)(duty, context);
  }
}

/**
 * The tools that a role may use for a duty: its own, and those of a step that it stands in for, of a voter, or of a
 * challenger. A motion is judged by policy, an outcome by measurement: neither takes any.
 */
export function toolsFor(role: Role, kind: Duty['kind']): readonly AnyTool[] {
  const own = AGENT_ROLES[role].tools;
  switch (kind) {
    case 'vote':
    case 'reveal_vote':
      return [...new Set([...own, checkEvidence, judgeClaim])];
    case 'challenge':
      return [...new Set([...own, assessFaultProbability, judgeClaim])];
    case 'vote_motion':
    case 'verify_outcome':
      return [];
    default:
      return [...new Set([...ownerOf(kind).tools, ...own])];
  }
}

export type { AgentRole } from './role.ts';
