import { seededRandom } from '@dao-gov/node/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { CAUSE_WEIGHTS, CAUSES, drawCause, opinionOf, PROFILES, stakeOf } from './profiles.ts';
import { rankCorrelation } from './ranks.ts';
import { type EconomySummary, economySvg, summarise } from './report.ts';
import { simulateEconomy } from './simulate.ts';

const SEEDS = [1, 2, 3, 4];
/** Fewer than the command plays by default: enough for the order, and the gate stays quick. */
const INCIDENTS = 40;

describe('many incidents with agents of different skill', () => {
  let summary: EconomySummary;
  beforeAll(() => {
    summary = summarise(SEEDS.map((seed) => simulateEconomy({ incidents: INCIDENTS, seed })));
  }, 300_000);
  const agent = (name: string) => summary.agents.find((one) => one.name.startsWith(name)) ?? summary.agents[0]!; // all are there

  it('order the agents by skill, in tokens and in reputation', () => {
    expect(summary.skillWithTokens).toBeGreaterThanOrEqual(0.7);
    expect(summary.skillWithReputation).toBeGreaterThanOrEqual(0.7);
    expect(summary.leastSkillWithTokens).toBeGreaterThan(0.4);
    expect(summary.leastSkillWithReputation).toBeGreaterThan(0.4);
  });

  it('make staking everything on a guess lose, and certainty without knowledge cost', () => {
    expect(summary.allIn.claims).toBeGreaterThan(10);
    expect(summary.allIn.net).toBeLessThan(0);
    expect(agent('all-in').earned).toBeLessThan(agent('novice').earned);
    // As good as the novice at finding causes; it only does not know when it knows.
    expect(agent('overconfident').earned).toBeLessThan(agent('novice').earned);
    expect(agent('overconfident').reputation).toBeLessThan(agent('novice').reputation);
  });

  it('end, most of them with the right cause', () => {
    expect(summary.finalized).toBeGreaterThan((summary.incidents * 2) / 3);
    expect(summary.wrongAccepted).toBeLessThan(summary.incidents / 10);
  });

  it('come out the same from the same seed, and draw the same picture', () => {
    const [again, first] = [simulateEconomy({ incidents: 5, seed: 9 }), simulateEconomy({ incidents: 5, seed: 9 })];
    expect(again).toEqual(first);
    expect(simulateEconomy({ incidents: 5, seed: 10 })).not.toEqual(first);
    const svg = economySvg(first);
    expect(svg).toBe(economySvg(again));
    expect(svg.match(/<polyline/g)).toHaveLength(2 * PROFILES.length);
  });
}, 300_000);

describe('the agents', () => {
  it('are right as often as their skill says', () => {
    const random = seededRandom(5);
    for (const profile of PROFILES) {
      let right = 0;
      let acceptedLast = '';
      const runs = 4_000;
      for (let run = 0; run < runs; run += 1) {
        const cause = drawCause(random);
        const incident = { cause, acceptedLast, excluded: new Set<string>(), insight: 0 };
        if (opinionOf(profile, incident, random).cause === cause) right += 1;
        acceptedLast = cause;
      }
      expect(Math.abs(right / runs - profile.skill), profile.name).toBeLessThan(0.03);
    }
  });

  it('name nothing that was turned down already', () => {
    const random = seededRandom(6);
    const [first = ''] = CAUSES;
    for (const profile of PROFILES) {
      const incident = { cause: first, acceptedLast: first, excluded: new Set([first]), insight: 0 };
      expect(opinionOf(profile, incident, random).cause).not.toBe(first);
    }
    expect(CAUSE_WEIGHTS.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1);
  });

  it('stake the minimum up to the break-even chance, and all they may when certain', () => {
    expect([0.3, 0.8, 0.9, 1].map((sure) => stakeOf(sure, 100, 2_000))).toEqual([100, 100, 1_050, 2_000]);
  });
});

it('rank correlation counts ties and direction', () => {
  expect(rankCorrelation([1, 2, 3], [10, 20, 30])).toBeCloseTo(1);
  expect(rankCorrelation([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1);
  // Ranks 1, 2.5, 2.5, 4 against 1 to 4.
  expect(rankCorrelation([1, 2, 2, 4], [1, 2, 3, 4])).toBeCloseTo(0.9487, 4);
  expect(rankCorrelation([1, 1], [1, 2])).toBeNaN();
});
