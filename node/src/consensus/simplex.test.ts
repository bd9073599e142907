import { describe, expect, it } from 'vitest';
import { ConsensusCluster } from '../testing/consensus-cluster.ts';
import { leaderCycle, leaderOf } from './leader.ts';

const lowest = (cluster: ConsensusCluster): number =>
  Math.min(...cluster.nodes.filter(({ alive }) => alive).map(({ final }) => final.length));

describe('leader schedule', () => {
  it('rotates over equal powers', () => {
    const cycle = leaderCycle([1, 2, 3, 4].map((key) => ({ key: `${key}`, power: 500 })));
    expect([1, 2, 3, 4, 5].map((view) => leaderOf(cycle, 0, view))).toEqual([0, 1, 2, 3, 0]);
  });

  it('gives turns by power, spread over the cycle', () => {
    const cycle = leaderCycle([3, 1, 1].map((power) => ({ key: '', power: power * 100 })));
    expect(cycle).toEqual([0, 1, 0, 2, 0]);
  });
});

describe('simplex, seven validators', () => {
  it('finalizes one block after the other under load', () => {
    const cluster = new ConsensusCluster({ seed: 1 });
    cluster.work(true);
    cluster.run(10_000);
    cluster.assertSafe();
    expect(lowest(cluster)).toBeGreaterThan(100);
  });

  it('idles at the heartbeat', () => {
    const cluster = new ConsensusCluster({ seed: 2 });
    cluster.work(false);
    cluster.run(60_000);
    cluster.assertSafe();
    expect(lowest(cluster)).toBeGreaterThanOrEqual(11);
    expect(Math.max(...cluster.heights())).toBeLessThanOrEqual(13);
  });

  it('goes on with any two down, and skips them after their first miss', () => {
    for (const [first, second] of [
      [0, 1],
      [2, 5],
      [6, 3],
    ] as const) {
      const cluster = new ConsensusCluster({ seed: 3 });
      cluster.work(true);
      cluster.run(2_000);
      cluster.crash(first);
      cluster.crash(second);
      cluster.run(2_000);
      const before = lowest(cluster);
      cluster.run(10_000);
      cluster.assertSafe();
      expect(lowest(cluster) - before).toBeGreaterThan(80);
    }
  });

  it('stops with three down, forks nothing, and goes on when one returns', () => {
    const cluster = new ConsensusCluster({ seed: 4 });
    cluster.work(true);
    cluster.run(2_000);
    for (const index of [1, 3, 5]) cluster.crash(index);
    cluster.run(3_000);
    const stopped = Math.max(...cluster.heights());
    cluster.run(20_000);
    expect(Math.max(...cluster.heights())).toBe(stopped);
    cluster.restart(3);
    cluster.run(3_000);
    cluster.assertSafe();
    expect(lowest(cluster)).toBeGreaterThan(stopped + 10);
  });

  it('recovers from all seven crashing at once, at any moment', () => {
    for (let seed = 0; seed < 40; seed += 1) {
      const cluster = new ConsensusCluster({ seed });
      cluster.work(true);
      cluster.run(500 + seed * 7);
      for (const { index } of cluster.nodes) cluster.crash(index);
      cluster.run(1_000);
      const before = Math.max(...cluster.heights());
      for (const { index } of cluster.nodes) cluster.restart(index);
      cluster.run(5_000);
      cluster.assertSafe();
      expect(lowest(cluster), `seed ${seed}`).toBeGreaterThan(before);
    }
  });

  it('lets a node that was away catch up', () => {
    const cluster = new ConsensusCluster({ seed: 5 });
    cluster.work(true);
    cluster.run(1_000);
    cluster.crash(4);
    cluster.run(10_000);
    cluster.restart(4);
    cluster.run(2_000);
    cluster.assertSafe();
    expect(cluster.node(4).final.length).toBeGreaterThan(lowest(cluster) - 5);
  });
});

/** Random faults by seed, then healing: safety always, progress afterwards. */
function storm(seed: number, validators: number): ConsensusCluster {
  const cluster = new ConsensusCluster({ seed, validators, loss: 0.05, duplicate: 0.05, delayMsMax: 60 });
  const { random, nodes } = cluster;
  const faults = Math.floor((validators - 1) / 3);
  cluster.work(true);
  for (let round = 0; round < 12; round += 1) {
    cluster.run(100 + random.below(900));
    const down = nodes.filter(({ alive }) => !alive);
    const pick = random.below(5);
    if (pick === 0 && down.length <= faults) cluster.crash(random.below(validators));
    else if (pick === 1) for (const { index } of down) cluster.restart(index);
    else if (pick === 2) {
      const one = random.below(validators);
      for (const { index } of nodes) if (random.chance(0.5)) cluster.cut.add(`${one}>${index}`);
    } else if (pick === 3) cluster.cut.clear();
    else cluster.work(random.chance(0.5), [random.below(validators)]);
    cluster.assertSafe();
  }
  cluster.cut.clear();
  cluster.loss = 0;
  for (const { index, alive } of nodes) if (!alive) cluster.restart(index);
  cluster.work(true);
  return cluster;
}

describe('simplex under faults', () => {
  it.each([4, 7, 10])('%i validators: safe always, live after healing', (validators) => {
    for (let seed = 0; seed < 20; seed += 1) {
      const cluster = storm(seed, validators);
      const before = Math.max(...cluster.heights());
      cluster.run(6_000);
      cluster.assertSafe();
      expect(lowest(cluster), `seed ${seed}`).toBeGreaterThan(before + 5);
    }
  });
});
