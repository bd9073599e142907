/** Who may vote on a proposal, and who did. */
import type { VoteOption } from '../../../protocol/calls.ts';
import { type ProposalRecord, type VoteRecord, voteWeight } from '../../../protocol/records.ts';
import type { Address } from '../../../protocol/types.ts';
import { add, sum } from '../../integers.ts';
import type { StateDraft } from '../../state/draft.ts';
import type { Tally } from './decision.ts';

/**
 * All agents but the proposer with their weight of this moment; what they stake or earn later changes nothing here.
 * Accounts of agents exist since genesis, so the base state knows them all. The sum of the weights must be exact.
 * @throws ContractError AMOUNT_OVERFLOW
 */
export function electorateOf(draft: StateDraft, proposer: Address): ProposalRecord['electorate'] {
  const electorate = draft.base
    .agents()
    .filter((address) => address !== proposer)
    .map((address) => {
      const { reputation, stake } = draft.must('account', address);
      return { address, weight: voteWeight(reputation, stake) };
    });
  eligibleWeight({ electorate });
  return electorate;
}

export const eligibleWeight = ({ electorate }: Pick<ProposalRecord, 'electorate'>): number =>
  sum(electorate.map(({ weight }) => weight));

export const weightOf = (votes: readonly VoteRecord[]): number => sum(votes.map(({ weight }) => weight));

/** Votes and commitments so far, in the order of the electorate. */
export function votesOf(draft: StateDraft, { proposalId, electorate }: ProposalRecord): readonly VoteRecord[] {
  return electorate.flatMap(({ address }) => draft.get('vote', proposalId, address) ?? []);
}

export const tallyOf = (proposal: ProposalRecord): Tally => ({ ...proposal, eligible: eligibleWeight(proposal) });

const WEIGHT_FIELD = {
  For: 'weightFor',
  Against: 'weightAgainst',
  Abstain: 'weightAbstain',
} as const satisfies Readonly<Record<VoteOption, keyof ProposalRecord>>;

/** The proposal with one more vote counted. */
export function counted(proposal: ProposalRecord, option: VoteOption, weight: number): ProposalRecord {
  const field = WEIGHT_FIELD[option];
  return { ...proposal, [field]: add(proposal[field], weight) };
}
