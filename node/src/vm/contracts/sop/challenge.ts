import { canonicalBytes } from '../../../protocol/canonical.ts';
import { hashBytes } from '../../../protocol/hashing.ts';
import type { ChallengeRecord, IncidentRecord, ProposalRecord } from '../../../protocol/records.ts';
import type { Address, Hash } from '../../../protocol/types.ts';
import { ensure } from '../../errors.ts';
import type { StateDraft } from '../../state/draft.ts';
import type { Call } from '../call.ts';
import { electorateOf, eligibleWeight, votesOf } from '../governance/ballots.ts';
import { votingTerms } from '../governance/open-proposal.ts';
import { freshPoll } from '../governance/polls.ts';
import { paramsOf } from '../params/params.ts';
import { lockStake } from '../token/ledger.ts';
import { openChallengeOf } from './falsify.ts';
import { isClosed } from './steps.ts';

/** @param number how many challenges the incident had before */
export const challengeIdOf = (challenge: {
  readonly incidentId: string;
  readonly claim: Hash;
  readonly challenger: Address;
  readonly number: number;
}): Hash =>
  hashBytes(
    canonicalBytes({
      incidentId: challenge.incidentId,
      claim: challenge.claim,
      challenger: challenge.challenger,
      number: challenge.number,
    }),
  );

/**
 * "The agreed claim is wrong": a bond as high as the proposer's stake, and evidence that nobody had seen. Opens the
 * second vote, in which neither the proposer nor the challenger takes part. Anybody with a free stake may challenge, but
 * not who made or supported the claim: it could only be about the reward.
 * Fails: INCIDENT_UNKNOWN, CHALLENGE_WINDOW_NOT_OPEN, CHALLENGE_WINDOW_CLOSED, CHALLENGE_OPEN, CHALLENGE_OWN_CLAIM,
 * CHALLENGE_SUPPORTED_CLAIM, CITES_UNKNOWN_EVIDENCE, EVIDENCE_NOT_NEW, CHALLENGE_BOND_UNEQUAL, INSUFFICIENT_STAKE,
 * AMOUNT_OVERFLOW.
 */
export function challenge(call: Call<'challenge'>): void {
  const { args, draft, sender } = call;
  const incident = challengeable(call);
  const claim = draft.must('proposal', incident.proposalId);
  requireOutsider(call, claim);
  const newEvidence = requireNewEvidence(call, incident);
  const { incidentId, bond } = args;
  ensure(bond === claim.stake, 'CHALLENGE_BOND_UNEQUAL', `The bond is as high as the stake of ${claim.stake}.`);
  const number = incident.challenges.length;
  const challengeId = challengeIdOf({ incidentId, claim: claim.proposalId, challenger: sender, number });
  lockStake(call, sender, bond, 'challenge', { incidentId, proposalId: challengeId });
  const record = recordOf(call, incident, claim, challengeId, newEvidence);
  draft.set('challenge', record, challengeId);
  draft.set('incident', { ...incident, challenges: [...incident.challenges, challengeId] }, incidentId);
  call.emit('ChallengeOpened', {
    ...{ incidentId, proposalId: claim.proposalId, challengeId, challenger: sender, bond, newEvidence },
    ...{ reason: args.reason, votingMode: paramsOf(draft).votingMode },
    ...{ eligible: eligibleWeight(record), commitEndsAtMs: record.commitEndsAtMs },
  });
}

/** @throws ContractError INCIDENT_UNKNOWN, CHALLENGE_WINDOW_NOT_OPEN, CHALLENGE_WINDOW_CLOSED, CHALLENGE_OPEN */
function challengeable({ args, draft, block }: Call<'challenge'>): IncidentRecord {
  const incident = draft.get('incident', args.incidentId);
  ensure(incident !== undefined, 'INCIDENT_UNKNOWN', `There is no incident ${args.incidentId}.`);
  ensure(!isClosed(incident), 'CHALLENGE_WINDOW_CLOSED', 'The incident has ended: its outcome stands.');
  ensure(incident.state === 'Solution', 'CHALLENGE_WINDOW_NOT_OPEN', 'A claim can be challenged once it is solved.');
  // While a challenge is voted on the window stands still, so the code says what keeps this one out.
  ensure(openChallengeOf(draft, incident) === undefined, 'CHALLENGE_OPEN', 'Another challenge is being voted on.');
  const inTime = block.timestampMs < incident.challengeEndsAtMs;
  ensure(inTime, 'CHALLENGE_WINDOW_CLOSED', 'The challenge window is over: this evidence comes too late.');
  return incident;
}

/** @throws ContractError CHALLENGE_OWN_CLAIM, CHALLENGE_SUPPORTED_CLAIM */
function requireOutsider({ draft, sender }: Call<'challenge'>, claim: ProposalRecord): void {
  ensure(claim.proposer !== sender, 'CHALLENGE_OWN_CLAIM', 'A proposer does not challenge its own claim.');
  const vote = draft.get('vote', claim.proposalId, sender);
  // A sealed vote may still turn out to support the claim.
  const supported = vote !== undefined && (vote.option === 'For' || vote.option === '');
  ensure(!supported, 'CHALLENGE_SUPPORTED_CLAIM', 'Who supported the claim does not challenge it.');
}

/** Evidence that the incident has seen: of its steps, votes and challenges. */
function seenEvidence(draft: StateDraft, incident: IncidentRecord): ReadonlySet<Hash> {
  const polls = [
    ...incident.proposals.map((id) => draft.must('proposal', id)),
    ...incident.challenges.map((id) => draft.must('challenge', id)),
  ];
  return new Set([
    ...incident.steps.flatMap(({ evidence }) => evidence),
    ...incident.outcomeReports.map(({ metrics }) => metrics),
    ...incident.challenges.flatMap((id) => draft.must('challenge', id).newEvidence),
    ...polls.flatMap((poll) => votesOf(draft, poll)).flatMap(({ evidence }) => evidence),
  ]);
}

/** @throws ContractError CITES_UNKNOWN_EVIDENCE, EVIDENCE_NOT_NEW */
function requireNewEvidence({ args, draft, evidence }: Call<'challenge'>, incident: IncidentRecord): readonly Hash[] {
  const seen = seenEvidence(draft, incident);
  const known = args.cites.every((hash) => seen.has(hash) || evidence.includes(hash));
  ensure(known, 'CITES_UNKNOWN_EVIDENCE', 'The challenge cites evidence that is neither on chain nor travels with it.');
  const fresh = [...new Set(args.cites)].filter((hash) => !seen.has(hash));
  ensure(fresh.length > 0, 'EVIDENCE_NOT_NEW', 'The votes on the claim knew all of this evidence.');
  return fresh;
}

function recordOf(
  call: Call<'challenge'>,
  incident: IncidentRecord,
  claim: ProposalRecord,
  challengeId: Hash,
  newEvidence: readonly Hash[],
): ChallengeRecord {
  const { args, draft, sender, block, fee } = call;
  return {
    ...{ proposalId: challengeId, incidentId: incident.incidentId, claim: claim.proposalId, round: claim.round },
    ...{ proposer: sender, stake: args.bond, reason: args.reason, cites: args.cites, newEvidence, gasPaid: fee },
    ...freshPoll,
    ...votingTerms(call),
    electorate: electorateOf(draft, [claim.proposer, sender]),
    windowLeftMs: incident.challengeEndsAtMs - block.timestampMs,
    ...{ result: '', decidedBy: '' },
  };
}
