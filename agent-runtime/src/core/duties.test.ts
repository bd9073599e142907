import {
  type AlertRecord,
  type ChallengeRecord,
  type IncidentRecord,
  type MotionRecord,
  type ProposalRecord,
  ROLES,
  type Role,
  STEP_ROLE,
  type VoteRecord,
} from '@dao-gov/node/protocol';
import { testParams } from '@dao-gov/node/testing';
import { describe, expect, test } from 'vitest';
import { type AgentView, dutiesOf, dutyKey, type IncidentStep, type IncidentView } from './duties.ts';

const OPENED_MS = 1_000_000;
const DEADLINE_MS = testParams.stepDeadlineMs;
const ME = 'aa'.repeat(20);
const OTHER = 'bb'.repeat(20);
const PROPOSAL = 'cc'.repeat(32);
const CHALLENGE = 'bb'.repeat(32);
const WINDOW_MS = testParams.challengeWindowMs;

const incidentWith = (changes: Partial<IncidentRecord>): IncidentRecord => ({
  incidentId: 'INC-0001',
  alertId: 'dd'.repeat(32),
  title: 'It is slow',
  alert: { node: 'web', metric: 'latency', atMs: 500_000, source: 'capture' },
  priority: 'P2',
  state: 'Init',
  openedAtMs: OPENED_MS,
  stepOpenedAtMs: OPENED_MS,
  stepDue: '',
  scope: ['web'],
  steps: [],
  round: 0,
  proposalId: '',
  proposals: [],
  rootCause: '',
  faultKind: '',
  challengeEndsAtMs: 0,
  closedAtMs: 0,
  challenges: [],
  outcomeReports: [],
  ...changes,
});

const proposalWith = (changes: Partial<ProposalRecord>): ProposalRecord => ({
  proposalId: PROPOSAL,
  incidentId: 'INC-0001',
  round: 1,
  proposer: OTHER,
  rootCause: 'db',
  faultKind: 'latency',
  probability: 800,
  reason: { en: 'it is', zh: '是' },
  cites: [],
  stake: 100,
  status: 'committing',
  openedAtMs: OPENED_MS,
  commitEndsAtMs: OPENED_MS + 10_000,
  revealEndsAtMs: OPENED_MS + 20_000,
  decidedAtMs: 0,
  settled: false,
  released: false,
  alpha: 500,
  beta: 500,
  electorate: [{ address: ME, weight: 4_000 }],
  weightFor: 0,
  weightAgainst: 0,
  weightAbstain: 0,
  escrow: [],
  withheldFrom: '',
  overturnedBy: '',
  ...changes,
});

const voteWith = (changes: Partial<VoteRecord>): VoteRecord => ({
  proposalId: PROPOSAL,
  voter: ME,
  weight: 4_000,
  stake: 20,
  commitment: 'ee'.repeat(32),
  option: '',
  reason: null,
  castAtMs: OPENED_MS,
  gasPaid: 200,
  evidence: [],
  ...changes,
});

const alertWith = (changes: Partial<AlertRecord>): AlertRecord => ({
  alertId: 'dd'.repeat(32),
  node: 'web',
  metric: 'latency',
  atMs: 500_000,
  source: 'capture',
  title: 'It is slow',
  raisedAtMs: OPENED_MS,
  observers: [OTHER],
  gasPaid: 220,
  incidentId: '',
  ...changes,
});

const viewOf = (incident: IncidentView | undefined, afterMs = 0, alerts: readonly AlertRecord[] = []): AgentView => ({
  nowMs: OPENED_MS + afterMs,
  alerts,
  incidents: incident ? [incident] : [],
  motions: [],
});

const kindsFor = (role: Role, view: AgentView): readonly string[] =>
  dutiesOf(view, { role, address: ME }, testParams).map(({ kind }) => kind);

const STEPS_DUE: readonly IncidentStep[] = [
  'schedule_tasks',
  'submit_data_collection',
  'submit_dependency_graph',
  'submit_fault_assessment',
  'propose_root_cause',
  'submit_fault_web',
  'submit_solution',
];

