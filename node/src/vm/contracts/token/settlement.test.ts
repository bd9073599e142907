import { describe, expect, test } from 'vitest';
import { INTEGER_MAX } from '../../../protocol/constants.ts';
import { ROLES, type Role } from '../../../protocol/roles.ts';
import type { ContractEvent } from '../../../protocol/types.ts';
import { developmentGenesis, TestChain, testAgent, testParams } from '../../../testing/chain-kit.ts';
import {
  advanceTo,
  type Ballots,
  commitAll,
  openIncident,
  proposalOf,
  propose,
  revealAll,
  stepTransaction,
  testAlert,
  unanimous,
} from '../../../testing/incident-kit.ts';
import { assertConserved } from '../../state/conservation.ts';

const addressOf = (role: Role) => testAgent(role).wallet.address;

/** Plays one vote to its settlement. `moved` tells what the settlement did to an account. */
function settled(ballots: Ballots, genesis?: Parameters<typeof developmentGenesis>[0]) {
  const chain = new TestChain(developmentGenesis(genesis), { signed: false });
  const incidentId = openIncident(chain);
  // Somebody else saw it too: so everybody earns.
  chain.call('solution_engineer', 'raise_alert', testAlert());
  advanceTo(chain, incidentId, 'propose_root_cause');
  const { proposalId } = propose(chain, incidentId);
  commitAll(chain, proposalId, ballots);
  const before = chain.state;
  const { receipts } = revealAll(chain, proposalId, ballots);
  assertConserved(chain.state);
  const moved = (role: Role) => {
    const [was, is] = [before.get('account', addressOf(role)), chain.account(role)];
    if (!was) throw new Error('no account');
    const gas = role in ballots ? 200 : 0;
    const [balance, stake] = [is.balance - was.balance + gas, is.stake - was.stake];
    return { balance, stake, locked: is.locked - was.locked, reputation: is.reputation - was.reputation };
  };
  const treasuryBefore = before.get('treasury')?.balance ?? 0;
  const gas = 200 * Object.keys(ballots).length;
  const events: readonly ContractEvent[] = receipts.at(-1)?.events ?? [];
  return { chain, incidentId, proposalId, moved, events, treasuryBefore: treasuryBefore + gas };
}

/** The same to the end of the challenge window. `moved` tells what that end did to an account. */
function closed(ballots: Ballots, genesis?: Parameters<typeof developmentGenesis>[0]) {
  const { chain, incidentId, proposalId } = settled(ballots, genesis);
  advanceTo(chain, incidentId, 'submit_solution');
  chain.block([stepTransaction(chain, incidentId, 'submit_solution')]);
  const before = chain.state;
  const gas = chain.block([], testParams.challengeWindowMs);
  assertConserved(chain.state);
  const moved = (role: Role) => {
    const [was, is] = [before.get('account', addressOf(role)), chain.account(role)];
    if (!was) throw new Error('no account');
    const { balance, stake, locked, reputation } = is;
    return {
      ...{ balance: balance - was.balance, stake: stake - was.stake },
      ...{ locked: locked - was.locked, reputation: reputation - was.reputation },
    };
  };
  return { chain, incidentId, proposalId, moved, gas, events: gas.receipts[0]?.events ?? [] };
}

const mixed: Ballots = { ...unanimous('For'), data_detective: 'Against', fault_mapper: 'Abstain' };

describe('a passed proposal', () => {
  test('puts the rewards into escrow, leaves abstainers alone, and keeps the locks of both sides until the end', () => {
    const { chain, proposalId, moved, treasuryBefore } = settled(mixed);
    for (const role of ['probability_oracle', 'alert_receiver', 'data_detective'] as const) {
      expect(moved(role)).toEqual({ balance: 0, stake: 0, locked: 0, reputation: 0 });
    }
    expect(moved('fault_mapper')).toEqual({ balance: 0, stake: 0, locked: -20, reputation: 0 });
    const escrow = 800 + 1_000 + 4 * (300 + 280);
    expect(chain.state.get('treasury')).toMatchObject({ balance: treasuryBefore - escrow, escrow });
    expect(proposalOf(chain, proposalId).escrow.slice(0, 4)).toEqual([
      { to: addressOf('probability_oracle'), amount: 800, reason: 'proposal_passed' },
      { to: addressOf('probability_oracle'), amount: 1_000, reason: 'bounty' },
      { to: expect.any(String), amount: 300, reason: 'supported_passed' },
      // 70 % of the gas of commitment and reveal.
      { to: expect.any(String), amount: 280, reason: 'vote_gas' },
    ]);
  });

  test('pays when the challenge window closes, fines opponents, moves reputation, and frees the stakes', () => {
    const { chain, incidentId, proposalId, moved, gas } = closed(mixed);
    // The claim, its bounty, the wage of the assessment, and the gas of assessment (210) and claim (200).
    expect(moved('probability_oracle')).toEqual({ balance: 1_800 + 100 + 410, stake: 0, locked: -100, reputation: 5 });
    expect(moved('dependency_explorer')).toEqual({ balance: 300 + 280 + 310, stake: 0, locked: -20, reputation: 1 });
    // An opponent is fined, and paid for the data that it had collected all the same.
    expect(moved('data_detective')).toEqual({ balance: -50 + 310, stake: 0, locked: -20, reputation: -1 });
    const { receipts } = gas;
    expect(chain.state.get('treasury')?.escrow).toBe(0);
    for (const role of ROLES) expect(chain.account(role).locked).toBe(0);
    const events = receipts[0]?.events ?? [];
    const count = (name: string) => events.filter((event) => event.name === name).length;
    expect({ reward: count('Reward'), bounty: count('Bounty'), rebate: count('GasRebate') }).toEqual({
      ...{ reward: 5, bounty: 1, rebate: 4 },
    });
    expect(events.find(({ name }) => name === 'Bounty')?.data).toEqual({
      ...{ to: addressOf('probability_oracle'), amount: 1_000, reason: 'bounty', incidentId, proposalId },
    });
    expect(proposalOf(chain, proposalId).released).toBe(true);
    assertConserved(chain.state);
  });
});

