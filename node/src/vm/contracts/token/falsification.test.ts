import { describe, expect, test } from 'vitest';
import { ROLES, type Role } from '../../../protocol/roles.ts';
import type { ContractEvent } from '../../../protocol/types.ts';
import { type TestChain, testAgent, testParams } from '../../../testing/chain-kit.ts';
import {
  CLAIM_VOTE,
  challenge,
  challengeOf,
  challengeVote,
  claimed,
  outcomeTransaction,
  passVote,
  type SolvedOptions,
  solve,
  solved,
  untilWindowEnds,
  verify,
} from '../../../testing/dispute-kit.ts';
import {
  commitAll,
  incidentOf,
  openVoteTransaction,
  proposalOf,
  propose,
  revealAll,
  stepTransaction,
  testAlert,
} from '../../../testing/incident-kit.ts';
import type { ExecutionResult } from '../../execute.ts';
import { assertConserved } from '../../state/conservation.ts';

const addressOf = (role: Role) => testAgent(role).wallet.address;
const treasuryOf = (chain: TestChain) => chain.state.get('treasury') ?? expect.fail('no treasury');
const eventsOf = ({ receipts }: ExecutionResult): readonly ContractEvent[] => receipts.flatMap(({ events }) => events);
const named = (events: readonly ContractEvent[], name: string) => events.filter((event) => event.name === name);

/** Notes all accounts; the function tells what an account has gained since. */
function since(chain: TestChain) {
  const before = new Map(ROLES.map((role) => [role, chain.account(role)]));
  return (role: Role) => {
    const was = before.get(role) ?? expect.fail('no account');
    const is = chain.account(role);
    const { balance, stake, locked, reputation } = is;
    return {
      ...{ balance: balance - was.balance, stake: stake - was.stake },
      ...{ locked: locked - was.locked, reputation: reputation - was.reputation },
    };
  };
}

function challenged(options?: SolvedOptions) {
  const scene = solved(options);
  const moved = since(scene.chain);
  const treasuryBefore = treasuryOf(scene.chain);
  const challengeId = challenge(scene.chain, scene.incidentId, 'fault_mapper');
  return { ...scene, moved, treasuryBefore, challengeId };
}