describe.each(STEPS_DUE)('%s', (step) => {
  const view = (afterMs: number): AgentView =>
    viewOf({ incident: incidentWith({ stepDue: step }), proposals: [], challenges: [] }, afterMs);
  const own = ROLES.indexOf(STEP_ROLE[step]);

  test.each([0, 1, 2, 3, 4, 5, 6])('%i places along the ring it becomes a duty after as many deadlines', (distance) => {
    const role = ROLES[(own + distance) % ROLES.length] as Role; // an index into ROLES
    expect(kindsFor(role, view(distance * DEADLINE_MS))).toEqual([step]);
    if (distance > 0) expect(kindsFor(role, view(distance * DEADLINE_MS - 1))).toEqual([]);
  });
});

test('nothing due, nothing to do', () => {
  expect(
    kindsFor(
      'data_detective',
      viewOf({ incident: incidentWith({ state: 'Solution' }), proposals: [], challenges: [] }),
    ),
  ).toEqual([]);
  expect(kindsFor('alert_receiver', viewOf(undefined))).toEqual([]);
});

describe('votes', () => {
  const incident = incidentWith({ state: 'Root_Cause_Proposed', proposalId: PROPOSAL, proposals: [PROPOSAL] });
  test.each<{
    what: string;
    proposal?: Partial<ProposalRecord>;
    vote?: Partial<VoteRecord>;
    afterMs?: number;
    duties: string[];
  }>([
    { what: 'a sealed vote is open', duties: ['vote'] },
    { what: 'an open vote is open', proposal: { status: 'voting' }, duties: ['vote'] },
    { what: 'the time to commit is over', afterMs: 10_000, duties: [] },
    { what: 'it is my own claim', proposal: { proposer: ME }, duties: [] },
    { what: 'I am not in the electorate', proposal: { electorate: [] }, duties: [] },
    { what: 'I have committed', vote: {}, duties: [] },
    { what: 'reveals are open', proposal: { status: 'revealing' }, vote: {}, duties: ['reveal_vote'] },
    {
      what: 'reveals are open and I have revealed',
      proposal: { status: 'revealing' },
      vote: { option: 'For' },
      duties: [],
    },
    { what: 'reveals are open and I never committed', proposal: { status: 'revealing' }, duties: [] },
    {
      what: 'it is decided early, my stake still sealed',
      proposal: { status: 'passed' },
      vote: {},
      duties: ['reveal_vote'],
    },
    { what: 'it is settled', proposal: { status: 'rejected', settled: true }, vote: {}, duties: [] },
    { what: 'the time to reveal is over', proposal: { status: 'revealing' }, vote: {}, afterMs: 20_000, duties: [] },
    { what: 'I voted openly', proposal: { status: 'passed' }, vote: { commitment: '', option: 'For' }, duties: [] },
  ])('when $what: $duties', ({ proposal, vote, afterMs = 0, duties }) => {
    const ownVote = vote && voteWith(vote);
    const view = viewOf(
      { incident, proposals: [{ proposal: proposalWith(proposal ?? {}), ownVote }], challenges: [] },
      afterMs,
    );
    expect(kindsFor('fault_mapper', view)).toEqual(duties);
  });
});

describe('after a rejection', () => {
  const rejected = (proposer: string): IncidentView => ({
    incident: incidentWith({
      ...{ state: 'Data_Collected', stepDue: 'propose_root_cause', round: 1 },
      ...{ proposalId: PROPOSAL, proposals: [PROPOSAL] },
    }),
    proposals: [{ proposal: proposalWith({ status: 'rejected', settled: true, proposer }), ownVote: undefined }],
    challenges: [],
  });

  test('whoever was turned down waits for one deadline', () => {
    expect(kindsFor('probability_oracle', viewOf(rejected(ME), DEADLINE_MS - 1))).toEqual([]);
    expect(kindsFor('probability_oracle', viewOf(rejected(ME), DEADLINE_MS))).toEqual(['propose_root_cause']);
  });

  test('the others take turns long before the deadline', () => {
    const firstMs = ROLES.map((role) => {
      for (let afterMs = 0; afterMs <= DEADLINE_MS; afterMs += 100) {
        if (kindsFor(role, viewOf(rejected(OTHER), afterMs)).length > 0) return afterMs;
      }
      return Number.POSITIVE_INFINITY;
    });
    expect(new Set(firstMs).size).toBe(ROLES.length);
    expect(Math.max(...firstMs)).toBeLessThan(DEADLINE_MS);
  });

  test('the duty names what was turned down, and is another one each round', () => {
    const [duty] = dutiesOf(viewOf(rejected(OTHER), DEADLINE_MS), { role: 'fault_mapper', address: ME }, testParams);
    expect(duty).toMatchObject({ rejectedCauses: ['db'] });
    expect(duty && dutyKey(duty)).toBe('propose_root_cause/INC-0001/1');
  });
});

