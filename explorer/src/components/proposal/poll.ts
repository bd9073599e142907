/** What every vote has in common, whether it is on a claim, a challenge or a motion. */
import type { ChallengeView, MotionView, ProposalView } from '@dao-gov/node/protocol';

export type PollView = Pick<ProposalView, keyof ProposalView & keyof ChallengeView & keyof MotionView>;

export const isOpenPoll = ({ status }: Pick<PollView, 'status'>): boolean =>
  status === 'committing' || status === 'revealing' || status === 'voting';

/** When the present phase of an open vote ends, in block time; null for one that is decided. */
export function phaseEndsAtMs(poll: Pick<PollView, 'status' | 'commitEndsAtMs' | 'revealEndsAtMs'>): number | null {
  if (!isOpenPoll(poll)) return null;
  return poll.status === 'committing' ? poll.commitEndsAtMs : poll.revealEndsAtMs;
}