describe('a challenge that is upheld', () => {
  test('burns the proposer’s stake, takes half of the supporters’, pays the challenger of that, and frees the rest', () => {
    const { chain, incidentId, proposalId, challengeId, moved, treasuryBefore } = challenged();
    passVote(chain, challengeId, challengeVote('For'));
    assertConserved(chain.state);
    // Stake 100 burned, reputation by the parameter.
    expect(moved('probability_oracle')).toEqual({ balance: 0, stake: -100, locked: -100, reputation: -10 });
    // A supporter: half of 20; its two votes cost 400 gas, which voting with the verdict gives back.
    expect(moved('alert_receiver')).toEqual({ balance: 0, stake: -10, locked: -20, reputation: -2 });
    // The challenger had opposed the claim: its vote's stake is free, its gas (200 and 10 for the blob) is back.
    expect(moved('fault_mapper')).toEqual({ balance: 40, stake: 0, locked: -20, reputation: 1 + 5 });
    expect(moved('solution_engineer')).toEqual({ balance: 0, stake: 0, locked: 0, reputation: 0 });
    const { burned, escrow, balance } = treasuryOf(chain);
    expect({ burned, escrow }).toEqual({ burned: 100, escrow: 0 });
    expect(balance).toBe(treasuryBefore.balance + treasuryBefore.escrow);
    expect(proposalOf(chain, proposalId)).toMatchObject({
      ...{ status: 'overturned', overturnedBy: 'challenge', escrow: [], released: true },
    });
    expect(challengeOf(chain, challengeId)).toMatchObject({ result: 'upheld', decidedBy: 'vote', settled: true });
    expect(incidentOf(chain, incidentId)).toMatchObject({
      ...{ state: 'Data_Collected', stepDue: 'propose_root_cause', rootCause: '', challengeEndsAtMs: 0 },
    });
  });

  test('never pays the challenger more than the proposer’s stake that burned; the rest of the losses burns too', () => {
    const accounts = Object.fromEntries(ROLES.map((role) => [role, { stake: 2_000 }]));
    const { chain, challengeId, moved } = challenged({ accounts, voteStake: 500 });
    passVote(chain, challengeId, challengeVote('For'));
    // Four supporters lost 250 each.
    expect(moved('fault_mapper').balance).toBe(100);
    expect(treasuryOf(chain).burned).toBe(100 + 900);
    assertConserved(chain.state);
  });

  test('fines who opposed it, but not twice who had supported the claim', () => {
    const { chain, challengeId, moved } = challenged();
    // The solution engineer had abstained; the alert receiver had supported the claim and still does.
    const against = { alert_receiver: 'Against', solution_engineer: 'Against' } as const;
    passVote(chain, challengeId, { ...challengeVote('For'), ...against });
    expect(moved('solution_engineer')).toMatchObject({ balance: -400 - 50, reputation: -1 });
    expect(moved('alert_receiver')).toMatchObject({ balance: -400, stake: -10, reputation: -2 });
  });

  test('lets another claim follow, with a fault web and a solution of its own, and pays that one', () => {
    const { chain, incidentId, challengeId } = challenged();
    passVote(chain, challengeId, challengeVote('For'));
    const { proposalId } = propose(chain, incidentId, 'web-cache', 'fault_mapper');
    const { fault_mapper: _, ...others } = { ...challengeVote('For'), probability_oracle: 'For' } as const;
    passVote(chain, proposalId, others);
    expect(chain.block([stepTransaction(chain, incidentId, 'submit_solution')]).receipts[0]?.reason).toBe(
      'NO_FAULT_WEB',
    );
    solve(chain, incidentId);
    const events = eventsOf(chain.block([], untilWindowEnds(chain, incidentId)));
    expect(incidentOf(chain, incidentId)).toMatchObject({ state: 'Finalized', rootCause: 'web-cache', round: 2 });
    // The steps before the claims, and those after the one that stands.
    expect(named(events, 'WorkPaid').filter(({ data }) => data.reason === 'step').length).toBe(7);
    assertConserved(chain.state);
  });

  test('ends the incident as Inconclusive when no round is left', () => {
    const { chain, incidentId, challengeId } = challenged({ params: { roundsMax: 1 } });
    passVote(chain, challengeId, challengeVote('For'));
    expect(incidentOf(chain, incidentId).state).toBe('Inconclusive');
    expect(chain.state.get('sequence')?.open).toEqual([]);
    for (const role of ROLES) expect(chain.account(role).locked).toBe(0);
  });
});

describe('a challenge that fails', () => {
  test('costs its bond and reputation, fines who supported it, and the claim is paid when the window closes', () => {
    const { chain, incidentId, challengeId, moved } = challenged();
    passVote(chain, challengeId, { ...challengeVote('Against'), solution_engineer: 'For' });
    expect(moved('fault_mapper')).toMatchObject({ balance: -210, stake: -100, locked: 0, reputation: -5 });
    expect(moved('solution_engineer')).toMatchObject({ balance: -450, reputation: -1 });
    expect(moved('alert_receiver')).toMatchObject({ balance: 0, stake: 0, reputation: 0 });
    expect(challengeOf(chain, challengeId).result).toBe('failed');
    chain.block([], untilWindowEnds(chain, incidentId));
    expect(incidentOf(chain, incidentId).state).toBe('Finalized');
    assertConserved(chain.state);
  });

  test('pays its bond to the proposer, by parameter', () => {
    const falsification = { ...testParams.falsification, failedBondTo: 'proposer' } as const;
    const { chain, challengeId, moved } = challenged({ params: { falsification } });
    passVote(chain, challengeId, challengeVote('Against'));
    expect(moved('probability_oracle')).toMatchObject({ balance: 100, stake: 0 });
    expect(moved('fault_mapper')).toMatchObject({ stake: -100 });
  });

  test('stops the clock of the window while it is voted on: nobody is shut out by another’s weak challenge', () => {
    const { chain, incidentId, challengeId } = challenged();
    const left = challengeOf(chain, challengeId).windowLeftMs;
    commitAll(chain, challengeId, challengeVote('Against'));
    revealAll(chain, challengeId, challengeVote('Against'));
    expect(untilWindowEnds(chain, incidentId)).toBe(left);
    const again = challenge(chain, incidentId, 'solution_engineer', { evidence: 'better logs' });
    const { solution_engineer: _, ...others } = { ...challengeVote('For'), fault_mapper: 'For' } as const;
    passVote(chain, again, others);
    expect(challengeOf(chain, again).result).toBe('upheld');
  });

  test('for want of votes, or by a tie, decides nothing: the bond is free and the claim stands', () => {
    for (const ballots of [{}, { ...challengeVote('Abstain'), alert_receiver: 'For', data_detective: 'Against' }]) {
      const { chain, incidentId, challengeId, moved } = challenged();
      commitAll(chain, challengeId, ballots);
      if (Object.keys(ballots).length > 0) revealAll(chain, challengeId, ballots);
      chain.block([], testParams.commitWindowMs);
      expect(challengeOf(chain, challengeId).result).toBe('undecided');
      expect(moved('fault_mapper')).toMatchObject({ stake: 0, locked: 0, reputation: 0 });
      expect(incidentOf(chain, incidentId).state).toBe('Solution');
    }
  });
});

