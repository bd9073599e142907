/**
 * The three things that are voted on alike: a claim, a challenge of a claim, and a motion. One kind of transaction votes
 * on all of them; what the verdict then does is each contract's own business.
 */
import type { ChallengeRecord, MotionRecord, PollRecord, ProposalRecord } from '../../../protocol/records.ts';
import type { Hash } from '../../../protocol/types.ts';
import { ensure } from '../../errors.ts';
import type { StateDraft } from '../../state/draft.ts';

export type Poll =
  | { readonly kind: 'proposal'; readonly record: ProposalRecord }
  | { readonly kind: 'challenge'; readonly record: ChallengeRecord }
  | { readonly kind: 'motion'; readonly record: MotionRecord };

/** @throws ContractError NO_PROPOSAL */
export function pollOf(draft: StateDraft, id: Hash): Poll {
  const proposal = draft.get('proposal', id);
  if (proposal) return { kind: 'proposal', record: proposal };
  const challenge = draft.get('challenge', id);
  if (challenge) return { kind: 'challenge', record: challenge };
  const motion = draft.get('motion', id);
  ensure(motion !== undefined, 'NO_PROPOSAL', 'There is no such proposal.');
  return { kind: 'motion', record: motion };
}

/** Writes a poll back with changes that all polls share. */
export function updatePoll(draft: StateDraft, { kind, record }: Poll, changes: Partial<PollRecord>): void {
  const id = record.proposalId;
  switch (kind) {
    case 'proposal':
      return draft.set(kind, { ...record, ...changes }, id);
    case 'challenge':
      return draft.set(kind, { ...record, ...changes }, id);
    case 'motion':
      return draft.set(kind, { ...record, ...changes }, id);
  }
}

/** What a poll begins with, next to what it is about. */
export type FreshPoll = Pick<
  PollRecord,
  'decidedAtMs' | 'settled' | 'released' | 'weightFor' | 'weightAgainst' | 'weightAbstain'
>;
export const freshPoll: FreshPoll = {
  ...{ decidedAtMs: 0, settled: false, released: false },
  ...{ weightFor: 0, weightAgainst: 0, weightAbstain: 0 },
};
