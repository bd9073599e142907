/** What happened, worked out from a bundle's content: by the builder to state it, by the verifier to compare it. */
import {
  MOVEMENT_KINDS,
  type Verdict,
  type VerdictBallot,
  type VerdictChallenge,
  type VerdictClaim,
  type VerdictMovement,
} from './bundle.ts';
import type { CaseBallot, CaseChallenge, CaseProposal } from './case-records.ts';
import { type CaseContent, type CaseEvent, partyOf } from './content.ts';
import { named, numberOfEvent, ofProposal, textOfEvent } from './event-data.ts';
import { judgmentOf } from './judgment.ts';
import { sum } from './tally.ts';

/** Out of the treasury and the escrow. */
const PAYMENTS = ['Reward', 'Bounty', 'GasRebate', 'WorkPaid', 'ChallengeGas'] as const;

export const isFinished = ({ state }: { readonly state: string }): boolean =>
  state === 'Finalized' || state === 'Inconclusive';

function ballotOf(content: CaseContent, { address, weight, vote }: CaseBallot): VerdictBallot {
  const voter = partyOf(content.records, address);
  if (vote === null) return { voter, weight, stake: 0, status: 'none', option: '', reason: null };
  const { stake, option, reason } = vote;
  return { voter, weight, stake, status: option === '' ? 'sealed' : 'revealed', option, reason };
}

function decisionOf(content: CaseContent, proposalId: string): VerdictClaim['decision'] {
  const [event] = named(ofProposal(content.events, proposalId), 'ConsensusReached');
  if (event === undefined) return null;
  return {
    height: event.height,
    atMs: event.atMs,
    passed: event.data.passed === true,
    weightFor: numberOfEvent(event, 'weightFor'),
    weightAgainst: numberOfEvent(event, 'weightAgainst'),
    weightAbstain: numberOfEvent(event, 'weightAbstain'),
    supportThousandths: numberOfEvent(event, 'supportThousandths'),
    participationThousandths: numberOfEvent(event, 'participationThousandths'),
  };
}

function claimOf(content: CaseContent, { record, ballots }: CaseProposal): VerdictClaim {
  const { proposalId, round, rootCause, faultKind, probability, reason, cites, stake, status } = record;
  const { overturnedBy, withheldFrom } = record;
  return {
    overturnedBy,
    withheldFrom: withheldFrom === '' ? null : partyOf(content.records, withheldFrom),
    ...{ proposalId, round, rootCause, faultKind, probability, reason, stake, status, cites: [...cites] },
    proposer: partyOf(content.records, record.proposer),
    eligibleWeight: sum(ballots.map(({ weight }) => weight)),
    ballots: ballots.map((ballot) => ballotOf(content, ballot)),
    decision: decisionOf(content, proposalId),
  };
}

function challengeOf(content: CaseContent, { record, ballots }: CaseChallenge): VerdictChallenge {
  const { proposalId: challengeId, claim, round, stake: bond, reason, newEvidence, result, decidedBy } = record;
  return {
    ...{ challengeId, claim, round, bond, reason, result, decidedBy, newEvidence: [...newEvidence] },
    challenger: partyOf(content.records, record.proposer),
    eligibleWeight: sum(ballots.map(({ weight }) => weight)),
    ballots: ballots.map((ballot) => ballotOf(content, ballot)),
    decision: decisionOf(content, challengeId),
  };
}

function movementOf(content: CaseContent, event: CaseEvent): VerdictMovement {
  const paid = 'to' in event.data;
  return {
    height: event.height,
    kind: event.name as VerdictMovement['kind'], // chosen by these names
    proposalId: textOfEvent(event, 'proposalId'),
    party: partyOf(content.records, textOfEvent(event, paid ? 'to' : 'address')),
    amount: numberOfEvent(event, 'amount'),
    reputation: event.name === 'Penalty' ? numberOfEvent(event, 'reputation') : 0,
    reason: event.name === 'ChallengeGas' ? 'challenge_gas' : textOfEvent(event, 'reason'),
  };
}

function totalsOf(content: CaseContent, movements: readonly VerdictMovement[]): Verdict['totals'] {
  const total = (...kinds: readonly string[]) =>
    sum(movements.filter(({ kind }) => kinds.includes(kind)).map(({ amount }) => amount));
  const open = content.records.proposals.filter(({ record }) => record.settled && !record.released);
  return {
    paid: total(...PAYMENTS),
    fined: total('Penalty'),
    forfeited: total('StakeForfeited'),
    slashed: total('StakeSlashed'),
    burned: sum(named(content.events, 'TokensBurned').map((event) => numberOfEvent(event, 'amount'))),
    inEscrow: sum(open.flatMap(({ record }) => record.escrow.map(({ amount }) => amount))),
    returned: sum(
      named(content.events, 'IncidentInconclusive', 'ClaimOverturned').map((event) =>
        numberOfEvent(event, 'escrowReturned'),
      ),
    ),
  };
}

/** @throws CheckError when an event lacks what it must hold */
export function verdictOf(content: CaseContent): Verdict {
  const { records } = content;
  const { incident } = records;
  const { incidentId, title, priority, alertId, alert, openedAtMs, closedAtMs, challengeEndsAtMs } = incident;
  const movements = named(content.events, ...MOVEMENT_KINDS).map((event) => movementOf(content, event));
  const facts: Omit<Verdict, 'judgment'> = {
    finished: isFinished(incident),
    state: incident.state,
    asOf: content.asOf,
    incident: { incidentId, title, priority, alertId, ...alert, openedAtMs, closedAtMs, challengeEndsAtMs },
    observers: records.alert.observers.map((address) => partyOf(records, address)),
    rootCause: incident.rootCause,
    faultKind: incident.faultKind,
    steps: incident.steps.map(({ step, by, atMs, height, transaction, evidence, summary }) => ({
      ...{ step, atMs, height, transaction, evidence: [...evidence], summary },
      by: partyOf(records, by),
    })),
    claims: records.proposals.map((proposal) => claimOf(content, proposal)),
    challenges: records.challenges.map((challenge) => challengeOf(content, challenge)),
    outcomeReports: incident.outcomeReports.map(({ by, round, recovered, metrics, atMs, transaction }) => ({
      ...{ round, recovered, metrics, atMs, transaction, by: partyOf(records, by) },
    })),
    movements,
    totals: totalsOf(content, movements),
  };
  return { ...facts, judgment: judgmentOf(facts) };
}
