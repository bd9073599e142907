/**
 * One incident from alert to end through the real contracts: steps, claims in turn, sealed votes by opinion, and, after
 * a claim passed, what may find it wrong: a measurement of two agents, or a challenge by who is sure of the opposite.
 */
import type { Hash, Role, VoteOption } from '@dao-gov/node/protocol';
import { OUTCOME_ROLE, ROLES, ringDistance, STEP_ROLE } from '@dao-gov/node/protocol';
import {
  challengeTransaction,
  commitTransaction,
  type IncidentStep,
  incidentOf,
  outcomeTransaction,
  revealTransaction,
  stepTransaction,
  testAlert,
  testProposal,
  testTriage,
} from '@dao-gov/node/testing';
import { type Incident, type Opinion, opinionOf, STAKE_MORE_ABOVE, stakeOf } from './profiles.ts';
import type { Seats } from './seats.ts';

/** Share of incidents in which the fix can be measured within the window. */
const MEASURABLE = 0.6;
/** What the new evidence of a challenge tells who was wrong. */
const INSIGHT_OF_CHALLENGE = 0.5;
/** Who disagrees and is less sure than this abstains: two agents who found the same are seldom both wrong. */
const OPPOSE_ABOVE = 0.65;

const STEPS_BEFORE: readonly IncidentStep[] = [
  'schedule_tasks',
  'submit_data_collection',
  'submit_dependency_graph',
  'submit_fault_assessment',
];
const STEPS_AFTER: readonly IncidentStep[] = ['submit_fault_web', 'submit_solution'];

type Opinions = ReadonlyMap<Role, Opinion>;

/**
 * Plays an incident to its end.
 * @param number of the incident, from 0: who observes goes round with it
 * @returns the accepted root cause; empty when there was none
 */
export function playIncident(seats: Seats, number: number, cause: string, acceptedLast: string): string {
  seats.refill();
  const incidentId = openIncident(seats, number);
  const measurable = seats.random.chance(MEASURABLE);
  const excluded = new Set<string>();
  let insight = 0;
  while (incidentOf(seats.chain, incidentId).stepDue === 'propose_root_cause') {
    const incident: Incident = { cause, acceptedLast, excluded, insight };
    const opinions = new Map(ROLES.map((role) => [role, opinionOf(seats.profile(role), incident, seats.random)]));
    const claimed = claim(seats, incidentId, opinions);
    excluded.add(claimed);
    if (incidentOf(seats.chain, incidentId).state !== 'Consensus') continue;
    for (const step of STEPS_AFTER) perform(seats, incidentId, step);
    if (measurable) measure(seats, incidentId, claimed === cause);
    else if (dispute(seats, incidentId, claimed, incident, opinions)) insight = INSIGHT_OF_CHALLENGE;
    const { state, challengeEndsAtMs } = incidentOf(seats.chain, incidentId);
    if (state === 'Solution') seats.waitUntil(challengeEndsAtMs);
  }
  // A round that was the last leaves the end to the next block.
  if (incidentOf(seats.chain, incidentId).closedAtMs === 0) seats.block([]);
  return incidentOf(seats.chain, incidentId).rootCause;
}

function openIncident(seats: Seats, number: number): string {
  const { chain } = seats;
  const node = `shop-${number}`;
  const payers = ROLES.map((_, index) => ROLES[(number + index) % ROLES.length] as Role).filter(seats.canPay);
  seats.block(payers.slice(0, 2).map((role) => chain.transaction(role, 'raise_alert', testAlert(node))));
  const { alertId } = testTriage(node);
  const raisedAtMs = chain.state.get('alert', alertId)?.raisedAtMs ?? 0;
  seats.call(seats.inTurn(STEP_ROLE.triage, raisedAtMs), 'triage', testTriage(node));
  const incidentId = chain.state.get('alert', alertId)?.incidentId ?? '';
  for (const step of STEPS_BEFORE) perform(seats, incidentId, step);
  return incidentId;
}

function perform(seats: Seats, incidentId: string, step: IncidentStep): void {
  const role = seats.inTurn(STEP_ROLE[step], incidentOf(seats.chain, incidentId).stepOpenedAtMs);
  seats.block([stepTransaction(seats.chain, incidentId, step, role)]);
}

/** A claim by whoever has made the fewest, so that all have as many chances, and the vote on it. @returns the root cause that was claimed */
function claim(seats: Seats, incidentId: string, opinions: Opinions): string {
  const { chain, params } = seats;
  const { proposalStakeMin, confidence, voteStakeMin, stepDeadlineMs } = params;
  const { stepOpenedAtMs, proposals } = incidentOf(chain, incidentId);
  const turnedDown = chain.state.get('proposal', proposals.at(-1) ?? '')?.proposer;
  const able = seats.claimants().filter((role) => seats.canPay(role) && seats.address(role) !== turnedDown);
  for (const proposer of able) {
    const { cause, confidence: sure } = opinions.get(proposer) as Opinion; // one for every role
    const wanted = stakeOf(sure, proposalStakeMin, confidence.proposalStakeMax);
    const stake = seats.fund(new Map([[proposer, wanted]])).get(proposer) ?? 0;
    if (stake < proposalStakeMin) continue;
    // In the first round others than the oracle wait for their turn of the ring; later anybody may speak.
    if (proposals.length === 0) {
      seats.waitUntil(stepOpenedAtMs + ringDistance(proposer, STEP_ROLE.propose_root_cause) * stepDeadlineMs);
    }
    const probability = Math.floor(sure * 999);
    seats.claimed(proposer);
    seats.call(proposer, 'propose_root_cause', { ...testProposal(incidentId, cause), stake, probability });
    const { proposalId } = incidentOf(chain, incidentId);
    const ballots = ballotsOf(opinions, (opinion) => opinion.cause === cause, [proposer]);
    // The copiers have seen the claim, and nothing else.
    for (const role of copiers(seats, [proposer])) ballots.set(role, 'For');
    vote(seats, proposalId, ballots, (role) =>
      stakeOf(opinions.get(role)?.confidence ?? 0, voteStakeMin, confidence.voteStakeMax),
    );
    return cause;
  }
  // Everybody is too poor to stake anything: the step is given up.
  seats.waitUntil(stepOpenedAtMs + (ROLES.length + 1) * stepDeadlineMs);
  return '';
}

