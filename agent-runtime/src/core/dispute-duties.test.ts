import {
  type ChallengeRecord,
  type IncidentRecord,
  type MotionRecord,
  type ProposalRecord,
  ROLES,
  type Role,
  type VoteRecord,
} from '@dao-gov/node/protocol';
import { testParams } from '@dao-gov/node/testing';
import { describe, expect, test } from 'vitest';
import { type AgentView, dutiesOf, dutyKey, type IncidentView } from './duties.ts';
import {
  CHALLENGE,
  challengeWith,
  incidentWith,
  ME,
  OPENED_MS,
  PROPOSAL,
  proposalWith,
  viewOf,
  voteWith,
} from './testing/duty-records.ts';

const DEADLINE_MS = testParams.stepDeadlineMs;
const WINDOW_MS = testParams.challengeWindowMs;

const kindsFor = (role: Role, view: AgentView): readonly string[] =>
  dutiesOf(view, { role, address: ME }, testParams).map(({ kind }) => kind);

interface Solved {
  readonly vote?: VoteRecord | undefined;
  readonly claim?: Partial<ProposalRecord>;
  readonly incident?: Partial<IncidentRecord>;
  readonly challenges?: IncidentView['challenges'];
}

const solvedWith = ({ vote, claim = {}, incident = {}, challenges = [] }: Solved): IncidentView => ({
  incident: incidentWith({
    ...{ state: 'Solution', round: 1, proposalId: PROPOSAL, proposals: [PROPOSAL], rootCause: 'db' },
    ...{ challengeEndsAtMs: OPENED_MS + WINDOW_MS, ...incident },
  }),
  proposals: [{ proposal: proposalWith({ status: 'passed', settled: true, ...claim }), ownVote: vote }],
  challenges,
});

describe('a vote on a challenge', () => {
  const open = (changes: Partial<ChallengeRecord>, ownVote?: VoteRecord): IncidentView =>
    solvedWith({ vote: voteWith({ option: 'For' }), challenges: [{ challenge: challengeWith(changes), ownVote }] });

  test.each<{ what: string; challenge?: Partial<ChallengeRecord>; vote?: Partial<VoteRecord>; kind: string }>([
    { what: 'it is sealed', kind: 'vote' },
    { what: 'it is open', challenge: { status: 'voting' }, kind: 'vote' },
    { what: 'I have committed', vote: {}, kind: '' },
    { what: 'I am the challenger', challenge: { proposer: ME }, kind: '' },
    { what: 'I am the barred proposer', challenge: { electorate: [] }, kind: '' },
    { what: 'reveals are open', challenge: { status: 'revealing' }, vote: {}, kind: 'reveal_vote' },
    { what: 'it is settled', challenge: { status: 'passed', settled: true }, kind: '' },
  ])('$what: $kind', ({ challenge = {}, vote, kind }) => {
    const duties = dutiesOf(
      viewOf(open(challenge, vote && voteWith(vote))),
      { role: 'process_scheduler', address: ME },
      testParams,
    );
    const voting = duties.filter((duty) => duty.kind === 'vote' || duty.kind === 'reveal_vote');
    expect(voting.map(dutyKey)).toEqual(kind === '' ? [] : [`${kind}/${CHALLENGE}`]);
    expect(voting).toMatchObject(
      kind === '' ? [] : [{ proposal: { rootCause: 'db' }, challenge: { claim: PROPOSAL } }],
    );
  });
});

