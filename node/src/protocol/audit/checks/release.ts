/**
 * When the rewards were let go, and what else was paid: not before the challenge window closed or the outcome was
 * verified; to challengers no more than the losses and the proposer's stake; for work only to who did it, once a step.
 */
import type { CaseProposal } from '../case-records.ts';
import type { CaseContent, CaseEvent } from '../content.ts';
import { check } from '../errors.ts';
import { named, numberOfEvent, ofProposal, textOfEvent } from '../event-data.ts';
import { sum } from '../tally.ts';
import { movesOf } from './stakes.ts';

/** The window as the events of the standing claim tell it: opened with the solution, moved by each challenge. */
function checkWindow(content: CaseContent): void {
  const { incident } = content.records;
  const { state, proposalId, challengeEndsAtMs, closedAtMs } = incident;
  if (state !== 'Solution' && state !== 'Finalized') return;
  const moves = named(ofProposal(content.events, proposalId), 'ChallengeWindowOpened', 'ChallengeDecided');
  const last = moves.at(-1);
  check(last !== undefined, 'the challenge window was never opened');
  check(numberOfEvent(last, 'challengeEndsAtMs') === challengeEndsAtMs, 'the challenge window ends at another time');
  if (state !== 'Finalized') return;
  const verified = named(content.events, 'IncidentFinalized').some(({ data }) => data.verified === true);
  check(verified || closedAtMs >= challengeEndsAtMs, 'the incident was closed while it could be challenged');
}

function checkOverturned(content: CaseContent, { record }: CaseProposal): void {
  const { proposalId, round, status, stake, overturnedBy } = record;
  const events = ofProposal(content.events, proposalId);
  const falls = named(events, 'ClaimOverturned');
  const overturned = status === 'overturned';
  check(falls.length === (overturned ? 1 : 0), `the claim of round ${round} was overturned ${falls.length} times`);
  check(overturned === (overturnedBy !== ''), `the claim of round ${round} was overturned by nobody`);
  for (const { data } of falls) check(data.by === overturnedBy, `the claim of round ${round} fell to something else`);
  const amounts = (name: string) => sum(named(events, name).map((event) => numberOfEvent(event, 'amount')));
  const losses = sum(movesOf(named(events, 'StakeSlashed')).map(({ amount }) => amount)) - (overturned ? stake : 0);
  const reward = amounts('ChallengeReward');
  check(reward <= Math.min(losses, stake), `a challenger of round ${round} got more than the claim lost`);
  const burned = overturned ? stake + losses - reward : 0;
  check(amounts('TokensBurned') === burned, `another sum burned in round ${round}`);
  for (const event of named(events, 'ChallengeReward')) checkChallenger(content, event, 'upheld', 'to');
  for (const event of named(events, 'BondPaid')) checkChallenger(content, event, 'failed', 'from');
}

function checkChallenger(content: CaseContent, event: CaseEvent, result: string, field: 'to' | 'from'): void {
  const challenge = content.records.challenges.find(({ record }) => record.proposalId === event.data.challengeId);
  const right = challenge?.record.proposer === textOfEvent(event, field) && challenge.record.result === result;
  check(right, `${event.name} went with another challenge`);
}

/** Gas of a challenge goes to the challenger who was right, and to who voted with the verdict: what each had paid. */
function checkChallengeGas(content: CaseContent): void {
  for (const event of named(content.events, 'ChallengeGas')) {
    const found = content.records.challenges.find(({ record }) => record.proposalId === event.data.challengeId);
    check(found !== undefined, 'gas was given back for no challenge');
    const { result, proposer, gasPaid } = found.record;
    const to = textOfEvent(event, 'to');
    const winning = result === 'upheld' ? 'For' : 'Against';
    const vote = found.ballots.find(({ address, vote: cast }) => address === to && cast?.option === winning)?.vote;
    const due = to === proposer && result === 'upheld' ? gasPaid : result === 'undecided' ? 0 : (vote?.gasPaid ?? 0);
    check(numberOfEvent(event, 'amount') <= due, 'more gas of a challenge was given back than was paid');
  }
}

/** Steps before the first claim, and from the last one on. */
export function standingSteps(content: CaseContent) {
  const { steps } = content.records.incident;
  const first = steps.findIndex(({ step }) => step === 'propose_root_cause');
  const last = steps.findLastIndex(({ step }) => step === 'propose_root_cause');
  return steps.filter((_, index) => index < first || index >= last);
}

function checkWork(content: CaseContent): void {
  const { incident, alert, proposals } = content.records;
  const payments = named(content.events, 'WorkPaid');
  check(payments.length === 0 || incident.state === 'Finalized', 'work was paid before the claim stood');
  const withheld = proposals.at(-1)?.record.withheldFrom ?? '';
  const paid = new Set<string>();
  for (const event of payments) {
    const [to, reason, step] = [textOfEvent(event, 'to'), textOfEvent(event, 'reason'), textOfEvent(event, 'step')];
    const key = `${reason} ${step} ${reason === 'outcome_gas' ? to : ''}`;
    check(!paid.has(key), `the work ${key} was paid twice`);
    paid.add(key);
    const done = standingSteps(content).find((record) => record.step === step && record.by === to);
    const report = incident.outcomeReports.find(({ by, round }) => by === to && round === incident.round);
    const gas = { step_gas: done?.gasPaid, alert_gas: alert.gasPaid, outcome_gas: report?.gasPaid }[reason];
    const owed =
      reason === 'step' ? done !== undefined && to !== withheld : numberOfEvent(event, 'amount') <= (gas ?? 0);
    check(owed && (reason !== 'alert_gas' || alert.observers[0] === to), `the work ${key} was paid to somebody else`);
  }
}

/** Who alone raised the alert gets gas and nothing else. */
function checkWithheld(content: CaseContent): void {
  const { proposals, alert } = content.records;
  for (const { record } of proposals.filter(({ record: { withheldFrom } }) => withheldFrom !== '')) {
    check(record.withheldFrom === alert.observers[0], 'a reward was withheld from somebody else');
    const own = record.escrow.filter(({ to, reason }) => to === record.withheldFrom && reason !== 'vote_gas');
    check(own.length === 0, 'who alone raised the alert was paid for judging it');
  }
}

/** @throws CheckError */
export function checkRelease(content: CaseContent): void {
  checkWindow(content);
  for (const proposal of content.records.proposals) checkOverturned(content, proposal);
  checkChallengeGas(content);
  checkWork(content);
  checkWithheld(content);
}
