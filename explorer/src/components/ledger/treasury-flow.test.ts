import { expect, test } from 'vitest';
import { flowTotals, treasuryFlow } from './treasury-flow.ts';

test('sums what came and went, in a fixed order, and leaves out what moved nothing', () => {
  const flows = treasuryFlow([
    { name: 'Penalty', data: { amount: 50 } },
    { name: 'RewardEscrowed', data: { amount: 800 } },
    { name: 'RewardEscrowed', data: { amount: 300 } },
    { name: 'ClaimOverturned', data: { escrowReturned: 1_100 } },
    { name: 'IncidentInconclusive', data: { escrowReturned: 0 } },
    { name: 'Reward', data: { amount: 800 } },
    { name: 'TokensBurned', data: { amount: 70 } },
  ]);
  expect(flows).toEqual([
    { flow: 'escrowed', in: 0, out: 1_100, count: 2 },
    { flow: 'returned', in: 1_100, out: 0, count: 1 },
    { flow: 'fines', in: 50, out: 0, count: 1 },
    { flow: 'burned', in: 0, out: 70, count: 1 },
  ]);
  expect(flowTotals(flows)).toEqual({ in: 1_150, out: 1_100 });
});
