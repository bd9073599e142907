/** The task that a duty is for a reasoner: what the chain says about it, and nothing else. */
import type { Params, Role, TimestampMs } from '@dao-gov/node/protocol';
import type { Purpose, ReasoningTask } from '../reasoners/reasoner.ts';
import type { ToolAlert } from '../tools/index.ts';
import { DUPLICATE_WINDOW_MS } from './constants.ts';
import type { AgentView, Duty } from './duties.ts';

export function toolAlertOf(duty: Duty, { alerts }: AgentView): ToolAlert {
  const { title } = duty.kind === 'triage' ? duty.alert : duty.incident;
  const { node, metric, atMs, source } = duty.kind === 'triage' ? duty.alert : duty.incident.alert;
  const own = duty.kind === 'triage' ? duty.alert.alertId : duty.incident.alertId;
  const observers = duty.kind === 'triage' ? duty.alert.observers.length : 1;
  const alike = alerts.filter(
    (other) => other.alertId !== own && other.source === source && Math.abs(other.atMs - atMs) <= DUPLICATE_WINDOW_MS,
  );
  return { node, metric, atMs, source, title, observers, alike: alike.length };
}

interface Circumstances {
  readonly role: Role;
  readonly params: Params;
  readonly failure: { readonly code: string; readonly detail: string } | undefined;
  readonly alert: ToolAlert;
  readonly nowMs: TimestampMs;
}

export function taskOf(
  duty: Duty,
  purpose: Purpose,
  { role, params, failure, alert, nowMs }: Circumstances,
): ReasoningTask {
  const proposal = 'proposal' in duty ? duty.proposal : undefined;
  return {
    purpose,
    role,
    incidentId: duty.kind === 'triage' ? '' : duty.incident.incidentId,
    alert,
    rootCause: proposal?.rootCause ?? (duty.kind === 'triage' ? '' : duty.incident.rootCause),
    claim: proposal
      ? { faultKind: proposal.faultKind, probability: proposal.probability, reason: proposal.reason.en }
      : null,
    rejectedCauses: 'rejectedCauses' in duty ? duty.rejectedCauses : [],
    probabilityMin: worthClaiming(params),
    timeLeftMs: timeLeftOf(duty, params, nowMs),
    failure: failure ?? null,
  };
}

function timeLeftOf(duty: Duty, { stepDeadlineMs }: Params, nowMs: TimestampMs): number {
  switch (duty.kind) {
    case 'vote':
      return Math.max(0, duty.proposal.commitEndsAtMs - nowMs);
    case 'reveal_vote':
      return Math.max(0, duty.proposal.revealEndsAtMs - nowMs);
    default:
      // From the moment that a step is somebody's duty, nobody else may take it for one deadline.
      return stepDeadlineMs;
  }
}

/** Thousandths from which a claim wins more than it loses on average: p * (reward + bounty) > (1 - p) * penalty. */
export function worthClaiming({ rewards, penalties }: Pick<Params, 'rewards' | 'penalties'>): number {
  const gain = rewards.proposer + rewards.bounty;
  const loss = penalties.rejectedProposer;
  return gain + loss === 0 ? 0 : Math.ceil((1_000 * loss) / (gain + loss));
}
