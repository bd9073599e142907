/** Which stakes were locked, and where each of them went: released, forfeited, slashed, or paid to another. */
import type { CaseBallot, CaseChallenge, CasePoll, CaseProposal } from '../case-records.ts';
import type { CaseContent, CaseEvent } from '../content.ts';
import { check } from '../errors.ts';
import { named, numberOfEvent, ofProposal, textOfEvent } from '../event-data.ts';
import { same } from './procedure.ts';

export interface Move {
  readonly address: string;
  readonly amount: number;
  readonly reason: string;
}

export const inOrder = (moves: readonly Move[]): readonly Move[] =>
  [...moves].sort((a, b) => (a.address + a.reason < b.address + b.reason ? -1 : 1));

export const movesOf = (events: readonly CaseEvent[]): readonly Move[] =>
  events.map((event) => ({
    address: textOfEvent(event, 'address'),
    amount: numberOfEvent(event, 'amount'),
    reason: textOfEvent(event, 'reason'),
  }));

const voteMove = ({ address, vote }: CaseBallot): Move => ({ address, amount: vote?.stake ?? 0, reason: 'vote' });

/** Where the stakes of a poll must be by now. */
interface Fates {
  readonly released: readonly Move[];
  readonly forfeited: readonly Move[];
}

function fatesOfClaim({ record, ballots }: CaseProposal, slashed: readonly Move[]): Fates {
  const { status, settled, released, proposer, stake } = record;
  const cast = ballots.filter(({ vote }) => vote !== null);
  const mine = { address: proposer, amount: stake, reason: 'proposal' };
  const lossOf = (address: string): number => slashed.find((move) => move.address === address)?.amount ?? 0;
  const waits = (option: string): boolean => status !== 'rejected' && !released && option !== 'Abstain';
  const free = cast.filter(({ vote }) => settled && vote !== null && vote.option !== '' && !waits(vote.option));
  const votes = free.map(voteMove).map((move) => ({ ...move, amount: move.amount - lossOf(move.address) }));
  return {
    released: [...votes, ...(released && status !== 'overturned' ? [mine] : [])],
    forfeited: settled ? cast.filter(({ vote }) => vote?.option === '').map(voteMove) : [],
  };
}

function fatesOfChallenge({ record, ballots }: CaseChallenge, bondPaid: boolean): Fates {
  const { settled, proposer, stake, result, decidedBy, decidedAtMs, revealEndsAtMs } = record;
  if (!settled) return { released: [], forfeited: [] };
  const isLate = decidedBy === 'vote' && decidedAtMs >= revealEndsAtMs;
  const cast = ballots.filter(({ vote }) => vote !== null);
  const missed = cast.filter(({ vote }) => isLate && vote?.option === '');
  const bond = { address: proposer, amount: stake, reason: 'challenge' };
  const lost = result === 'failed' && !bondPaid;
  return {
    released: [
      ...cast.filter((ballot) => !missed.includes(ballot)).map(voteMove),
      ...(result === 'failed' ? [] : [bond]),
    ],
    forfeited: [...missed.map(voteMove), ...(lost ? [bond] : [])],
  };
}

function checkFates(events: readonly CaseEvent[], { record, ballots }: CasePoll, fates: Fates): void {
  const where = `on ${record.proposalId}`;
  const reason = 'claim' in record ? 'challenge' : 'proposal';
  const cast = ballots.filter(({ vote }) => vote !== null).map(voteMove);
  const locked = [...cast, { address: record.proposer, amount: record.stake, reason }];
  const stated = (name: string) => inOrder(movesOf(named(events, name)));
  check(same(stated('StakeLocked'), inOrder(locked)), `the stakes ${where} are not those that were locked`);
  check(same(stated('StakeForfeited'), inOrder(fates.forfeited)), `the forfeited stakes ${where} are others`);
  check(
    same(stated('StakeReleased'), inOrder(fates.released)),
    `the released stakes ${where} are not those that are free`,
  );
}

/** A falsified claim costs its proposer all of the stake, and each supporter some of it; nothing else is slashed. */
function checkSlashed({ record, ballots }: CaseProposal, slashed: readonly Move[]): void {
  const where = `the stakes slashed in round ${record.round}`;
  if (record.status !== 'overturned') return check(slashed.length === 0, `${where} answer for nothing`);
  const supporters = ballots.filter(({ vote }) => vote?.option === 'For');
  const wanted = [
    { address: record.proposer, reason: 'claim_overturned' },
    ...supporters.map(({ address }) => ({ address, reason: 'supported_overturned' })),
  ];
  const bare = (moves: readonly { readonly address: string; readonly reason: string }[]) =>
    inOrder(moves.map(({ address, reason }) => ({ address, reason, amount: 0 })));
  check(same(bare(slashed), bare(wanted)), `${where} are not those of the claim`);
  for (const { address, amount } of slashed) {
    const most = supporters.find((ballot) => ballot.address === address)?.vote?.stake ?? record.stake;
    const isProposer = address === record.proposer;
    check(isProposer ? amount === record.stake : amount <= most, `${where} are more than was at stake`);
  }
}

/** @throws CheckError */
export function checkStakes(content: CaseContent): void {
  for (const claim of content.records.proposals) {
    const events = ofProposal(content.events, claim.record.proposalId);
    const slashed = movesOf(named(events, 'StakeSlashed'));
    checkSlashed(claim, slashed);
    checkFates(events, claim, fatesOfClaim(claim, slashed));
  }
  const paid = named(content.events, 'BondPaid').map(({ data }) => data.challengeId);
  for (const challenge of content.records.challenges) {
    const { proposalId } = challenge.record;
    checkFates(
      ofProposal(content.events, proposalId),
      challenge,
      fatesOfChallenge(challenge, paid.includes(proposalId)),
    );
  }
}