describe('a vote on a challenge', () => {
  test('that is never revealed forfeits its stake when the time is over, and not when it no longer mattered', () => {
    const early = challenged();
    commitAll(early.chain, early.challengeId, challengeVote('For'));
    const three = { data_detective: 'For', dependency_explorer: 'For', alert_receiver: 'For' } as const;
    const decided = eventsOf(revealAll(early.chain, early.challengeId, three));
    expect(challengeOf(early.chain, early.challengeId).result).toBe('upheld');
    expect(named(decided, 'StakeForfeited')).toEqual([]);

    const missed = challenged();
    commitAll(missed.chain, missed.challengeId, challengeVote('For'));
    revealAll(missed.chain, missed.challengeId, { data_detective: 'For', dependency_explorer: 'For' });
    const over = eventsOf(missed.chain.block([], testParams.revealWindowMs));
    expect(named(over, 'StakeForfeited').length).toBe(3);
    // What its votes on the claim hold stays locked: the claim stands.
    expect(missed.chain.account('solution_engineer').locked).toBe(0);
    expect(missed.chain.account('alert_receiver').locked).toBe(20);
    assertConserved(missed.chain.state);
  });

  test('is open where votes are open', () => {
    const { chain, incidentId, proposalId } = claimed({ params: { votingMode: 'open' } });
    const supporters = ['alert_receiver', 'process_scheduler', 'data_detective', 'dependency_explorer'] as const;
    chain.block(supporters.map((role) => openVoteTransaction(chain, proposalId, role, 'For')));
    solve(chain, incidentId);
    const challengeId = challenge(chain, incidentId, 'fault_mapper');
    chain.block(
      (['alert_receiver', 'data_detective', 'dependency_explorer'] as const).map((role) =>
        openVoteTransaction(chain, challengeId, role, 'For'),
      ),
    );
    expect(challengeOf(chain, challengeId)).toMatchObject({ result: 'upheld', decidedBy: 'vote' });
  });
});

