import { describe, expect, test } from 'vitest';
import type { VoteOption } from '../../../protocol/calls.ts';
import type { ProposalRecord } from '../../../protocol/records.ts';
import { ROLES, STEP_ROLE, STEPS } from '../../../protocol/roles.ts';
import { ZERO_HASH } from '../../../protocol/types.ts';
import { developmentGenesis, TestChain, testAgent, testAgents, testParams } from '../../../testing/chain-kit.ts';
import {
  advanceTo,
  commitAll,
  eventNames,
  incidentOf,
  openIncident,
  proposalOf,
  propose,
  revealAll,
  stepTransaction,
  testAlert,
  testProposal,
  testTriage,
  unanimous,
} from '../../../testing/incident-kit.ts';
import { assertConserved } from '../../state/conservation.ts';

const { stepDeadlineMs, challengeWindowMs } = testParams;
const newChain = (params: Partial<typeof testParams> = {}) =>
  new TestChain(developmentGenesis({ params }), { signed: false });

function readyToPropose(params?: Partial<typeof testParams>) {
  const chain = newChain(params);
  const incidentId = openIncident(chain);
  advanceTo(chain, incidentId, 'propose_root_cause');
  return { chain, incidentId };
}

/** One whole round of one opinion. */
function vote(chain: TestChain, { proposalId, proposer }: ProposalRecord, option: VoteOption): void {
  const role = testAgents.find(({ wallet }) => wallet.address === proposer)?.role;
  const ballots = unanimous(option, role);
  commitAll(chain, proposalId, ballots);
  revealAll(chain, proposalId, ballots);
}

describe('an incident whose first proposal passes', () => {
  test('goes through every step, is paid when the challenge window closes, and is Finalized', () => {
    const chain = newChain();
    const names = [
      ...eventNames(chain.block([chain.transaction('alert_receiver', 'raise_alert', testAlert())])),
      ...eventNames(chain.block([chain.transaction('alert_receiver', 'triage', testTriage())])),
    ];
    const incidentId = 'INC-0001';
    const states = [incidentOf(chain, incidentId).state];
    const perform = (step: Parameters<typeof stepTransaction>[2]) => {
      names.push(...eventNames(chain.block([stepTransaction(chain, incidentId, step)])));
      states.push(incidentOf(chain, incidentId).state);
    };
    perform('schedule_tasks');
    perform('submit_data_collection');
    perform('submit_dependency_graph');
    perform('submit_fault_assessment');
    perform('propose_root_cause');
    const { proposalId } = incidentOf(chain, incidentId);
    vote(chain, proposalOf(chain, proposalId), 'For');
    states.push(incidentOf(chain, incidentId).state);
    perform('submit_fault_web');
    perform('submit_solution');
    const { challengeEndsAtMs } = incidentOf(chain, incidentId);
    expect(challengeEndsAtMs).toBe(chain.timestampMs + challengeWindowMs);
    expect(chain.block([], challengeWindowMs - 1).receipts).toEqual([]);
    const closing = chain.block([], 1);

    expect(states).toEqual([
      ...['Init', 'Init', 'Data_Collected', 'Data_Collected', 'Data_Collected', 'Root_Cause_Proposed'],
      ...['Consensus', 'Consensus', 'Solution'],
    ]);
    expect(names).toEqual([
      ...['AlertRaised', 'IncidentOpened', 'TasksScheduled', 'DataCollected', 'DependencyGraphSubmitted'],
      ...['FaultAssessed', 'StakeLocked', 'RootCauseProposed', 'FaultWebSubmitted', 'SolutionSubmitted'],
      'ChallengeWindowOpened',
    ]);
    const incident = incidentOf(chain, incidentId);
    expect(incident).toMatchObject({ state: 'Finalized', rootCause: 'stock-db', faultKind: 'latency', round: 1 });
    expect(incident.closedAtMs).toBe(challengeEndsAtMs);
    expect(incident.steps.map(({ step }) => step)).toEqual(STEPS);
    for (const { step, by } of incident.steps) expect(by).toBe(testAgent(STEP_ROLE[step]).wallet.address);
    expect(chain.state.get('sequence')).toEqual({ incidents: 1, open: [], untriaged: [] });
    expect(closing.receipts.map(({ transaction, gasUsed }) => [transaction, gasUsed])).toEqual([[ZERO_HASH, 0]]);
    expect(closing.receipts[0]?.events.at(-1)).toEqual({
      name: 'IncidentFinalized',
      data: { incidentId, proposalId, rootCause: 'stock-db', faultKind: 'latency', round: 1, verified: false },
    });
    assertConserved(chain.state);
  });

  test('holds each step with its transaction, evidence and place in the chain', () => {
    const { chain, incidentId } = readyToPropose();
    const transaction = stepTransaction(chain, incidentId, 'propose_root_cause');
    const [receipt] = chain.block([transaction]).receipts;
    expect(incidentOf(chain, incidentId).steps.at(-1)).toEqual({
      step: 'propose_root_cause',
      by: transaction.sender,
      atMs: chain.timestampMs,
      height: chain.height,
      transaction: receipt?.transaction,
      evidence: [],
      summary: 'stock-db slowed down first.',
      gasPaid: 200,
    });
  });

  test('several incidents go side by side', () => {
    const chain = newChain();
    const first = openIncident(chain, 'web-buy');
    const second = openIncident(chain, 'web-pay');
    expect([first, second]).toEqual(['INC-0001', 'INC-0002']);
    advanceTo(chain, second, 'submit_dependency_graph');
    expect(incidentOf(chain, first).state).toBe('Init');
    expect(incidentOf(chain, second).state).toBe('Data_Collected');
    expect(chain.state.get('sequence')?.open).toEqual([first, second]);
  });
});