describe('a rejected proposal', () => {
  test('fines proposer and supporters, pays nobody, frees everybody', () => {
    const ballots: Ballots = { ...unanimous('Against'), data_detective: 'For', fault_mapper: 'Abstain' };
    const { chain, proposalId, moved, treasuryBefore } = settled(ballots);
    expect(moved('probability_oracle')).toEqual({ balance: -300, stake: 0, locked: -100, reputation: -5 });
    expect(moved('data_detective')).toEqual({ balance: -100, stake: 0, locked: -20, reputation: -1 });
    expect(moved('fault_mapper')).toEqual({ balance: 0, stake: 0, locked: -20, reputation: 0 });
    expect(moved('alert_receiver')).toEqual({ balance: 0, stake: 0, locked: -20, reputation: 0 });
    expect(chain.state.get('treasury')).toMatchObject({ balance: treasuryBefore + 400, escrow: 0 });
    expect(proposalOf(chain, proposalId)).toMatchObject({ settled: true, released: true, escrow: [] });
  });

  test('by a tie fines nobody', () => {
    const tie: Ballots = {
      ...unanimous('For'),
      alert_receiver: 'Against',
      data_detective: 'Against',
      fault_mapper: 'Against',
    };
    const { chain, proposalId, moved, events } = settled(tie);
    expect(proposalOf(chain, proposalId).status).toBe('rejected');
    for (const role of ROLES) expect(moved(role)).toMatchObject({ balance: 0, stake: 0, reputation: 0 });
    expect(events.map(({ name }) => name)).not.toContain('Penalty');
  });
});

describe('a fine', () => {
  test('takes the free stake when the balance is short, the vote’s own stake included, and no more than there is', () => {
    // Gas for the assessment with its blob (210) and for the proposal (200), and 3 tokens more.
    const poor = { balance: 413, stake: 150 };
    const { events, chain } = settled(unanimous('Against'), { accounts: { probability_oracle: poor } });
    expect(chain.account('probability_oracle')).toMatchObject({ balance: 0, stake: 0, locked: 0 });
    expect(events.find(({ name }) => name === 'Penalty')?.data).toMatchObject({
      ...{ address: addressOf('probability_oracle'), amount: 153, reputation: 5, reason: 'proposal_rejected' },
    });
  });

  test('cannot take reputation that is not there', () => {
    const { moved, events } = settled(unanimous('Against'), { accounts: { probability_oracle: { reputation: 2 } } });
    expect(moved('probability_oracle').reputation).toBe(-2);
    expect(events.find(({ name }) => name === 'Penalty')?.data.reputation).toBe(2);
  });
});

test('reputation stops at the top of its scale, without an event for nothing', () => {
  const accounts = { probability_oracle: { reputation: 98 }, alert_receiver: { reputation: 100 } };
  const { moved, events } = closed(unanimous('For'), { accounts });
  expect(moved('probability_oracle').reputation).toBe(2);
  expect(moved('alert_receiver').reputation).toBe(0);
  const changed = events.filter(({ name }) => name === 'ReputationChanged').map(({ data }) => data.address);
  expect(changed).toContain(addressOf('probability_oracle'));
  expect(changed).not.toContain(addressOf('alert_receiver'));
});

describe('a treasury that is short', () => {
  test('pays each reward its share of what there is, rounded down', () => {
    const { chain, incidentId, proposalId, events, treasuryBefore } = settled(unanimous('For'), { treasury: 0 });
    const wanted = 1_800 + 6 * 580;
    expect(treasuryBefore).toBeLessThan(wanted);
    expect(events.find(({ name }) => name === 'TreasuryShort')?.data).toEqual({
      ...{ wanted, available: treasuryBefore, incidentId, proposalId },
    });
    const share = (amount: number) => Math.floor((amount * treasuryBefore) / wanted);
    const { escrow } = proposalOf(chain, proposalId);
    expect(escrow.map(({ amount }) => amount)).toEqual([
      ...[share(800), share(1_000)],
      ...Array.from({ length: 6 }, () => [share(300), share(280)]).flat(),
    ]);
    const left = treasuryBefore - escrow.reduce((sum, { amount }) => sum + amount, 0);
    expect(chain.state.get('treasury')?.balance).toBe(left);
    expect(left).toBeGreaterThanOrEqual(0);
  });

  test('settles even when the parameters ask for more tokens than can be counted', () => {
    const rewards = { ...testParams.rewards, proposer: INTEGER_MAX, bounty: INTEGER_MAX };
    const work = { ...testParams.work, epochBudget: INTEGER_MAX };
    const { events, chain } = settled(unanimous('For'), { params: { rewards, work } });
    expect(events.find(({ name }) => name === 'TreasuryShort')?.data.wanted).toBe(INTEGER_MAX);
    expect(chain.state.get('treasury')?.balance).toBeLessThan(20);
  });
});
