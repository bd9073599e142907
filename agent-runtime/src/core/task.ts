/** The task that a duty is for a reasoner: what the chain says about it, and nothing else. */
import type { Params, Role, TimestampMs } from '@dao-gov/node/protocol';
import type { Purpose, ReasoningTask } from '../reasoners/reasoner.ts';
import type { ToolAlert } from '../tools/index.ts';
import { DUPLICATE_WINDOW_MS } from './constants.ts';
import type { AgentView, Duty } from './duties.ts';
import type { AgentPolicy } from './policy.ts';
import { pollOf } from './vote-duties.ts';

/** A motion is about no alert. */
const NO_ALERT: ToolAlert = { node: '', metric: '', atMs: 0, source: '', title: '', observers: 0, alike: 0 };

export function toolAlertOf(duty: Duty, { alerts }: AgentView): ToolAlert {
  if (duty.kind === 'vote_motion') return NO_ALERT;
  const { title } = duty.kind === 'triage' ? duty.alert : duty.incident;
  const { node, metric, atMs, source } = duty.kind === 'triage' ? duty.alert : duty.incident.alert;
  const own = duty.kind === 'triage' ? duty.alert.alertId : duty.incident.alertId;
  const observers = duty.kind === 'triage' ? duty.alert.observers.length : 1;
  const alike = alerts.filter(
    (other) => other.alertId !== own && other.source === source && Math.abs(other.atMs - atMs) <= DUPLICATE_WINDOW_MS,
  );
  return { node, metric, atMs, source, title, observers, alike: alike.length };
}

/** Empty for what belongs to no incident. */
export const incidentIdOf = (duty: Duty): string => ('incident' in duty ? duty.incident.incidentId : '');

interface Circumstances {
  readonly role: Role;
  readonly params: Params;
  readonly failure: { readonly code: string; readonly detail: string } | undefined;
  readonly alert: ToolAlert;
  readonly nowMs: TimestampMs;
  readonly policy: AgentPolicy;
  readonly motion: ReasoningTask['motion'];
}

export function taskOf(
  duty: Duty,
  purpose: Purpose,
  { role, params, failure, alert, nowMs, policy, motion }: Circumstances,
): ReasoningTask {
  const proposal = 'proposal' in duty ? duty.proposal : undefined;
  return {
    purpose,
    role,
    incidentId: incidentIdOf(duty),
    alert,
    rootCause: proposal?.rootCause ?? ('incident' in duty ? duty.incident.rootCause : ''),
    claim: proposal
      ? { faultKind: proposal.faultKind, probability: proposal.probability, reason: proposal.reason.en }
      : null,
    challenge: 'challenge' in duty && duty.challenge ? { reason: duty.challenge.reason.en } : null,
    motion,
    rejectedCauses: 'rejectedCauses' in duty ? duty.rejectedCauses : [],
    probabilityMin: purpose === 'challenge' ? policy.challenge.probabilityMin : worthClaiming(params),
    timeLeftMs: timeLeftOf(duty, params, nowMs),
    failure: failure ?? null,
  };
}

function timeLeftOf(duty: Duty, { stepDeadlineMs }: Params, nowMs: TimestampMs): number {
  switch (duty.kind) {
    case 'vote':
      return Math.max(0, pollOf(duty).commitEndsAtMs - nowMs);
    case 'reveal_vote':
      return Math.max(0, pollOf(duty).revealEndsAtMs - nowMs);
    case 'vote_motion':
      return Math.max(0, duty.motion.commitEndsAtMs - nowMs);
    case 'challenge':
      return Math.max(0, duty.incident.challengeEndsAtMs - nowMs);
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
