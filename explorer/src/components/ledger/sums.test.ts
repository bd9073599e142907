import { expect, test } from 'vitest';
import { sumsBy } from './sums.ts';

const [ANN, BEN] = ['a'.repeat(40), 'b'.repeat(40)];
const INCIDENT = 'INC-0001';
const event = (name: string, data: Record<string, unknown>, incidentId = INCIDENT) => ({
  name,
  data: { incidentId, ...data },
});
const byAccount = (events: readonly ReturnType<typeof event>[]) => sumsBy(events, (_, { address }) => address);

test('what is paid out is no longer held, and a fine counts its reputation once', () => {
  const sums = byAccount([
    event('RewardEscrowed', { to: ANN, amount: 800 }),
    event('RewardEscrowed', { to: BEN, amount: 300 }),
    event('Reward', { to: ANN, amount: 800 }),
    event('Penalty', { address: BEN, amount: 50, reputation: 1 }),
    event('ReputationChanged', { address: BEN, from: 80, to: 79 }),
  ]);
  expect(sums.get(ANN)).toEqual({ paid: 800, fined: 0, slashed: 0, held: 0, reputation: 0, net: 800 });
  expect(sums.get(BEN)).toEqual({ paid: 0, fined: -50, slashed: 0, held: 300, reputation: -1, net: -50 });
});

test('an overturned claim takes back the escrow of its incident, and of no other', () => {
  const sums = byAccount([
    event('RewardEscrowed', { to: ANN, amount: 800 }),
    event('RewardEscrowed', { to: ANN, amount: 500 }, 'INC-0002'),
    event('StakeSlashed', { address: ANN, amount: 100 }),
    event('ClaimOverturned', { proposer: ANN, escrowReturned: 800 }),
  ]);
  expect(sums.get(ANN)).toMatchObject({ held: 500, slashed: -100, paid: 0, net: -100 });
});

test('a lost bond is one account’s loss and the other’s gain', () => {
  const sums = byAccount([event('BondPaid', { from: ANN, to: BEN, amount: 100 })]);
  expect([sums.get(ANN)?.net, sums.get(BEN)?.net]).toEqual([-100, 100]);
});

test('events may be grouped by incident, and left out', () => {
  const events = [
    event('WorkPaid', { to: ANN, amount: 100 }),
    event('WorkPaid', { to: ANN, amount: 200 }, 'INC-0002'),
    event('WorkPaid', { to: BEN, amount: 400 }),
    event('StakeLocked', { address: ANN, amount: 60 }),
  ];
  const sums = sumsBy(events, ({ data }, { address }) => (address === ANN ? String(data.incidentId) : undefined));
  expect([...sums].map(([incident, { net }]) => [incident, net])).toEqual([
    [INCIDENT, 100],
    ['INC-0002', 200],
  ]);
});
