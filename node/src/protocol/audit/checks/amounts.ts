/**
 * How much: every reward, fine, slash and point of reputation of the incident's polls is what the parameters of its epoch
 * ask for. A fine may be less only because its account held no more at that moment, which no bundle proves; never more.
 */
import { REPUTATION_MAX } from '../../constants.ts';
import type { Params } from '../../genesis.ts';
import type { CaseChallenge, CasePoll, CaseProposal } from '../case-records.ts';
import type { CaseContent, CaseEvent } from '../content.ts';
import { check } from '../errors.ts';
import { named, numberOfEvent, ofProposal, textOfEvent } from '../event-data.ts';
import { sum } from '../tally.ts';
import type { TermsAt } from '../terms.ts';
import { fineDue, funded, pointsDue, rewardsDue, shareOf } from './due.ts';
import { same } from './procedure.ts';
import { checkWorkAmounts } from './work-amounts.ts';

/** Holds under the parameters of the event's epoch. @throws CheckError */
function checkUnder(
  termsAt: TermsAt,
  { epoch }: Pick<CaseEvent, 'epoch'>,
  holds: (params: Params) => boolean,
  detail: string,
): void {
  check(termsAt(epoch).some(holds), detail);
}

/** Where a claim's payments begin: what came before belongs to the settlement. */
export function paidFrom(events: readonly CaseEvent[]): number {
  const at = events.findIndex(({ name, data }) => name === 'StakeReleased' && data.reason === 'proposal');
  return at < 0 ? events.length : at;
}

function checkEscrowed(content: CaseContent, claim: CaseProposal, termsAt: TermsAt): void {
  const { proposalId, round, settled, status } = claim.record;
  const events = ofProposal(content.events, proposalId);
  const escrowed = named(events, 'RewardEscrowed');
  if (!settled || status === 'rejected') return; // `checkEscrow` has seen that there is none
  const [short] = named(events.slice(0, paidFrom(events)), 'TreasuryShort');
  const at = escrowed[0] ?? short ?? named(events, 'ConsensusReached')[0];
  check(at !== undefined, `the settlement of round ${round} left no trace`);
  const stated = escrowed.map((event) => ({
    ...{ to: textOfEvent(event, 'to'), amount: numberOfEvent(event, 'amount'), reason: textOfEvent(event, 'reason') },
  }));
  const available = short && numberOfEvent(short, 'available');
  const isDue = (params: Params): boolean => {
    const due = rewardsDue(claim, params);
    const wanted = due.reduce((total, { amount }) => total + BigInt(amount), 0n);
    return (available === undefined || BigInt(available) < wanted) && same(stated, funded(due, available));
  };
  checkUnder(termsAt, at, isDue, `the rewards of round ${round} are not what the parameters ask for`);
}

function stakeIn({ record, ballots }: CasePoll, address: string): number {
  if (address === record.proposer) return record.stake;
  return ballots.find((ballot) => ballot.address === address)?.vote?.stake ?? 0;
}

function checkFineAmounts(content: CaseContent, poll: CasePoll, termsAt: TermsAt): void {
  for (const event of named(ofProposal(content.events, poll.record.proposalId), 'Penalty')) {
    const [amount, points] = [numberOfEvent(event, 'amount'), numberOfEvent(event, 'reputation')];
    const reason = textOfEvent(event, 'reason');
    const stake = stakeIn(poll, textOfEvent(event, 'address'));
    const isDue = (params: Params): boolean => {
      const due = fineDue(params, reason, stake);
      return due !== undefined && amount >= 0 && amount <= due.amount && points >= 0 && points <= due.points;
    };
    checkUnder(termsAt, event, isDue, `a fine on ${poll.record.proposalId} is more than the parameters ask for`);
  }
}

/** Whose reputation a reason may move. */
function isConcerned({ record, ballots }: CasePoll, address: string, reason: string): boolean {
  const voted = ballots.find((ballot) => ballot.address === address)?.vote?.option;
  if (/^(proposal|claim|challenge)_/.test(reason)) return address === record.proposer;
  return reason.startsWith('supported_') ? voted === 'For' : voted === 'Against';
}

