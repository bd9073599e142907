/** Who may vote on a proposal, and who did. */
import type { VoteOption } from '../../../protocol/calls.ts';
import { type PollRecord, type VoteRecord, voteWeight } from '../../../protocol/records.ts';
import type { Address } from '../../../protocol/types.ts';
import { add, sum } from '../../integers.ts';
import type { StateDraft } from '../../state/draft.ts';
import type { Tally } from './decision.ts';

/**
 * All agents but those barred (who claims, and who challenges), with their weight of this moment; what they stake or
 * earn later changes nothing here. Accounts of agents exist since genesis, so the base state knows them all. The sum of
 * the weights must be exact.
 * @throws ContractError AMOUNT_OVERFLOW
 */
export function electorateOf(draft: StateDraft, barred: readonly Address[]): PollRecord['electorate'] {
  const electorate = draft.base
    .agents()
    .filter((address) => !barred.includes(address))
    .map((address) => {
      const { reputation, stake } = draft.must('account', address);
      return { address, weight: voteWeight(reputation, stake) };
    });
  eligibleWeight({ electorate });
  return electorate;
}

export const eligibleWeight = ({ electorate }: Pick<PollRecord, 'electorate'>): number =>
  sum(electorate.map(({ weight }) => weight));

export const weightOf = (votes: readonly VoteRecord[]): number => sum(votes.map(({ weight }) => weight));

/** Votes and commitments so far, in the order of the electorate. */
export function votesOf(draft: StateDraft, { proposalId, electorate }: PollRecord): readonly VoteRecord[] {
  return electorate.flatMap(({ address }) => draft.get('vote', proposalId, address) ?? []);
}

export const tallyOf = (poll: PollRecord): Tally => ({ ...poll, eligible: eligibleWeight(poll) });

const WEIGHT_FIELD = {
  For: 'weightFor',
  Against: 'weightAgainst',
  Abstain: 'weightAbstain',
} as const satisfies Readonly<Record<VoteOption, keyof PollRecord>>;

/** The sum that one more vote changes. */
export function counted(poll: PollRecord, option: VoteOption, weight: number): Partial<PollRecord> {
  const field = WEIGHT_FIELD[option];
  return { [field]: add(poll[field], weight) };
}