describe('an alert', () => {
  test('that a second agent raises is confirmed, in other words too, and also after triage', () => {
    const chain = newChain();
    chain.call('alert_receiver', 'raise_alert', testAlert());
    const confirmed = chain.call('data_detective', 'raise_alert', { ...testAlert(), title: 'Other words' });
    const { alertId } = testTriage();
    const by = testAgent('data_detective').wallet.address;
    expect(confirmed.events).toEqual([{ name: 'AlertConfirmed', data: { alertId, by, observers: 2, incidentId: '' } }]);
    chain.call('alert_receiver', 'triage', testTriage());
    const late = chain.call('fault_mapper', 'raise_alert', testAlert());
    expect(late.events[0]?.data).toMatchObject({ observers: 3, incidentId: 'INC-0001' });
    expect(chain.state.get('alert', alertId)?.title).toBe('Errors at web-buy');
    expect(chain.state.get('sequence')?.untriaged).toEqual([]);
  });
});

describe('the ring', () => {
  test.each(ROLES.map((role, distance) => ({ role, distance })))(
    '$role may triage after $distance deadlines, not a moment before',
    ({ role, distance }) => {
      const chain = newChain();
      chain.call('alert_receiver', 'raise_alert', testAlert());
      const afterMs = distance * stepDeadlineMs;
      if (distance > 0) {
        const early = chain.block([chain.transaction(role, 'triage', testTriage())], afterMs - 1);
        expect(early.receipts[0]?.reason).toBe('NOT_YOUR_ROLE');
      }
      const inTime = chain.block([chain.transaction(role, 'triage', testTriage())], distance > 0 ? 1 : 0);
      expect(inTime.receipts[0]?.status).toBe('success');
    },
  );

  test('carries an incident past two silent agents', () => {
    const chain = newChain();
    const incidentId = openIncident(chain);
    // A2 and A3 are dead: A4 is two places after A2 and one after A3.
    chain.block([stepTransaction(chain, incidentId, 'schedule_tasks', 'dependency_explorer')], 2 * stepDeadlineMs);
    chain.block([stepTransaction(chain, incidentId, 'submit_data_collection', 'dependency_explorer')], stepDeadlineMs);
    advanceTo(chain, incidentId, 'propose_root_cause');
    const { proposalId } = propose(chain, incidentId);
    const { process_scheduler: _, data_detective: __, ...alive } = unanimous('For');
    commitAll(chain, proposalId, alive);
    chain.block([], testParams.commitWindowMs);
    revealAll(chain, proposalId, alive);
    expect(incidentOf(chain, incidentId).state).toBe('Consensus');
  });

  test('of two agents that come in one block the second finds the step done', () => {
    const chain = newChain();
    const incidentId = openIncident(chain);
    const both = [
      stepTransaction(chain, incidentId, 'schedule_tasks', 'data_detective'),
      stepTransaction(chain, incidentId, 'schedule_tasks'),
    ];
    const reasons = chain.block(both, stepDeadlineMs).receipts.map(({ reason }) => reason);
    expect(reasons).toEqual(['', 'STEP_ALREADY_DONE']);
  });
});

