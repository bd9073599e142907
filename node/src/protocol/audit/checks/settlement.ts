/** What was fined, put into escrow and paid out of it is what the votes ask for, and every stake went where it must. */
import type { CaseChallenge, CaseProposal } from '../case-records.ts';
import type { CaseContent, CaseEvent } from '../content.ts';
import { check } from '../errors.ts';
import { named, numberOfEvent, ofProposal, textOfEvent } from '../event-data.ts';
import { isRejectedByVotes, sum } from '../tally.ts';
import type { TermsAt } from '../terms.ts';
import { checkAmounts } from './amounts.ts';
import { same } from './procedure.ts';
import { checkStakes, inOrder, movesOf } from './stakes.ts';

/** Name of the event that pays an escrow entry, by the entry's reason. */
const PAYMENT_EVENT: Readonly<Record<string, string>> = {
  proposal_passed: 'Reward',
  supported_passed: 'Reward',
  confidence: 'Reward',
  bounty: 'Bounty',
  vote_gas: 'GasRebate',
};

interface Fine {
  readonly address: string;
  readonly reason: string;
}

const paymentsOf = (events: readonly CaseEvent[]) =>
  events.map((event) => ({
    to: textOfEvent(event, 'to'),
    amount: numberOfEvent(event, 'amount'),
    reason: textOfEvent(event, 'reason'),
  }));

const votersFor = ({ ballots }: Pick<CaseProposal, 'ballots'>, option: string, reason: string): readonly Fine[] =>
  ballots.filter(({ vote }) => vote?.option === option).map(({ address }) => ({ address, reason }));

/** Opponents of a claim that stands; proposer and supporters of one that votes rejected. */
function finedByClaim(content: CaseContent, claim: CaseProposal): readonly Fine[] {
  const { record, ballots } = claim;
  if (!record.settled) return [];
  const stands = record.status === 'passed' && content.records.incident.state === 'Finalized';
  if (record.status !== 'rejected') return stands ? votersFor(claim, 'Against', 'opposed_passed') : [];
  const eligible = sum(ballots.map(({ weight }) => weight));
  if (!isRejectedByVotes({ ...record, eligible })) return [];
  return [{ address: record.proposer, reason: 'proposal_rejected' }, ...votersFor(claim, 'For', 'supported_rejected')];
}

/** Who voted against the verdict on a challenge; a supporter of a falsified claim has paid for that already. */
function finedByChallenge(content: CaseContent, challenge: CaseChallenge): readonly Fine[] {
  const { result, decidedBy, claim: id } = challenge.record;
  if (decidedBy !== 'vote' || result === 'undecided') return [];
  if (result === 'failed') return votersFor(challenge, 'For', 'supported_failed');
  const claim = content.records.proposals.find(({ record }) => record.proposalId === id);
  const slashed = claim ? votersFor(claim, 'For', '').map(({ address }) => address) : [];
  return votersFor(challenge, 'Against', 'opposed_upheld').filter(({ address }) => !slashed.includes(address));
}

function checkFines(content: CaseContent, id: string, wanted: readonly Fine[]): void {
  const bare = (fines: readonly Fine[]) =>
    inOrder(fines.map(({ address, reason }) => ({ address, reason, amount: 0 })));
  const fines = movesOf(named(ofProposal(content.events, id), 'Penalty'));
  check(same(bare(fines), bare(wanted)), `the fines on ${id} are not what the votes ask for`);
}

/** @returns tokens that went back to the treasury because the incident ended without a conclusion */
function checkEscrow(events: readonly CaseEvent[], { record }: CaseProposal): number {
  const { round, status, settled, released, escrow } = record;
  const escrowed = paymentsOf(named(events, 'RewardEscrowed'));
  const payments = named(events, ...new Set(Object.values(PAYMENT_EVENT)));
  const paid = paymentsOf(payments);
  for (const event of payments) {
    const right = PAYMENT_EVENT[textOfEvent(event, 'reason')] === event.name;
    check(right, `a payment of round ${round} has another name than its reason`);
  }
  if (!settled || status === 'rejected') {
    check(escrowed.length + paid.length + escrow.length === 0, `round ${round} pays rewards that nobody earned`);
    return 0;
  }
  const gone = sum(escrowed.map(({ amount }) => amount));
  const back = released && paid.length === 0;
  check(same(escrow, back ? [] : escrowed), `the escrow of round ${round} is not what was put into it`);
  check(same(paid, released && !back ? escrow : []), `the payments of round ${round} are not its escrow`);
  const [fall] = named(events, 'ClaimOverturned');
  const told = fall === undefined ? 0 : numberOfEvent(fall, 'escrowReturned');
  check(told === (status === 'overturned' ? gone : 0), `the escrow of round ${round} that came back is another sum`);
  return back && status === 'passed' ? gone : 0;
}

/** @throws CheckError */
export function checkSettlement(content: CaseContent, termsAt: TermsAt): void {
  const { proposals, challenges, incident, treasury } = content.records;
  checkStakes(content);
  let returned = 0;
  for (const proposal of proposals) {
    const { proposalId } = proposal.record;
    checkFines(content, proposalId, finedByClaim(content, proposal));
    returned += checkEscrow(ofProposal(content.events, proposalId), proposal);
  }
  for (const challenge of challenges) {
    checkFines(content, challenge.record.proposalId, finedByChallenge(content, challenge));
  }
  checkAmounts(content, termsAt);
  const told = named(content.events, 'IncidentInconclusive').map((event) => numberOfEvent(event, 'escrowReturned'));
  check(sum(told) === returned, 'the escrow that went back to the treasury is another sum');
  const waiting = proposals.filter(({ record }) => record.settled && !record.released);
  const inEscrow = sum(waiting.flatMap(({ record }) => record.escrow.map(({ amount }) => amount)));
  check(treasury.escrow >= inEscrow, 'the treasury holds less in escrow than it owes');
  if (incident.state !== 'Finalized') return;
  const polls = [...proposals, ...challenges];
  const over = polls.every(({ record }) => record.settled && record.released);
  check(over, 'the incident ended before it was settled');
}