function checkReputation(content: CaseContent, poll: CasePoll, termsAt: TermsAt): void {
  const { proposalId } = poll.record;
  const moved = new Set<string>();
  for (const event of named(ofProposal(content.events, proposalId), 'ReputationChanged')) {
    const [address, reason] = [textOfEvent(event, 'address'), textOfEvent(event, 'reason')];
    const [from, to] = [numberOfEvent(event, 'from'), numberOfEvent(event, 'to')];
    check(isConcerned(poll, address, reason), `a reputation moved by ${proposalId} is somebody else's`);
    check(!moved.has(`${address} ${reason}`), `a reputation was moved twice by ${proposalId}`);
    moved.add(`${address} ${reason}`);
    const isDue = (params: Params): boolean => {
      const points = pointsDue(params, reason);
      return points !== undefined && to === Math.min(REPUTATION_MAX, Math.max(0, from + points));
    };
    checkUnder(termsAt, event, isDue, `a reputation was moved by ${proposalId} otherwise than the parameters ask for`);
  }
}

/** Shares of a falsified claim: what each supporter loses, and what the challenger gets of that. */
function checkFallen(content: CaseContent, claim: CaseProposal, termsAt: TermsAt): void {
  const { proposalId, round, stake } = claim.record;
  const events = ofProposal(content.events, proposalId);
  const [fall] = named(events, 'ClaimOverturned');
  if (fall === undefined) return;
  const slashed = named(events, 'StakeSlashed').filter(({ data }) => data.reason === 'supported_overturned');
  const reward = sum(named(events, 'ChallengeReward').map((event) => numberOfEvent(event, 'amount')));
  const lost = sum(slashed.map((event) => numberOfEvent(event, 'amount')));
  const upheld = content.records.challenges.some(
    ({ record }) => record.claim === proposalId && record.result === 'upheld',
  );
  const isDue = ({ falsification }: Params): boolean =>
    slashed.every((event) => {
      const staked = stakeIn(claim, textOfEvent(event, 'address'));
      return numberOfEvent(event, 'amount') === shareOf(staked, falsification.supporterLoss, 1_000);
    }) && reward === (upheld ? Math.min(shareOf(lost, falsification.toChallenger, 1_000), stake) : 0);
  checkUnder(termsAt, fall, isDue, `what the fall of round ${round} cost and paid is not what the parameters ask for`);
}

/** A bond that was lost goes, whole, where the parameters say. */
function checkBond(content: CaseContent, { record }: CaseChallenge, termsAt: TermsAt): void {
  const { proposalId: challengeId, stake, result, claim: claimId } = record;
  const decided = named(content.events, 'ChallengeDecided').find(({ data }) => data.challengeId === challengeId);
  if (result !== 'failed' || decided === undefined) return;
  const paid = named(content.events, 'BondPaid').filter(({ data }) => data.challengeId === challengeId);
  const claim = content.records.proposals.find(({ record: { proposalId } }) => proposalId === claimId);
  for (const event of paid) {
    const whole = numberOfEvent(event, 'amount') === stake && textOfEvent(event, 'to') === claim?.record.proposer;
    check(whole, 'a lost bond was paid to another, or in part');
  }
  const isDue = ({ falsification }: Params): boolean =>
    paid.length === (falsification.failedBondTo === 'proposer' ? 1 : 0);
  checkUnder(termsAt, decided, isDue, 'a lost bond went elsewhere than the parameters say');
}

/** @throws CheckError */
export function checkAmounts(content: CaseContent, termsAt: TermsAt): void {
  const { proposals, challenges } = content.records;
  for (const claim of proposals) {
    checkEscrowed(content, claim, termsAt);
    checkFallen(content, claim, termsAt);
  }
  for (const poll of [...proposals, ...challenges]) {
    checkFineAmounts(content, poll, termsAt);
    checkReputation(content, poll, termsAt);
  }
  for (const challenge of challenges) checkBond(content, challenge, termsAt);
  checkWorkAmounts(content, termsAt);
}
