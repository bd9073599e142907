/** Where the challenge window of a solved incident stands. */
import type { IncidentDetail } from '@dao-gov/node/protocol';
import { isOpenPoll } from './proposal/poll.ts';

export interface ChallengeWindowState {
  /** Block time that is left of it, in milliseconds. */
  readonly leftMs: number;
  /** A challenge is being voted on: the window stands still meanwhile. */
  readonly paused: boolean;
}

/**
 * Null while there is no window to speak of.
 *
 * @param leftMs block time until `challengeEndsAtMs`
 */
export function challengeWindowOf(
  { state, challengeEndsAtMs, challenges }: Pick<IncidentDetail, 'state' | 'challengeEndsAtMs' | 'challenges'>,
  leftMs: number,
): ChallengeWindowState | null {
  if (state !== 'Solution' || challengeEndsAtMs === 0) return null;
  const open = challenges.find(isOpenPoll);
  if (open === undefined) return { leftMs, paused: false };
  // The chain moves the end once the challenge is decided, by the time that was left when it opened.
  return { leftMs: Math.max(0, challengeEndsAtMs - open.openedAtMs), paused: true };
}
