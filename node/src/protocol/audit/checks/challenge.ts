/**
 * Each challenge was made in time, by an outsider, with a bond as high as the proposer's stake and evidence that nobody
 * had seen; and what it came to is what its votes, or the verified outcome, give.
 */
import type { CaseChallenge, CaseProposal } from '../case-records.ts';
import type { CaseContent, CaseStep } from '../content.ts';
import { check } from '../errors.ts';
import { named } from '../event-data.ts';
import { challengeIdOf } from '../relevance.ts';
import { isRejectedByVotes, sum } from '../tally.ts';
import { feeOf, same, stepsOf } from './procedure.ts';

const isBefore = (a: CaseStep, b: CaseStep): boolean =>
  a.height < b.height || (a.height === b.height && a.index < b.index);

function checkRecord(content: CaseContent, { record }: CaseChallenge, number: number): CaseProposal {
  const where = `challenge ${number + 1}`;
  const step = stepsOf(content, 'challenge')[number];
  check(step !== undefined, `the transaction of ${where} is missing`);
  const { incidentId, stake, cites, reason, proposer, openedAtMs, gasPaid, claim, newEvidence } = record;
  check(same({ incidentId, bond: stake, cites, reason }, step.call.args), `${where} is not what was signed`);
  const by = { proposer: step.transaction.sender, openedAtMs: step.atMs, gasPaid: feeOf(step) };
  check(same({ proposer, openedAtMs, gasPaid }, by), `${where} has another challenger, time or fee`);
  const id = challengeIdOf({ incidentId, claim, challenger: proposer, number });
  check(record.proposalId === id && content.records.incident.challenges[number] === id, `${where} has another id`);
  // An alert's evidence belongs to the observation: the contract knows none of it.
  const earlier = content.steps.filter((other) => other.call.type !== 'raise_alert' && isBefore(other, step));
  const seen = new Set(earlier.flatMap(({ transaction }) => transaction.evidence));
  const fresh = [...new Set(cites)].filter((hash) => !seen.has(hash));
  check(fresh.length > 0 && same(fresh, newEvidence), `${where} rests on other new evidence`);
  const brought = fresh.every((hash) => step.transaction.evidence.includes(hash));
  check(brought, `${where} cites new evidence that it did not bring`);
  return claimOf(content, record.claim, where);
}

function claimOf(content: CaseContent, id: string, where: string): CaseProposal {
  const claim = content.records.proposals.find(({ record }) => record.proposalId === id);
  check(claim !== undefined, `${where} is of no claim of this incident`);
  return claim;
}

function checkOutsider({ record, ballots }: CaseChallenge, claim: CaseProposal): void {
  const { proposer, stake } = record;
  check(proposer !== claim.record.proposer, 'a proposer challenged its own claim');
  const supported = claim.ballots.some(({ address, vote }) => address === proposer && vote?.option === 'For');
  check(!supported, 'a supporter challenged the claim');
  check(stake === claim.record.stake, 'a bond is not as high as the stake of the claim');
  const barred = ballots.every(({ address }) => address !== claim.record.proposer && address !== proposer);
  check(barred, 'a proposer or a challenger stands in the electorate of a challenge');
  check(record.round === claim.record.round, 'a challenge is of another round than its claim');
}

/** What the votes, or the outcome, make of it. */
function resultOf({ record, ballots }: CaseChallenge): string {
  if (!record.settled) return '';
  if (record.status === 'passed') return 'upheld';
  const eligible = sum(ballots.map(({ weight }) => weight));
  return record.decidedBy === 'outcome' || isRejectedByVotes({ ...record, eligible }) ? 'failed' : 'undecided';
}

function checkResult(content: CaseContent, challenge: CaseChallenge, claim: CaseProposal): void {
  const { record } = challenge;
  const { proposalId: challengeId, result, decidedBy, settled, windowLeftMs } = record;
  check(result === resultOf(challenge), 'a challenge came to something else than was decided');
  check(settled === (decidedBy !== ''), 'a challenge was decided by nobody');
  const mine = ({ data }: { readonly data: { readonly [key: string]: unknown } }) => data.challengeId === challengeId;
  check(named(content.events, 'ChallengeOpened').filter(mine).length === 1, 'a challenge was not opened once');
  const decided = named(content.events, 'ChallengeDecided').filter(mine);
  check(decided.length === (settled ? 1 : 0), `a challenge was decided ${decided.length} times`);
  for (const { data, atMs } of decided) {
    const told = data.result === result && data.decidedBy === decidedBy && atMs === record.decidedAtMs;
    check(told, 'the end of a challenge was told otherwise');
    check(data.challengeEndsAtMs === atMs + windowLeftMs, 'the challenge window did not stand still meanwhile');
  }
  const upheld = result === 'upheld';
  const by = decidedBy === 'outcome' ? 'outcome' : 'challenge';
  const fell = claim.record.status === 'overturned' && claim.record.overturnedBy === by;
  check(!upheld || fell, 'a challenge was upheld and the claim stands');
}

/** @throws CheckError */
export function checkChallenges(content: CaseContent): void {
  const { challenges, proposals } = content.records;
  const made = stepsOf(content, 'challenge').length;
  check(made === challenges.length, 'the bundle has other challenges than the incident');
  for (const [number, challenge] of challenges.entries()) {
    const claim = checkRecord(content, challenge, number);
    checkOutsider(challenge, claim);
    checkResult(content, challenge, claim);
  }
  for (const { record } of proposals.filter(({ record: { overturnedBy } }) => overturnedBy === 'challenge')) {
    const upheld = challenges.filter(
      ({ record: { claim, result } }) => claim === record.proposalId && result === 'upheld',
    );
    check(upheld.length === 1, `the claim of round ${record.round} fell without a challenge that was upheld`);
  }
}
