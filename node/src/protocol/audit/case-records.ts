/**
 * The records of the world state that one incident is about. One function walks them for builder and verifier alike,
 * so both agree on which keys a bundle must prove: no more and no fewer.
 */

import type { TreasuryRecord, VoteRecord } from '../records.ts';
import {
  type AccountRecord,
  type AlertRecord,
  type ChallengeRecord,
  type IncidentRecord,
  type PollRecord,
  type ProposalRecord,
  stateKeys,
} from '../records.ts';
import type { Address } from '../types.ts';
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
  /** First round first. */
  readonly proposals: readonly CaseProposal[];
  /** Oldest first. */
  readonly challenges: readonly CaseChallenge[];
  /** Accounts of everybody who took part or could have. */
  readonly accounts: ReadonlyMap<Address, AccountRecord>;
}

/** Claims and challenges: whatever was voted on. */
export const pollsOf = ({ proposals, challenges }: CaseRecords): readonly CasePoll[] => [...proposals, ...challenges];

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
  return { incident, alert, treasury, proposals, challenges, accounts };
}
