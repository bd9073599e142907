/**
 * When a view must move. Nobody is blamed for silence while there is nothing to say: the timers of a view start with a
 * reason, which is a waiting transaction, a heartbeat that is due, or a notarized block that is not final yet.
 */

import type { Certificate } from '../protocol/types.ts';
import { noteDelay, patienceOf } from './patience.ts';
import { roundOf, wantsTail } from './rounds.ts';
import type { ConsensusState, Round } from './types.ts';

/** Above 250 transactions a second the pauses grow to their bound, well below that they nearly vanish. */
const PAUSE_MS_PER_TRANSACTION = 4;
/** Longest pause, as a share of the time that a leader gets. */
const PAUSE_SHARE_MAX = 0.6;

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
  const ready = state.enteredAtMs + state.pauseMs;
  const pending = state.pendingSinceMs === null ? NEVER : Math.max(ready, state.pendingSinceMs);
  const heartbeat = Math.max(state.enteredAtMs, state.progressAtMs + state.heartbeatMs);
  return Math.min(pending, heartbeat, unsettled);
}

/** True when the validator missed its last turn and has not signed anything since: its turns cost no waiting. */
export function leaderSilent(state: ConsensusState, validator: number): boolean {
  const activity = state.activity[validator];
  if (validator === state.config.self || !activity) return false;
  return activity.missedView > 0 && activity.signedView <= activity.missedView;
}

/**
 * A block costs every node much, however little it holds: messages, signatures, two syncs. Under load fewer and larger
 * blocks are cheaper, so the next waits a moment for every transaction of this one; not where its leader is silent.
 */
export function pauseAfter(state: ConsensusState, { block: hash, view }: Certificate): number {
  const block = state.blocks.get(hash);
  if (!block || leaderSilent(state, roundOf(state, view + 1).leader)) return 0;
  return Math.min(PAUSE_MS_PER_TRANSACTION * block.transactions.length, PAUSE_SHARE_MAX * state.config.leaderTimeoutMs);
}

/** When this validator gives up on the current view. */
export function nullifyAt(state: ConsensusState, round: Round): number {
  const reason = reasonAt(state);
  if (!round.proposal) {
    return reason + (leaderSilent(state, round.leader) ? 0 : state.config.leaderTimeoutMs * patienceOf(state));
  }
  return Math.min(reason, round.proposal.receivedAtMs) + state.config.advanceTimeoutMs * patienceOf(state);
}

/** Notes that the leader of a view shows itself only now: with a proposal, or by giving its own view up. */
export function noteLeader(state: ConsensusState, round: Round, nowMs: number): void {
  const dueAtMs = round.dueAtMs ?? (round.view === state.view ? reasonAt(state) : NEVER);
  if (dueAtMs !== NEVER) noteDelay(state, nowMs - dueAtMs);
}

/** When a validator that gave up on the current view repeats what can help the view to end. */
export const resendAt = (state: ConsensusState): number => state.resentAtMs + state.config.resendMs * patienceOf(state);

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
  const giveUp = gaveUp ? resendAt(state) : nullifyAt(state, round);
  return Math.min(lead, giveUp);
}
