/** What was paid, fined, locked and released is what the votes ask for, and the payments are the escrow. */
import type { CaseProposal } from '../case-records.ts';
import type { CaseContent, CaseEvent } from '../content.ts';
import { check } from '../errors.ts';
import { named, numberOfEvent, ofProposal, textOfEvent } from '../event-data.ts';
import { isRejectedByVotes, sum } from '../tally.ts';
import { same } from './procedure.ts';

/** Name of the event that pays an escrow entry, by the entry's reason. */
const PAYMENT_EVENT: Readonly<Record<string, string>> = {
  proposal_passed: 'Reward',
  supported_passed: 'Reward',
  bounty: 'Bounty',
  vote_gas: 'GasRebate',
};

interface Move {
  readonly address: string;
  readonly amount: number;
  readonly reason: string;
}

const inOrder = (moves: readonly Move[]): readonly Move[] =>
  [...moves].sort((a, b) => (a.address + a.reason < b.address + b.reason ? -1 : 1));

const movesOf = (events: readonly CaseEvent[]): readonly Move[] =>
  events.map((event) => ({
    address: textOfEvent(event, 'address'),
    amount: numberOfEvent(event, 'amount'),
    reason: textOfEvent(event, 'reason'),
  }));

const paymentsOf = (events: readonly CaseEvent[]) =>
  events.map((event) => ({
    to: textOfEvent(event, 'to'),
    amount: numberOfEvent(event, 'amount'),
    reason: textOfEvent(event, 'reason'),
  }));

/** The stakes that must be free again by now. */
function releasesOf({ record, ballots }: CaseProposal): readonly Move[] {
  const { status, settled, released, proposer, stake } = record;
  const votes = ballots.flatMap(({ address, vote }): (Move & { readonly option: string })[] =>
    vote === null ? [] : [{ address, amount: vote.stake, reason: 'vote', option: vote.option }],
  );
  const mine = { address: proposer, amount: stake, reason: 'proposal' };
  const waits = (option: string): boolean => status === 'passed' && option === 'For';
  return [
    ...votes
      .filter(({ option }) => option !== '' && settled && (released || !waits(option)))
      .map(({ address, amount, reason }) => ({ address, amount, reason })),
    ...(released ? [mine] : []),
  ];
}

function checkStakes(events: readonly CaseEvent[], proposal: CaseProposal): void {
  const { record, ballots } = proposal;
  const where = `of round ${record.round}`;
  const locked = ballots.flatMap(({ address, vote }): Move[] =>
    vote === null ? [] : [{ address, amount: vote.stake, reason: 'vote' }],
  );
  const mine = { address: record.proposer, amount: record.stake, reason: 'proposal' };
  const stated = inOrder(movesOf(named(events, 'StakeLocked')));
  check(same(stated, inOrder([...locked, mine])), `the stakes ${where} are not those that were locked`);
  const sealed = ballots.flatMap(({ address, vote }): Move[] =>
    vote !== null && vote.option === '' && record.settled ? [{ address, amount: vote.stake, reason: 'vote' }] : [],
  );
  const forfeited = inOrder(movesOf(named(events, 'StakeForfeited')));
  check(same(forfeited, inOrder(sealed)), `the forfeited stakes ${where} are not those of the unrevealed votes`);
  const released = inOrder(movesOf(named(events, 'StakeReleased')));
  check(same(released, inOrder(releasesOf(proposal))), `the released stakes ${where} are not those that are free`);
}

/** Who is fined: opponents of what passed; proposer and supporters of what votes rejected. */
function finedBy({ record, ballots }: CaseProposal): readonly { readonly address: string; readonly reason: string }[] {
  if (!record.settled) return [];
  const votersFor = (option: string, reason: string) =>
    ballots.filter(({ vote }) => vote?.option === option).map(({ address }) => ({ address, reason }));
  if (record.status === 'passed') return votersFor('Against', 'opposed_passed');
  const eligible = sum(ballots.map(({ weight }) => weight));
  if (!isRejectedByVotes({ ...record, eligible })) return [];
  return [{ address: record.proposer, reason: 'proposal_rejected' }, ...votersFor('For', 'supported_rejected')];
}

function checkFines(events: readonly CaseEvent[], proposal: CaseProposal): void {
  const fines = movesOf(named(events, 'Penalty')).map(({ address, reason }) => ({ address, reason, amount: 0 }));
  const wanted = finedBy(proposal).map((fine) => ({ ...fine, amount: 0 }));
  check(
    same(inOrder(fines), inOrder(wanted)),
    `the fines of round ${proposal.record.round} are not what the votes ask for`,
  );
}

/** @returns tokens that went back to the treasury */
function checkEscrow(events: readonly CaseEvent[], { record }: CaseProposal): number {
  const { round, status, settled, released, escrow } = record;
  const escrowed = paymentsOf(named(events, 'RewardEscrowed'));
  const payments = named(events, ...new Set(Object.values(PAYMENT_EVENT)));
  const paid = paymentsOf(payments);
  for (const event of payments) {
    const right = PAYMENT_EVENT[textOfEvent(event, 'reason')] === event.name;
    check(right, `a payment of round ${round} has another name than its reason`);
  }
  if (!settled || status !== 'passed') {
    check(escrowed.length + paid.length + escrow.length === 0, `round ${round} pays rewards that nobody earned`);
    return 0;
  }
  const returned = released && paid.length === 0 ? sum(escrowed.map(({ amount }) => amount)) : 0;
  check(same(escrow, returned > 0 ? [] : escrowed), `the escrow of round ${round} is not what was put into it`);
  check(same(paid, released && returned === 0 ? escrowed : []), `the payments of round ${round} are not its escrow`);
  return returned;
}

/** @throws CheckError */
export function checkSettlement(content: CaseContent): void {
  const { proposals, incident, treasury } = content.records;
  let returned = 0;
  for (const proposal of proposals) {
    const events = ofProposal(content.events, proposal.record.proposalId);
    checkStakes(events, proposal);
    checkFines(events, proposal);
    returned += checkEscrow(events, proposal);
  }
  const told = named(content.events, 'IncidentInconclusive').map((event) => numberOfEvent(event, 'escrowReturned'));
  check(sum(told) === returned, 'the escrow that went back to the treasury is another sum');
  const waiting = proposals.filter(({ record }) => record.settled && !record.released);
  const inEscrow = sum(waiting.flatMap(({ record }) => record.escrow.map(({ amount }) => amount)));
  check(treasury.escrow >= inEscrow, 'the treasury holds less in escrow than it owes');
  if (incident.state !== 'Finalized') return;
  check(
    proposals.every(({ record }) => record.settled && record.released),
    'the incident ended before it was settled',
  );
}
