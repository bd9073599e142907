/** Test-only: what happens to a claim after it passed: challenges, reports of the outcome; and motions. */
import type { CallArgs, VoteOption } from '../protocol/calls.ts';
import { canonicalText } from '../protocol/canonical.ts';
import type { FailureCode } from '../protocol/errors.ts';
import type { Params } from '../protocol/genesis.ts';
import type { ChallengeRecord, MotionRecord } from '../protocol/records.ts';
import { stateKeys } from '../protocol/records.ts';
import type { Role } from '../protocol/roles.ts';
import type { Hash, Transaction } from '../protocol/types.ts';
import { developmentGenesis, type GenesisOverrides, TestChain, testEvidence } from './chain-kit.ts';
import type { Scene } from './failure-scenes.ts';
import {
  advanceTo,
  type Ballots,
  commitTransaction,
  incidentOf,
  openIncident,
  revealAll,
  stepTransaction,
  testAlert,
  testCites,
  testProposal,
  unanimous,
} from './incident-kit.ts';

/** Codes of what came with falsification, outcomes and self-government. */
export const DISPUTE_CODES = [
  'STAKE_ABOVE_MAXIMUM',
  'CHALLENGE_WINDOW_NOT_OPEN',
  'CHALLENGE_WINDOW_CLOSED',
  'CHALLENGE_OPEN',
  'CHALLENGE_OWN_CLAIM',
  'CHALLENGE_SUPPORTED_CLAIM',
  'CHALLENGE_BOND_UNEQUAL',
  'EVIDENCE_NOT_NEW',
  'VOTE_OWN_CHALLENGE',
  'OUTCOME_OWN_CLAIM',
  'OUTCOME_REPORTED',
  'MOTION_OPEN',
  'PARAMETER_UNKNOWN',
  'PARAMETER_OUT_OF_BOUNDS',
  'PARAMETERS_INCONSISTENT',
  'SPENDING_ABOVE_CAP',
] as const satisfies readonly FailureCode[];

const both = (text: string) => ({ en: text, zh: text });

/** The fault mapper opposed the claim of the probability oracle, the solution engineer abstained, all others agreed. */
export const CLAIM_VOTE: Ballots = { ...unanimous('For'), fault_mapper: 'Against', solution_engineer: 'Abstain' };

export interface SolvedOptions extends GenesisOverrides {
  readonly ballots?: Ballots;
  /** Whether a second agent raised the alert too. */
  readonly confirmed?: boolean;
  readonly chain?: TestChain;
  readonly node?: string;
  readonly stake?: number;
  readonly voteStake?: number;
  readonly rootCause?: string;
}

/** An incident whose claim has passed, is settled, and whose solution has just opened the challenge window. */
export function solved({ ballots = CLAIM_VOTE, voteStake, ...options }: SolvedOptions = {}): Scene {
  const scene = claimed(options);
  passVote(scene.chain, scene.proposalId, ballots, voteStake);
  solve(scene.chain, scene.incidentId);
  return scene;
}

/** An incident with an open claim. */
export function claimed({ confirmed = true, ...options }: Omit<SolvedOptions, 'ballots' | 'voteStake'> = {}): Scene {
  const { chain: given, node, stake = 100, rootCause = 'stock-db', ...genesis } = options;
  const chain = given ?? new TestChain(developmentGenesis(genesis), { signed: false });
  const incidentId = openIncident(chain, node);
  if (confirmed) chain.call('data_detective', 'raise_alert', testAlert(node));
  advanceTo(chain, incidentId, 'propose_root_cause');
  const claim = { ...testProposal(incidentId, rootCause), stake };
  chain.call('probability_oracle', 'propose_root_cause', claim);
  return { chain, incidentId, proposalId: incidentOf(chain, incidentId).proposalId };
}

/** Commits and reveals everything, by either voting mode's rules of the sealed one. */
export function passVote(chain: TestChain, proposalId: Hash, ballots: Ballots, stake?: number): void {
  const entries = Object.entries(ballots) as [Role, VoteOption][];
  chain.block(entries.map(([role, option]) => commitTransaction(chain, proposalId, role, option, stake)));
  const electorate = pollElectorate(chain, proposalId);
  if (Object.keys(ballots).length < electorate) chain.block([], chain.genesis.params.commitWindowMs);
  revealAll(chain, proposalId, ballots);
}

const pollElectorate = (chain: TestChain, id: Hash): number =>
  (chain.state.get('proposal', id) ?? chain.state.get('challenge', id))?.electorate.length ?? 0;

