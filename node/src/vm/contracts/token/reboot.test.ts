import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { voteWeight } from '../../../protocol/records.ts';
import { developmentGenesis, type GenesisOverrides, TestChain, testAgent } from '../../../testing/chain-kit.ts';
import { challenge, challengeVote, passVote, solved } from '../../../testing/dispute-kit.ts';
import { openIncident } from '../../../testing/incident-kit.ts';
import { assertConserved } from '../../state/conservation.ts';
import { minimumMeans } from './reboot.ts';

const poor = testAgent('solution_engineer').wallet.address;
const friend = testAgent('fault_mapper').wallet.address;

const chainWith = (genesis: GenesisOverrides) => new TestChain(developmentGenesis(genesis), { signed: false });

/** An incident that nobody works on ends: the moment at which accounts are looked at. */
function endIncident(chain: TestChain, node: string) {
  openIncident(chain, node);
  return chain.block([], 8 * chain.genesis.params.stepDeadlineMs).receipts.flatMap(({ events }) => events);
}
const named = (events: ReturnType<typeof endIncident>, name: string) => events.filter((event) => event.name === name);
const MEANS = minimumMeans(developmentGenesis().params);

describe('an agent that cannot pay for another incident', () => {
  test('is rebooted when an incident ends: neutral reputation, topped up from the treasury to just the minimum', () => {
    const chain = chainWith({ accounts: { solution_engineer: { balance: 300, stake: 0, reputation: 12 } } });
    const before = chain.state.get('treasury') ?? expect.fail();
    const events = endIncident(chain, 'web-buy');
    const grant = MEANS - 300;
    expect(named(events, 'AgentRebooted')).toEqual([
      {
        name: 'AgentRebooted',
        data: { incidentId: 'INC-0001', address: poor, grant, reputationFrom: 12, reputationTo: 50, reboots: 1 },
      },
    ]);
    expect(chain.account(poor)).toMatchObject({ balance: MEANS, reputation: 50, reboots: 1 });
    const after = chain.state.get('treasury') ?? expect.fail();
    expect(after.balance).toBe(before.balance + 2 * 200 - grant);
    expect(after.minted).toBe(0);
    assertConserved(chain.state);
  });

  test('waits while the treasury is dry, which is said', () => {
    const chain = chainWith({ treasury: 0, accounts: { solution_engineer: { balance: 0, stake: 0 } } });
    const [event] = named(endIncident(chain, 'web-buy'), 'RebootUnfunded');
    expect(event?.data).toEqual({ incidentId: 'INC-0001', address: poor, wanted: MEANS, available: 400 });
    expect(chain.account(poor)).toMatchObject({ balance: 0, reboots: 0 });
  });

  test('is not rebooted while anything of it is locked', () => {
    const accounts = { solution_engineer: { balance: 700, stake: 100 } };
    const { chain, incidentId } = solved({ accounts, ballots: { ...challengeVote('For'), fault_mapper: 'Against' } });
    expect(chain.account(poor).locked).toBe(20);
    expect(named(endIncident(chain, 'web-pay'), 'AgentRebooted')).toEqual([]);
    expect(incidentId).toBe('INC-0001');
  });

  test('is not rebooted again before its time', () => {
    const chain = chainWith({ accounts: { solution_engineer: { balance: 300, stake: 0 } } });
    endIncident(chain, 'web-buy');
    chain.call('solution_engineer', 'raise_alert', { node: 'x', metric: 'm', atMs: 1, source: 's', title: 't' });
    expect(named(endIncident(chain, 'web-pay'), 'AgentRebooted')).toEqual([]);
    chain.block([], chain.genesis.params.reboot.cooldownMs);
    expect(named(endIncident(chain, 'web-cart'), 'AgentRebooted').length).toBe(1);
    expect(chain.account(poor)).toMatchObject({ balance: MEANS, reboots: 2 });
  });

  test('is not bankrupt with a free stake and no balance: so much of it as gas takes comes back by itself', () => {
    const chain = chainWith({ accounts: { solution_engineer: { balance: 100, stake: 5_000 } } });
    const events = endIncident(chain, 'web-buy');
    expect(named(events, 'AgentRebooted')).toEqual([]);
    expect(chain.account(poor)).toMatchObject({ balance: 100 + MEANS, stake: 5_000 - MEANS, reboots: 0 });
  });
});

describe('going bankrupt on purpose', () => {
  test('by giving everything away is no bankruptcy: it counts as if it were still held', () => {
    const chain = chainWith({});
    chain.call('solution_engineer', 'unstake', { amount: 400 });
    chain.call('solution_engineer', 'transfer', { to: friend, amount: 20_000 - 2 * 200 + 400 - 1 });
    expect(named(endIncident(chain, 'web-buy'), 'AgentRebooted')).toEqual([]);
  });

  test('by losing a bond to a friend’s claim is none either', () => {
    const accounts = { fault_mapper: { balance: 1_250, stake: 120 } };
    const falsification = { ...developmentGenesis().params.falsification, failedBondTo: 'proposer' } as const;
    const { chain, incidentId } = solved({ accounts, params: { falsification } });
    const id = challenge(chain, incidentId, 'fault_mapper');
    passVote(chain, id, challengeVote('Against'));
    expect(chain.state.get('standing', friend)?.sent).toBe(100);
  });

  test('never leaves two who stand together with more than they had, whatever they play', () => {
    const move = fc.record({
      by: fc.constantFrom('solution_engineer' as const, 'fault_mapper' as const),
      kind: fc.constantFrom('give', 'burn', 'stake', 'unstake', 'end', 'wait'),
      amount: fc.oneof(fc.integer({ min: 1, max: 1_500 }), fc.integer({ min: 1, max: 20_000 })),
    });
    const start = fc.record({ balance: fc.integer({ min: MEANS, max: 6_000 }), stake: fc.constantFrom(0, 400) });
    let reboots = 0;
    fc.assert(
      fc.property(fc.tuple(start, start), fc.array(move, { minLength: 4, maxLength: 24 }), ([one, two], moves) => {
        const chain = chainWith({
          accounts: { solution_engineer: one, fault_mapper: two },
          params: { reboot: { cooldownMs: 1_000 } },
        });
        const held = () =>
          [poor, friend].reduce((sum, at) => sum + chain.account(at).balance + chain.account(at).stake, 0);
        const most = held();
        for (const [index, { by, kind, amount }] of moves.entries()) {
          const other = by === 'solution_engineer' ? friend : poor;
          if (kind === 'end') endIncident(chain, `web-${index}`);
          else if (kind === 'wait') chain.block([], 2_000);
          else if (chain.account(by).balance < 200) continue;
          else if (kind === 'burn') chain.call(by, 'transfer', { to: other, amount: 90_000 });
          else if (kind === 'give') {
            const all = Math.min(amount, chain.account(by).balance - 200);
            if (all > 0) chain.call(by, 'transfer', { to: other, amount: all });
          } else chain.call(by, kind as 'stake' | 'unstake', { amount });
          expect(held()).toBeLessThanOrEqual(most);
        }
        assertConserved(chain.state);
        reboots += chain.account(poor).reboots + chain.account(friend).reboots;
      }),
      { numRuns: 60, seed: 20_261_122 },
    );
    expect(reboots).toBeGreaterThan(0);
  });

  test('gives no power in votes: a neutral reputation weighs what the worst one does', () => {
    for (let reputation = 0; reputation <= 100; reputation += 1) {
      expect(voteWeight(50, 0)).toBeLessThanOrEqual(voteWeight(reputation, 0));
    }
  });
});