describe('after a rejection', () => {
  test('another agent may propose at once; whoever was rejected waits for one deadline', () => {
    const { chain, incidentId } = readyToPropose();
    vote(chain, propose(chain, incidentId), 'Against');
    expect(incidentOf(chain, incidentId)).toMatchObject({ state: 'Data_Collected', stepDue: 'propose_root_cause' });
    const again = testProposal(incidentId, 'cart');
    const early = chain.block(
      [chain.transaction('probability_oracle', 'propose_root_cause', again)],
      stepDeadlineMs - 1,
    );
    expect(early.receipts[0]?.reason).toBe('NOT_YOUR_ROLE');
    const late = chain.block([chain.transaction('probability_oracle', 'propose_root_cause', again)], 1);
    expect(late.receipts[0]?.status).toBe('success');
  });

  test('two rejected proposals and a passed one end as Finalized', () => {
    const { chain, incidentId } = readyToPropose();
    vote(chain, propose(chain, incidentId, 'cart'), 'Against');
    vote(chain, propose(chain, incidentId, 'web-buy', 'alert_receiver'), 'Against');
    const third = propose(chain, incidentId, 'stock-db', 'fault_mapper');
    expect(third.round).toBe(3);
    vote(chain, third, 'For');
    advanceTo(chain, incidentId, 'submit_solution');
    chain.block([stepTransaction(chain, incidentId, 'submit_solution')]);
    chain.block([], challengeWindowMs);
    const incident = incidentOf(chain, incidentId);
    expect(incident).toMatchObject({ state: 'Finalized', rootCause: 'stock-db', round: 3 });
    expect(incident.proposals.map((id) => proposalOf(chain, id).status)).toEqual(['rejected', 'rejected', 'passed']);
    for (const role of ROLES) expect(chain.account(role).locked).toBe(0);
    assertConserved(chain.state);
  });
});

describe('an incident ends as Inconclusive', () => {
  test('when the last round is rejected', () => {
    const { chain, incidentId } = readyToPropose({ roundsMax: 2 });
    vote(chain, propose(chain, incidentId, 'cart'), 'Against');
    const { proposalId } = propose(chain, incidentId, 'web-buy', 'alert_receiver');
    const ballots = unanimous('Against', 'alert_receiver');
    commitAll(chain, proposalId, ballots);
    const { receipts } = revealAll(chain, proposalId, ballots);
    expect(receipts.at(-1)?.events.at(-1)).toEqual({
      name: 'IncidentInconclusive',
      data: { incidentId, reason: 'rounds_exhausted', step: '', round: 2, escrowReturned: 0 },
    });
    expect(incidentOf(chain, incidentId)).toMatchObject({ state: 'Inconclusive', rootCause: '' });
    expect(chain.state.get('sequence')?.open).toEqual([]);
  });

  test('but not before every commitment of the lost round had its time to be revealed', () => {
    const { chain, incidentId } = readyToPropose({ roundsMax: 1 });
    const { proposalId } = propose(chain, incidentId);
    const { solution_engineer: _, ...quick } = unanimous('Against');
    commitAll(chain, proposalId, unanimous('Against'));
    revealAll(chain, proposalId, quick);
    expect(incidentOf(chain, incidentId)).toMatchObject({ state: 'Data_Collected', stepDue: '' });
    const { receipts } = revealAll(chain, proposalId, { solution_engineer: 'Against' });
    expect(receipts.at(-1)?.events.map(({ name }) => name)).not.toContain('StakeForfeited');
    expect(incidentOf(chain, incidentId).state).toBe('Inconclusive');
  });

  test('when nobody of the ring performs a due step', () => {
    const chain = newChain();
    const incidentId = openIncident(chain);
    const limitMs = (ROLES.length + 1) * stepDeadlineMs;
    expect(chain.block([], limitMs - 1).receipts).toEqual([]);
    expect(chain.block([], 1).receipts[0]?.events).toEqual([
      {
        name: 'IncidentInconclusive',
        data: { incidentId, reason: 'step_abandoned', step: 'schedule_tasks', round: 0, escrowReturned: 0 },
      },
    ]);
  });

  test('when a claim passed but nobody delivered: stakes are freed, and what was never open to a challenge is not paid', () => {
    const { chain, incidentId } = readyToPropose();
    const proposal = propose(chain, incidentId);
    const { proposalId } = proposal;
    const treasury = chain.state.get('treasury')?.balance ?? 0;
    vote(chain, proposal, 'For');
    const gas = 12 * 200;
    const escrow = chain.state.get('treasury')?.escrow ?? 0;
    // Who alone raised the alert gets its whole gas back and no reward.
    expect(escrow).toBe(1_800 + 5 * (300 + 280) + 400);
    const { receipts } = chain.block([], (ROLES.length + 1) * stepDeadlineMs);
    expect(receipts[0]?.events.at(-1)?.data).toMatchObject({ step: 'submit_fault_web', escrowReturned: escrow });
    expect(chain.state.get('treasury')).toMatchObject({ balance: treasury + gas, escrow: 0 });
    expect(proposalOf(chain, proposalId)).toMatchObject({ released: true, escrow: [] });
    for (const role of ROLES) expect(chain.account(role).locked).toBe(0);
    assertConserved(chain.state);
  });
});