describe('a verified outcome', () => {
  test('that recovered releases the rewards before the window closes', () => {
    const { chain, incidentId, proposalId } = solved();
    const moved = since(chain);
    const events = eventsOf(verify(chain, incidentId, true));
    expect(chain.timestampMs).toBeLessThan(incidentOf(chain, incidentId).challengeEndsAtMs);
    expect(incidentOf(chain, incidentId).state).toBe('Finalized');
    expect(named(events, 'OutcomeVerified')[0]?.data).toEqual({ incidentId, proposalId, recovered: true, reports: 2 });
    expect(named(events, 'IncidentFinalized')[0]?.data).toMatchObject({ verified: true });
    expect(moved('probability_oracle')).toMatchObject({ reputation: 5, locked: -100 });
    // The gas of the report (210) is given back with that of its data collection.
    expect(named(events, 'WorkPaid').map(({ data }) => data.reason)).toContain('outcome_gas');
    assertConserved(chain.state);
  });

  test('that did not recover overturns the claim as a challenge does, with nobody to pay: everything burns', () => {
    const { chain, incidentId, proposalId } = solved();
    const events = eventsOf(verify(chain, incidentId, false));
    expect(proposalOf(chain, proposalId)).toMatchObject({ status: 'overturned', overturnedBy: 'outcome' });
    expect(incidentOf(chain, incidentId).state).toBe('Data_Collected');
    // The proposer's 100, and half of 20 of each of four supporters.
    expect(treasuryOf(chain).burned).toBe(140);
    expect(named(events, 'ChallengeReward')).toEqual([]);
    assertConserved(chain.state);
  });

  test.each([true, false])('outranks a challenge that is being voted on (recovered: %s)', (recovered) => {
    const { chain, incidentId, challengeId, moved } = challenged();
    // Everybody commits to the opposite; nobody gets to reveal.
    commitAll(chain, challengeId, challengeVote(recovered ? 'For' : 'Against'));
    verify(chain, incidentId, recovered);
    const decided = challengeOf(chain, challengeId);
    expect(decided).toMatchObject({ result: recovered ? 'failed' : 'upheld', decidedBy: 'outcome', released: true });
    expect(incidentOf(chain, incidentId).state).toBe(recovered ? 'Finalized' : 'Data_Collected');
    expect(moved('fault_mapper').stake).toBe(recovered ? -100 : 0);
    for (const role of ROLES) expect(chain.account(role).locked).toBe(0);
    assertConserved(chain.state);
  });

  test('takes as many agents as the parameter says, of one opinion', () => {
    const { chain, incidentId } = solved();
    chain.block([outcomeTransaction(chain, incidentId, 'data_detective', true)]);
    chain.block([outcomeTransaction(chain, incidentId, 'dependency_explorer', false)], testParams.stepDeadlineMs);
    expect(incidentOf(chain, incidentId).state).toBe('Solution');
    chain.block([outcomeTransaction(chain, incidentId, 'fault_mapper', false)], 2 * testParams.stepDeadlineMs);
    expect(incidentOf(chain, incidentId).state).toBe('Data_Collected');
  });

  test('waits until the vote on the claim is settled', () => {
    const { chain, incidentId, proposalId } = claimed({
      params: { revealWindowMs: 100_000, challengeWindowMs: 200_000 },
    });
    const { solution_engineer: _, ...quick } = CLAIM_VOTE;
    commitAll(chain, proposalId, CLAIM_VOTE);
    revealAll(chain, proposalId, quick);
    solve(chain, incidentId);
    verify(chain, incidentId, true);
    expect(incidentOf(chain, incidentId).state).toBe('Solution');
    chain.block([], 100_000);
    expect(proposalOf(chain, proposalId).released).toBe(true);
    expect(incidentOf(chain, incidentId).state).toBe('Finalized');
  });
});

describe('who alone raised the alert', () => {
  test('gets its gas back for judging its own incident, and neither reward nor reputation', () => {
    const { chain, incidentId, proposalId } = solved({ confirmed: false });
    expect(proposalOf(chain, proposalId).withheldFrom).toBe(addressOf('alert_receiver'));
    const events = eventsOf(chain.block([], untilWindowEnds(chain, incidentId)));
    // Alert, triage, commitment and reveal: 200 each. Stake and reputation are as they were.
    const account = chain.account('alert_receiver');
    expect(account).toMatchObject({ balance: 20_000, stake: 400, locked: 0, reputation: 80 });
    const paid = events.filter(({ data }) => data.to === addressOf('alert_receiver')).map(({ data }) => data.reason);
    expect(paid).toEqual(['vote_gas', 'alert_gas', 'step_gas']);
  });

  test('is paid like everybody as soon as a second agent saw the same', () => {
    const { chain, incidentId, proposalId } = solved({ confirmed: true });
    expect(proposalOf(chain, proposalId).withheldFrom).toBe('');
    chain.block([], untilWindowEnds(chain, incidentId));
    expect(chain.account('alert_receiver')).toMatchObject({ balance: 20_000 + 300 - 120 + 100, reputation: 81 });
  });
});

test('an honest supporter with a step earns more than its gas', () => {
  const { chain, incidentId } = solved();
  chain.block([], untilWindowEnds(chain, incidentId));
  // Dependency graph (210), commitment and reveal (400), with the stake of 200 gas that an agent sends before.
  expect(chain.account('dependency_explorer').balance - 20_000).toBe(300 + 280 + 310 - 610);
  expect(300 + 280 + 310 - 610 - 210).toBeGreaterThan(0);
});

test('what the treasury pays for incidents in one epoch ends at its budget', () => {
  const work = { ...testParams.work, epochBudget: 4_000 };
  const { chain, incidentId } = solved({ params: { work } });
  chain.block([], untilWindowEnds(chain, incidentId));
  expect(chain.state.get('government')?.rewarded).toBeLessThanOrEqual(4_000);
  const second = solved({ chain, node: 'web-pay' });
  expect(proposalOf(chain, second.proposalId).escrow.reduce((sum, { amount }) => sum + amount, 0)).toBeLessThan(10);
  expect(chain.call('data_detective', 'raise_alert', testAlert('web-cart')).status).toBe('success');
});
