/**
 * The records of the world state that one incident is about. One function walks them for builder and verifier alike,
 * so both agree on which keys a bundle must prove: no more and no fewer.
 */

import { canonicalBytes } from '../canonical.ts';
import type { Params } from '../genesis.ts';
import { hashBytes } from '../hashing.ts';
import {
  type AccountRecord,
  type AlertRecord,
  type ChallengeRecord,
  type GovernmentRecord,
  type IncidentRecord,
  type MotionRecord,
  type PollRecord,
  type ProposalRecord,
  stateKeys,
  type TreasuryRecord,
  type VoteRecord,
} from '../records.ts';
import type { Address, Hash } from '../types.ts';
import { check } from './errors.ts';

export interface CaseBallot {
  readonly address: Address;
  /** Weight of the snapshot, in thousandths. */
  readonly weight: number;
  /** Null when no vote was cast, which is proven too. */
  readonly vote: VoteRecord | null;
}

/** Something that was voted on. */
export interface CasePoll<P extends PollRecord = PollRecord> {
  readonly record: P;
  /** In the order of the electorate. */
  readonly ballots: readonly CaseBallot[];
}
export type CaseProposal = CasePoll<ProposalRecord>;
export type CaseChallenge = CasePoll<ChallengeRecord>;

export interface CaseRecords {
  readonly incident: IncidentRecord;
  readonly alert: AlertRecord;
  readonly treasury: TreasuryRecord;
  /** As they are now; what they were is told by the motions. */
  readonly params: Params;
  /** All motions that were ever made, the first one first. */
  readonly motions: readonly MotionRecord[];
  /** First round first. */
  readonly proposals: readonly CaseProposal[];
  /** Oldest first. */
  readonly challenges: readonly CaseChallenge[];
  /** Accounts of everybody who took part or could have. */
  readonly accounts: ReadonlyMap<Address, AccountRecord>;
}

/** Claims and challenges: whatever was voted on. */
export const pollsOf = ({ proposals, challenges }: CaseRecords): readonly CasePoll[] => [...proposals, ...challenges];

/** Id of a motion (contract `open-motion`). @param number from 1 on, as the chain counts them */
const motionIdOf = (number: number): Hash => hashBytes(canonicalBytes({ motion: number }));

/** Canonical JSON text under a key; null when there is no such record. */
export type ReadRecord = (key: string) => string | null;

/**
 * Reads exactly the records that belong to an incident.
 * @param read is called once a key
 * @throws CheckError when one that must exist does not
 */
export function readCaseRecords(incidentId: string, read: ReadRecord): CaseRecords {
  // The texts stand under a certified state root: their shape is what the chain's own code wrote.
  const must = <T>(key: string): T => {
    const value = read(key);
    check(value !== null, `the state has no record ${key}`);
    return JSON.parse(value) as T;
  };
  const incident = must<IncidentRecord>(stateKeys.incident(incidentId));
  const alert = must<AlertRecord>(stateKeys.alert(incident.alertId));
  const treasury = must<TreasuryRecord>(stateKeys.treasury());
  const params = must<Params>(stateKeys.params());
  const government = read(stateKeys.government());
  const { motions: count } = government === null ? { motions: 0 } : (JSON.parse(government) as GovernmentRecord);
  const motions = Array.from({ length: count }, (_, at) => must<MotionRecord>(stateKeys.motion(motionIdOf(at + 1))));
  const polled = <P extends PollRecord>(key: string): CasePoll<P> => {
    const record = must<P>(key);
    const ballots = record.electorate.map(({ address, weight }) => {
      const value = read(stateKeys.vote(record.proposalId, address));
      return { address, weight, vote: value === null ? null : (JSON.parse(value) as VoteRecord) };
    });
    return { record, ballots };
  };
  const proposals = incident.proposals.map((id) => polled<ProposalRecord>(stateKeys.proposal(id)));
  const challenges = incident.challenges.map((id) => polled<ChallengeRecord>(stateKeys.challenge(id)));
  const parties = new Set<Address>([
    ...alert.observers,
    ...incident.steps.map(({ by }) => by),
    ...incident.outcomeReports.map(({ by }) => by),
    ...[...proposals, ...challenges].flatMap(({ record }) => [
      record.proposer,
      ...record.electorate.map(({ address }) => address),
    ]),
  ]);
  const accounts = new Map([...parties].map((party) => [party, must<AccountRecord>(stateKeys.account(party))]));
  return { incident, alert, treasury, params, motions, proposals, challenges, accounts };
}
