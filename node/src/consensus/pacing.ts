/**
 * When a view must move. Nobody is blamed for silence while there is nothing to say: the timers of a view start with a
 * reason, which is a waiting transaction, a heartbeat that is due, or a notarized block that is not final yet.
 */

import { roundOf, wantsTail } from './rounds.ts';
import type { ConsensusState, Round } from './types.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** View of the highest notarized block, at least the anchor's. */
function notarizedView(state: ConsensusState): number {
  let highest = state.anchor.view;
  for (const round of state.rounds.values()) if (round.notarization && round.view > highest) highest = round.view;
  return highest;
}

/**
 * Monotonic time from which the current view has a reason to produce a block. A tail carries nothing, so its only
 * reason is that the block below it does not become final by itself.
 */
export function reasonAt(state: ConsensusState): number {
  const unsettled = notarizedView(state) > state.anchor.view ? state.enteredAtMs + state.config.leaderTimeoutMs : NEVER;
  if (wantsTail(state)) return unsettled;
  const pending = state.pendingSinceMs === null ? NEVER : Math.max(state.enteredAtMs, state.pendingSinceMs);
  const heartbeat = Math.max(state.enteredAtMs, state.progressAtMs + state.heartbeatMs);
  return Math.min(pending, heartbeat, unsettled);
}

/** True when the validator missed its last turn and has not signed anything since: its turns cost no waiting. */
export function leaderSilent(state: ConsensusState, validator: number): boolean {
  const activity = state.activity[validator];
  if (validator === state.config.self || !activity) return false;
  return activity.missedView > 0 && activity.signedView <= activity.missedView;
}

/** When this validator gives up on the current view. */
export function nullifyAt(state: ConsensusState, round: Round): number {
  const reason = reasonAt(state);
  if (!round.proposal) {
    return reason + (leaderSilent(state, round.leader) ? 0 : state.config.leaderTimeoutMs);
  }
  return Math.min(reason, round.proposal.receivedAtMs) + state.config.advanceTimeoutMs;
}

/** The next time at which `tick` has something to do; infinity when only a message can change anything. */
export function nextWake(state: ConsensusState, nowMs: number): number {
  const { self, resendMs } = state.config;
  if (self === null) return NEVER;
  const round = roundOf(state, state.view);
  const gaveUp = round.own.nullify !== null;
  let lead = NEVER;
  if (self === round.leader && !round.buildAsked && !gaveUp) {
    const reason = reasonAt(state);
    // A leader with a reason that has not asked for a block lacks its parent: it asks for that again later.
    lead = reason > nowMs ? reason : nowMs + resendMs;
  }
  const giveUp = gaveUp ? state.resentAtMs + resendMs : nullifyAt(state, round);
  return Math.min(lead, giveUp);
}
