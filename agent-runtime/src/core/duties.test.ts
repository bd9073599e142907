import {
  type IncidentRecord,
  type ProposalRecord,
  ROLES,
  type Role,
  STEP_ROLE,
  type VoteRecord,
} from '@dao-gov/node/protocol';
import { testParams } from '@dao-gov/node/testing';
import { describe, expect, test } from 'vitest';
import { type AgentView, dutiesOf, dutyKey, type IncidentStep, type IncidentView } from './duties.ts';
import {
  alertWith,
  incidentWith,
  ME,
  OPENED_MS,
  OTHER,
  PROPOSAL,
  proposalWith,
  viewOf,
  voteWith,
} from './testing/duty-records.ts';

const DEADLINE_MS = testParams.stepDeadlineMs;

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
