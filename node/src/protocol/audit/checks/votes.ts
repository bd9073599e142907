/** Every vote on record was signed by its voter, sealed votes open to what was committed, weights are the snapshot's. */
import { voteCommitment } from '../../hashing.ts';
import type { VoteRecord } from '../../records.ts';
import { type CaseBallot, type CasePoll, pollsOf } from '../case-records.ts';
import type { CaseContent, CaseStep } from '../content.ts';
import { check } from '../errors.ts';
import { sum } from '../tally.ts';
import { feeOf, same, stepsOf } from './procedure.ts';

/** The one transaction of a voter on a claim; undefined when there is none. */
function only<T extends CaseStep>(steps: readonly T[], where: string): T | undefined {
  check(steps.length <= 1, `${where} is here twice`);
  return steps[0];
}

function checkBallot(content: CaseContent, { record }: CasePoll, { address, weight, vote }: CaseBallot): void {
  const { proposalId } = record;
  const where = `the vote of ${address}`;
  const mine = <T extends CaseStep & { readonly call: { readonly args: { readonly proposalId: string } } }>(
    steps: readonly T[],
  ) => steps.filter(({ transaction, call }) => transaction.sender === address && call.args.proposalId === proposalId);
  const cast = only(mine(stepsOf(content, 'vote')), where);
  const reveal = only(mine(stepsOf(content, 'reveal_vote')), where);
  if (vote === null) {
    check(cast === undefined && reveal === undefined, `${where} is not on record`);
    return;
  }
  check(cast !== undefined, `${where} is on record, its transaction is missing`);
  check(vote.voter === address && vote.proposalId === proposalId, `${where} is on record for another`);
  check(vote.weight === weight, `${where} has another weight than the electorate says`);
  check(vote.castAtMs === cast.atMs && vote.stake === cast.call.args.stake, `${where} is not what was signed`);
  check(vote.gasPaid === feeOf(cast) + (reveal ? feeOf(reveal) : 0), `${where} paid another fee than its record says`);
  const carried = [...cast.transaction.evidence, ...(reveal?.transaction.evidence ?? [])];
  check(same(vote.evidence, carried), `${where} brought other evidence than its record says`);
  const { args } = cast.call;
  if ('commitment' in args) {
    check(vote.commitment === args.commitment, `${where} is another than was committed`);
    checkReveal(content, vote, reveal, where);
    return;
  }
  check(reveal === undefined && vote.commitment === '', `${where} was open from the start`);
  check(vote.option === args.option && same(vote.reason, args.reason), `${where} is not what was signed`);
}

function checkReveal(
  { chainId }: CaseContent,
  vote: VoteRecord,
  reveal: ReturnType<typeof stepsOf<'reveal_vote'>>[number] | undefined,
  where: string,
): void {
  if (vote.option === '') {
    check(reveal === undefined && vote.reason === null, `${where} is sealed on record`);
    return;
  }
  check(reveal !== undefined, `${where} is revealed on record, its transaction is missing`);
  const { option, salt, reason } = reveal.call.args;
  check(vote.option === option && same(vote.reason, reason), `${where} is not what was revealed`);
  const opened = voteCommitment(chainId, vote.proposalId, vote.voter, option, salt);
  check(opened === vote.commitment, `${where} does not open to what was committed`);
}

function checkProposal(content: CaseContent, proposal: CasePoll): void {
  const { record, ballots } = proposal;
  const addresses = ballots.map(({ address }) => address);
  check(new Set(addresses).size === addresses.length, 'somebody stands in the electorate twice');
  check(!addresses.includes(record.proposer), 'the proposer stands in the electorate');
  for (const ballot of ballots) checkBallot(content, proposal, ballot);
  for (const { transaction, call } of [...stepsOf(content, 'vote'), ...stepsOf(content, 'reveal_vote')]) {
    if (call.args.proposalId !== record.proposalId) continue;
    check(addresses.includes(transaction.sender), `${transaction.sender} voted without being in the electorate`);
  }
  const weightOf = (option: string): number =>
    sum(ballots.filter(({ vote }) => vote?.option === option).map(({ weight }) => weight));
  const { weightFor, weightAgainst, weightAbstain } = record;
  const counted =
    weightFor === weightOf('For') && weightAgainst === weightOf('Against') && weightAbstain === weightOf('Abstain');
  check(counted, `the votes on ${record.proposalId} do not add up to the record`);
}

/** @throws CheckError */
export function checkVotes(content: CaseContent): void {
  for (const poll of pollsOf(content.records)) checkProposal(content, poll);
}