describe('a challenge', () => {
  const due = (solved: Solved, afterMs: number, role: Role = 'data_detective'): boolean =>
    kindsFor(role, viewOf(solvedWith(solved), afterMs)).includes('challenge');
  const opposed = voteWith({ option: 'Against' });
  const late = WINDOW_MS - 1;

  test.each<[string, Solved, boolean]>([
    ['who opposed the claim may', { vote: opposed }, true],
    ['who abstained may', { vote: voteWith({ option: 'Abstain' }) }, true],
    ['who never voted may', {}, true],
    ['who supported it may not', { vote: voteWith({ option: 'For' }) }, false],
    ['whose vote is still sealed may not', { vote: voteWith({}) }, false],
    ['its proposer may not', { claim: { proposer: ME } }, false],
    ['before the claim is settled nobody may', { vote: opposed, claim: { settled: false } }, false],
    ['before the solution nobody may', { vote: opposed, incident: { state: 'Consensus' } }, false],
    [
      'while another challenge is open nobody may',
      { vote: opposed, challenges: [{ challenge: challengeWith({}), ownVote: undefined }] },
      false,
    ],
    [
      'who has challenged this claim already may not',
      {
        vote: opposed,
        challenges: [{ challenge: challengeWith({ proposer: ME, settled: true }), ownVote: undefined }],
      },
      false,
    ],
  ])('%s', (_, solved, expected) => {
    expect(due(solved, late)).toBe(expected);
  });

  test('is over with the window', () => {
    expect(due({ vote: opposed }, WINDOW_MS)).toBe(false);
  });

  test('is taken in turns, those who opposed the claim before all others, all within half of the window', () => {
    const firstMs = (role: Role, vote: VoteRecord | undefined): number => {
      for (let afterMs = 0; afterMs < WINDOW_MS; afterMs += 100) if (due({ vote }, afterMs, role)) return afterMs;
      return Number.POSITIVE_INFINITY;
    };
    const opponents = ROLES.map((role) => firstMs(role, opposed));
    const others = ROLES.map((role) => firstMs(role, undefined));
    expect(new Set([...opponents, ...others]).size).toBe(2 * ROLES.length);
    expect(Math.max(...opponents)).toBeLessThan(Math.min(...others));
    expect(Math.max(...others)).toBeLessThan(WINDOW_MS / 2);
  });
});

describe('the outcome', () => {
  const due = (solved: Solved, afterMs: number, role: Role = 'data_detective'): boolean =>
    kindsFor(role, viewOf(solvedWith(solved), afterMs)).includes('verify_outcome');
  const report = { by: ME, round: 1, recovered: true, metrics: 'ff'.repeat(32), atMs: 0, transaction: '', gasPaid: 0 };

  test('is measured in the turn of the ring, from the data detective on', () => {
    const start = ROLES.indexOf('data_detective');
    for (const [distance, deadlines] of [0, 1, 2, 3].entries()) {
      const role = ROLES[(start + distance) % ROLES.length] as Role; // an index into ROLES
      expect(due({}, deadlines * DEADLINE_MS, role)).toBe(true);
      if (distance > 0) expect(due({}, deadlines * DEADLINE_MS - 1, role)).toBe(false);
    }
  });

  test('not by the proposer, not twice, not after the window unless a challenge holds it open', () => {
    expect(due({ claim: { proposer: ME } }, 0)).toBe(false);
    expect(due({ incident: { outcomeReports: [report] } }, 0)).toBe(false);
    expect(due({ incident: { outcomeReports: [{ ...report, round: 0 }] } }, 0)).toBe(true);
    expect(due({}, WINDOW_MS)).toBe(false);
    const challenges = [{ challenge: challengeWith({}), ownVote: voteWith({}) }];
    expect(due({ challenges }, WINDOW_MS)).toBe(true);
  });
});

describe('a motion', () => {
  const motion = {
    ...challengeWith({ status: 'voting' }),
    ...{ incidentId: '', number: 1, kind: 'spending', changes: [], to: ME, amount: 5, enactment: '', enactedEpoch: 0 },
  } as const satisfies Omit<MotionRecord, 'proposalId'>;
  const kinds = (ownVote: VoteRecord | undefined, changes: Partial<MotionRecord> = {}) =>
    kindsFor('fault_mapper', { ...viewOf(undefined), motions: [{ motion: { ...motion, ...changes }, ownVote }] });

  test('is voted on once, by those of the electorate who did not make it, until its end', () => {
    expect(kinds(undefined)).toEqual(['vote_motion']);
    expect(kinds(voteWith({ option: 'For' }))).toEqual([]);
    expect(kinds(undefined, { proposer: ME })).toEqual([]);
    expect(kinds(undefined, { electorate: [] })).toEqual([]);
    expect(kinds(undefined, { commitEndsAtMs: OPENED_MS })).toEqual([]);
  });
});
