import type { Economics } from '@dao-gov/node/protocol';
import { expect, test } from 'vitest';
import { HOLDINGS, supplyOf } from './supply.ts';

const agent = { balance: 100, stake: 20, bond: 5 } as Economics['agents'][number];
const treasury = { balance: 1_000, escrow: 30, burned: 7, minted: 2, genesisSupply: 1_285 };

test('the holdings add up to what was issued', () => {
  const supply = supplyOf({ agents: [agent, agent], treasury });
  expect(supply.holdings.map(({ holding }) => holding)).toEqual(HOLDINGS);
  expect(supply.holdings.map(({ amount }) => amount)).toEqual([200, 40, 10, 30, 1_000, 7]);
  expect(supply).toMatchObject({ held: 1_287, issued: 1_287, elsewhere: 0 });
});

test('what no agent holds is told apart, and so is a sum that cannot be', () => {
  expect(supplyOf({ agents: [agent], treasury }).elsewhere).toBe(125);
  expect(supplyOf({ agents: [agent, agent, agent], treasury }).elsewhere).toBe(-125);
});