export function solve(chain: TestChain, incidentId: string): void {
  advanceTo(chain, incidentId, 'submit_solution');
  chain.block([stepTransaction(chain, incidentId, 'submit_solution')]);
}

/** Block time to the end of the challenge window. */
export const untilWindowEnds = (chain: TestChain, incidentId: string): number =>
  incidentOf(chain, incidentId).challengeEndsAtMs - chain.timestampMs;

export interface ChallengeOptions {
  readonly bond?: number;
  /** Text of the new evidence. */
  readonly evidence?: string;
  readonly cites?: readonly Hash[];
}

export function challengeTransaction(
  chain: TestChain,
  incidentId: string,
  by: Role,
  { bond = 100, evidence = 'logs of the stock database', cites }: ChallengeOptions = {},
): Transaction {
  const fresh = testEvidence(evidence);
  const args = {
    ...{ incidentId, bond, cites: [...(cites ?? [...testCites, fresh])] },
    reason: both('The database answered in time.'),
  };
  return chain.transaction(by, 'challenge', args, { evidence: [fresh] });
}

/** Opens a challenge. @returns its id */
export function challenge(chain: TestChain, incidentId: string, by: Role, options?: ChallengeOptions): Hash {
  const [receipt] = chain.block([challengeTransaction(chain, incidentId, by, options)]).receipts;
  if (receipt?.status !== 'success') throw new Error(`${receipt?.reason}: ${receipt?.detail}`);
  return incidentOf(chain, incidentId).challenges.at(-1) ?? '';
}

export function challengeOf(chain: TestChain, challengeId: Hash): ChallengeRecord {
  const record = chain.state.get('challenge', challengeId);
  if (!record) throw new Error(`no challenge ${challengeId}`);
  return record;
}

/** All who may vote on a challenge by the fault mapper, of one opinion. */
export const challengeVote = (option: 'For' | 'Against' | 'Abstain'): Ballots => {
  const { fault_mapper: _, ...others } = unanimous(option);
  return others;
};

export function outcomeTransaction(
  chain: TestChain,
  incidentId: string,
  by: Role,
  recovered: boolean,
  metrics = `metrics of ${by} after the fix`,
): Transaction {
  const hash = testEvidence(metrics);
  const args = { incidentId, recovered, metrics: hash, summary: 'As measured.' };
  return chain.transaction(by, 'verify_outcome', args, { evidence: [hash] });
}

/** Two agents report, each in its turn of the ring. */
export function verify(chain: TestChain, incidentId: string, recovered: boolean) {
  chain.block([outcomeTransaction(chain, incidentId, 'data_detective', recovered)]);
  const second = outcomeTransaction(chain, incidentId, 'dependency_explorer', recovered);
  return chain.block([second], chain.genesis.params.stepDeadlineMs);
}

/** Parameters that hold together: those of the tests let a vote stake less than a fine. */
export const soundParams: Partial<Params> = { voteStakeMin: 60 };

export function motionTransaction(
  chain: TestChain,
  by: Role,
  changes: CallArgs['propose_parameters']['changes'],
  stake = 100,
): Transaction {
  return chain.transaction(by, 'propose_parameters', { changes, stake, reason: both('It would be better.') });
}

export function spendingTransaction(chain: TestChain, by: Role, to: string, amount: number): Transaction {
  return chain.transaction(by, 'propose_spending', { to, amount, stake: 100, reason: both('They earned it.') });
}

/** Motions in the order in which they were made. */
export const motionsOf = (chain: TestChain): readonly MotionRecord[] =>
  chain.state
    .entries('motion/')
    .map(([, text]) => JSON.parse(text) as MotionRecord)
    .sort((a, b) => a.number - b.number);

/** All others vote on a motion. */
export function voteOnMotion(chain: TestChain, motionId: Hash, option: 'For' | 'Against'): void {
  const votes = (chain.state.get('motion', motionId)?.electorate ?? []).flatMap(({ address }) => {
    const role = chain.account(address).agent?.role;
    const args = { proposalId: motionId, stake: 60, option, reason: both(`${option}.`) };
    return role ? [chain.transaction(role, 'vote', args)] : [];
  });
  chain.block(votes);
}

/** The next block is the first that knows of the epoch: what consensus does where epochs turn. */
export function turnEpoch(chain: TestChain, epoch: number) {
  const record = chain.state.get('validators');
  chain.state = chain.state.with([[stateKeys.validators(), canonicalText({ ...record, epoch })]]);
  return chain.block([]);
}
