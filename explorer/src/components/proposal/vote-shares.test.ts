import type { ProposalView } from '@dao-gov/node/protocol';
import { describe, expect, test } from 'vitest';
import { arcsOf, meetsThresholds, SHARES, voteShares } from './vote-shares.ts';

const vote = (status: ProposalView['votes'][number]['status'], weight: number): ProposalView['votes'][number] => ({
  voter: { address: '00'.repeat(20), name: 'agent', role: null },
  weight,
  stake: 0,
  status,
  option: null,
  reason: null,
});

const proposal = {
  eligibleWeight: 24_000,
  weightFor: 8_000,
  weightAgainst: 4_000,
  weightAbstain: 0,
  votes: [vote('revealed', 8_000), vote('revealed', 4_000), vote('sealed', 6_000), vote('waiting', 6_000)],
};

describe('shares of the weight', () => {
  test('add up to what is eligible, with sealed votes apart from those not cast', () => {
    const shares = voteShares(proposal);
    expect(shares.map(({ share }) => share)).toEqual(SHARES);
    expect(shares.map(({ weight }) => weight)).toEqual([8_000, 4_000, 0, 6_000, 6_000]);
    expect(shares.reduce((sum, { part }) => sum + part, 0)).toBeCloseTo(1);
  });

  test('of an electorate without weight are all nothing', () => {
    const nobody = { eligibleWeight: 0, weightFor: 0, weightAgainst: 0, weightAbstain: 0, votes: [] };
    expect(voteShares(nobody).every(({ part }) => part === 0)).toBe(true);
  });
});

test('arcs lie end to end, without the empty ones', () => {
  const arcs = arcsOf(voteShares(proposal));
  expect(arcs.map(({ share }) => share)).toEqual(['for', 'against', 'sealed', 'none']);
  for (const [index, arc] of arcs.entries()) {
    const before = arcs[index - 1];
    expect(arc.start).toBeCloseTo(before ? before.start + before.part : 0);
  }
});

test.each([
  [501, 500, true, true],
  [500, 499, false, false],
  [null, 1_000, false, true],
])('support %s and participation %s', (supportThousandths, participationThousandths, support, participation) => {
  expect(meetsThresholds({ supportThousandths, participationThousandths, alpha: 500, beta: 500 })).toEqual({
    support,
    participation,
  });
});
