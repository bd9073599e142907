/** Each decision is what the votes that were in at that block give under the thresholds, worked out again. */
import { type CasePoll, type CaseProposal, pollsOf } from '../case-records.ts';
import type { CaseContent, CaseEvent } from '../content.ts';
import { check } from '../errors.ts';
import { named, numberOfEvent, ofProposal } from '../event-data.ts';
import { outcomeOf, participationThousandths, sum, supportThousandths, type Tally } from '../tally.ts';
import { stepsOf } from './procedure.ts';

/** What the votes said; a claim that was overturned later had passed. */
const votedOf = ({ record }: CasePoll): string => (record.status === 'overturned' ? 'passed' : record.status);

/** An outcome that was verified while a challenge was voted on leaves its vote without a decision. */
const isCutShort = ({ record }: CasePoll): boolean => 'decidedBy' in record && record.decidedBy === 'outcome';

const isDecided = (poll: CasePoll): boolean =>
  !isCutShort(poll) && (votedOf(poll) === 'passed' || votedOf(poll) === 'rejected');

const nameOfPoll = ({ record }: CasePoll): string =>
  'claim' in record ? `challenge ${record.proposalId}` : `claim ${record.proposalId}`;

/** Weight of an option among the votes that were known when block `height` ended. */
function weightAt(content: CaseContent, { record, ballots }: CasePoll, height: number, option: string): number {
  const known = new Set(
    [...stepsOf(content, 'vote'), ...stepsOf(content, 'reveal_vote')]
      .filter(({ call, height: at }) => call.args.proposalId === record.proposalId && at <= height)
      .flatMap(({ call, transaction }) => ('option' in call.args ? [transaction.sender] : [])),
  );
  return sum(
    ballots.filter(({ address, vote }) => vote?.option === option && known.has(address)).map(({ weight }) => weight),
  );
}

/** Weight that could still have been cast after the block of the decision. */
function remainingAt({ record, ballots }: CasePoll, tally: Tally, atMs: number): number {
  const cast = tally.weightFor + tally.weightAgainst + tally.weightAbstain;
  const isOpen = ballots.every(({ vote }) => vote === null || vote.commitment === '');
  if (isOpen && record.revealEndsAtMs === record.commitEndsAtMs)
    return atMs < record.commitEndsAtMs ? tally.eligible - cast : 0;
  const committed = sum(ballots.filter(({ vote }) => vote !== null).map(({ weight }) => weight));
  return atMs < record.revealEndsAtMs ? committed - cast : 0;
}

function checkDecision(content: CaseContent, proposal: CasePoll, event: CaseEvent): void {
  const { record, ballots } = proposal;
  const { height, atMs, data } = event;
  const where = `the decision on the ${nameOfPoll(proposal)}`;
  const tally: Tally = {
    weightFor: weightAt(content, proposal, height, 'For'),
    weightAgainst: weightAt(content, proposal, height, 'Against'),
    weightAbstain: weightAt(content, proposal, height, 'Abstain'),
    eligible: sum(ballots.map(({ weight }) => weight)),
    ...{ alpha: record.alpha, beta: record.beta },
  };
  for (const field of ['weightFor', 'weightAgainst', 'weightAbstain', 'eligible'] as const) {
    check(numberOfEvent(event, field) === tally[field], `${where} counts another ${field} than the votes give`);
  }
  check(numberOfEvent(event, 'supportThousandths') === supportThousandths(tally), `${where} states another support`);
  const participation = numberOfEvent(event, 'participationThousandths');
  check(participation === participationThousandths(tally), `${where} states another participation`);
  const outcome = outcomeOf(tally, remainingAt(proposal, tally, atMs));
  check(outcome === votedOf(proposal) && data.passed === (outcome === 'passed'), `${where} is not what the votes give`);
  check(record.decidedAtMs === atMs, `${where} was reached at another time than its record says`);
}

/** The reveal phase opened once, if anybody had committed. */
function checkReveal(events: readonly CaseEvent[], poll: CasePoll): void {
  const { record, ballots } = poll;
  const where = `the reveal phase of the ${nameOfPoll(poll)}`;
  const opened = named(events, 'RevealOpened');
  const committed = ballots.filter(({ vote }) => vote !== null && vote.commitment !== '');
  const expected = committed.length > 0 && record.status !== 'committing' ? 1 : 0;
  const right = opened.length === expected || (isCutShort(poll) && opened.length === 0);
  check(right, `${where} was opened ${opened.length} times`);
  const [event] = opened;
  if (event === undefined) return;
  const told = numberOfEvent(event, 'revealEndsAtMs') === record.revealEndsAtMs;
  check(told && numberOfEvent(event, 'committed') === committed.length, `${where} is another`);
}

function checkPoll(content: CaseContent, poll: CasePoll): void {
  const events = ofProposal(content.events, poll.record.proposalId);
  checkReveal(events, poll);
  const decisions = named(events, 'ConsensusReached');
  const expected = isDecided(poll) ? 1 : 0;
  check(decisions.length === expected, `the ${nameOfPoll(poll)} was decided ${decisions.length} times`);
  for (const decision of decisions) checkDecision(content, poll, decision);
}

function checkRejection(content: CaseContent, { record }: CaseProposal): void {
  const rejections = named(ofProposal(content.events, record.proposalId), 'ProposalRejected').length;
  const expected = record.status === 'rejected' ? 1 : 0;
  check(rejections === expected, `round ${record.round} was rejected ${rejections} times`);
}

/** @throws CheckError */
export function checkOutcome(content: CaseContent): void {
  for (const poll of pollsOf(content.records)) checkPoll(content, poll);
  for (const proposal of content.records.proposals) checkRejection(content, proposal);
  const { state, closedAtMs, rootCause } = content.records.incident;
  const finalized = named(content.events, 'IncidentFinalized');
  const inconclusive = named(content.events, 'IncidentInconclusive');
  check(finalized.length === (state === 'Finalized' ? 1 : 0), `the incident was finalized ${finalized.length} times`);
  check(
    inconclusive.length === (state === 'Inconclusive' ? 1 : 0),
    `the incident was given up ${inconclusive.length} times`,
  );
  for (const end of [...finalized, ...inconclusive])
    check(end.atMs === closedAtMs, 'the incident ended at another time');
  for (const end of finalized)
    check(end.data.rootCause === rootCause, 'the incident was finalized with another root cause');
}