/** For from who found the same, Against from who is sure of something else. Voting is a duty: beta counts on it. */
function ballotsOf(
  opinions: Opinions,
  agrees: (opinion: Opinion) => boolean,
  barred: readonly Role[],
): Map<Role, VoteOption> {
  const voters = [...opinions].filter(([role]) => !barred.includes(role));
  const unlike = ({ confidence }: Opinion): VoteOption => (confidence > OPPOSE_ABOVE ? 'Against' : 'Abstain');
  return new Map(voters.map(([role, opinion]) => [role, agrees(opinion) ? 'For' : unlike(opinion)]));
}

const copiers = (seats: Seats, barred: readonly Role[]): readonly Role[] =>
  ROLES.filter((role) => seats.profile(role).method === 'copy' && !barred.includes(role));

/** Commits and reveals; who cannot pay or stake stays away. */
function vote(
  seats: Seats,
  proposalId: Hash,
  ballots: ReadonlyMap<Role, VoteOption>,
  wantedOf: (role: Role) => number,
): void {
  const { chain, params } = seats;
  const { voteStakeMin, commitWindowMs, revealWindowMs } = params;
  const stakes = seats.fund(new Map([...ballots.keys()].filter(seats.canPay).map((role) => [role, wantedOf(role)])));
  const voters = [...stakes].filter(([role, stake]) => stake >= voteStakeMin && seats.canPay(role));
  const optionOf = (role: Role): VoteOption => ballots.get(role) ?? 'Abstain';
  seats.block(voters.map(([role, stake]) => commitTransaction(chain, proposalId, role, optionOf(role), stake)));
  if (pollOf(seats, proposalId)?.status === 'committing') seats.block([], commitWindowMs);
  const reveals = voters.filter(([role]) => seats.canPay(role));
  seats.block(reveals.map(([role]) => revealTransaction(chain, proposalId, role, optionOf(role))));
  if (!pollOf(seats, proposalId)?.settled) seats.block([], revealWindowMs);
}

const pollOf = ({ chain }: Seats, id: Hash) => chain.state.get('proposal', id) ?? chain.state.get('challenge', id);

/** Two agents measure after the fix, each in its turn of the ring, and say what they see. */
function measure(seats: Seats, incidentId: string, recovered: boolean): void {
  const { chain, params } = seats;
  const { proposalId, stepOpenedAtMs } = incidentOf(chain, incidentId);
  const proposer = chain.state.get('proposal', proposalId)?.proposer;
  const ring = [...ROLES].sort((a, b) => ringDistance(a, OUTCOME_ROLE) - ringDistance(b, OUTCOME_ROLE));
  const able = ring.filter((role) => seats.canPay(role) && seats.address(role) !== proposer);
  for (const role of able.slice(0, params.falsification.outcomeReportsMin)) {
    seats.waitUntil(stepOpenedAtMs + ringDistance(role, OUTCOME_ROLE) * params.stepDeadlineMs);
    const metrics = `metrics of ${role} for ${proposalId}`;
    seats.block([outcomeTransaction(chain, incidentId, role, recovered, metrics)]);
  }
}

/** The surest of those who did not support the claim challenges it, if its bond would pay. @returns whether one did */
function dispute(seats: Seats, incidentId: string, claimed: string, incident: Incident, opinions: Opinions): boolean {
  const { chain, params, random } = seats;
  const { proposalId } = incidentOf(chain, incidentId);
  const claimRecord = chain.state.get('proposal', proposalId);
  const bond = claimRecord?.stake ?? 0;
  const challenger = [...opinions]
    .filter(([role, { cause, confidence }]) => cause !== claimed && confidence > STAKE_MORE_ABOVE && seats.canPay(role))
    .filter(([role]) => seats.profile(role).method !== 'copy' && seats.address(role) !== claimRecord?.proposer)
    .sort(([, a], [, b]) => b.confidence - a.confidence)[0]?.[0];
  if (!challenger || (seats.fund(new Map([[challenger, bond]])).get(challenger) ?? 0) < bond) return false;
  const evidence = `evidence against ${proposalId}`;
  seats.block([challengeTransaction(chain, incidentId, challenger, { bond, evidence })]);
  const challengeId = incidentOf(chain, incidentId).challenges.at(-1) ?? '';
  const informed: Incident = { ...incident, insight: INSIGHT_OF_CHALLENGE, excluded: new Set() };
  const second = new Map(ROLES.map((role) => [role, opinionOf(seats.profile(role), informed, random)]));
  const proposer = ROLES.find((role) => seats.address(role) === claimRecord?.proposer);
  const barred = [challenger, ...(proposer ? [proposer] : [])];
  const ballots = ballotsOf(second, ({ cause }) => cause !== claimed, barred);
  // What the first vote said is all that copiers go by.
  for (const role of copiers(seats, barred)) ballots.set(role, 'Against');
  vote(seats, challengeId, ballots, () => params.voteStakeMin);
  return true;
}