const challengeWith = (changes: Partial<ChallengeRecord>): ChallengeRecord => {
  const {
    rootCause: _,
    faultKind: _kind,
    probability: _p,
    escrow: _e,
    withheldFrom: _w,
    overturnedBy: _o,
    ...poll
  } = proposalWith({});
  return {
    ...poll,
    ...{ proposalId: CHALLENGE, claim: PROPOSAL, newEvidence: [], windowLeftMs: 0, gasPaid: 0 },
    ...{ result: '', decidedBy: '' },
    ...changes,
  };
};

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

describe('triage', () => {
  test('is a duty of the alert receiver at once, of the next role after a deadline', () => {
    const view = (afterMs: number): AgentView => viewOf(undefined, afterMs, [alertWith({})]);
    expect(kindsFor('alert_receiver', view(0))).toEqual(['triage']);
    expect(kindsFor('process_scheduler', view(DEADLINE_MS - 1))).toEqual([]);
    expect(kindsFor('process_scheduler', view(DEADLINE_MS))).toEqual(['triage']);
  });

  test.each([
    { what: 'the same event waits', alert: {}, state: 'Init', duties: [] },
    { what: 'another metric of the same event waits', alert: { metric: 'errors' }, state: 'Consensus', duties: [] },
    { what: 'once it is solved, it is looked at again', alert: {}, state: 'Solution', duties: ['triage'] },
    { what: 'another node is another event', alert: { node: 'db' }, state: 'Init', duties: ['triage'] },
    { what: 'another source is another event', alert: { source: 'other' }, state: 'Init', duties: ['triage'] },
    { what: 'much later is another event', alert: { atMs: 2_000_000 }, state: 'Init', duties: ['triage'] },
  ] as const)('$what', ({ alert, state, duties }) => {
    const view = viewOf({ incident: incidentWith({ state }), proposals: [], challenges: [] }, 0, [alertWith(alert)]);
    expect(kindsFor('alert_receiver', view)).toEqual(duties);
  });

  test('what more agents have seen comes first', () => {
    const view = viewOf(undefined, 0, [
      alertWith({ alertId: '11'.repeat(32) }),
      alertWith({ alertId: '22'.repeat(32), observers: [OTHER, ME] }),
    ]);
    const duties = dutiesOf(view, { role: 'alert_receiver', address: ME }, testParams);
    expect(duties.map(dutyKey)).toEqual([`triage/${'22'.repeat(32)}`, `triage/${'11'.repeat(32)}`]);
  });
});

test('reveals come before votes, votes before steps, urgent incidents before others, triage last', () => {
  const step = (incidentId: string, priority: IncidentRecord['priority']): IncidentView => ({
    incident: incidentWith({ incidentId, priority, stepDue: 'submit_fault_web' }),
    proposals: [],
    challenges: [],
  });
  const open = {
    incident: incidentWith({ incidentId: 'INC-0003' }),
    proposals: [{ proposal: proposalWith({}), ownVote: undefined }],
    challenges: [],
  };
  const sealed = {
    incident: incidentWith({ incidentId: 'INC-0004' }),
    proposals: [
      { proposal: proposalWith({ proposalId: 'ff'.repeat(32), status: 'revealing' }), ownVote: voteWith({}) },
    ],
    challenges: [],
  };
  const view: AgentView = {
    nowMs: OPENED_MS + 6 * DEADLINE_MS,
    alerts: [alertWith({ source: 'other', raisedAtMs: OPENED_MS })],
    motions: [],
    incidents: [step('INC-0001', 'P3'), step('INC-0002', 'P1'), open, sealed].map((incident) => ({
      ...incident,
      proposals: incident.proposals.map((entry) => ({
        ...entry,
        proposal: { ...entry.proposal, commitEndsAtMs: OPENED_MS * 2, revealEndsAtMs: OPENED_MS * 2 },
      })),
    })),
  };
  const duties = dutiesOf(view, { role: 'fault_mapper', address: ME }, testParams);
  expect(duties.map(dutyKey)).toEqual([
    `reveal_vote/${'ff'.repeat(32)}`,
    `vote/${PROPOSAL}`,
    'submit_fault_web/INC-0002/0',
    'submit_fault_web/INC-0001/0',
    `triage/${'dd'.repeat(32)}`,
  ]);
});
