/** One seed of consensus alone: a time of faults, then healing, then proof of life. */

import { FAULTS_MS, HEIGHTS_AFTER_HEALING, LIVENESS_MS, LOOK_MS } from './constants.ts';
import { CoreCluster } from './core-cluster.ts';
import type { Mutation } from './mutations.ts';
import { type ScenarioOptions, scenarioOf } from './scenario.ts';
import { Violation } from './violation.ts';

export interface SeedResult {
  readonly seed: number;
  readonly kind: 'consensus' | 'whole nodes';
  readonly violation: Violation | null;
  /** Final blocks, and simulated milliseconds from healing until everybody had moved on. */
  readonly height: number;
  readonly healedMs: number;
  readonly byzantine: readonly string[];
}

export function simulateCores(options: ScenarioOptions, mutation?: Mutation): SeedResult {
  const actors = mutation?.actors ?? options.actors;
  const epochs = mutation?.epochs ?? options.epochs;
  const scenario = scenarioOf({ ...options, ...(actors && { actors }), ...(epochs !== undefined && { epochs }) });
  const cluster = new CoreCluster(scenario, mutation);
  let violation: Violation | null = null;
  let healedMs = 0;
  try {
    cluster.run(FAULTS_MS);
    healedMs = recover(cluster);
  } catch (error) {
    violation = error instanceof Violation ? error : new Violation('crash', String(error));
  }
  const byzantine = [...scenario.byzantine.values()].map(({ name }) => name);
  return { seed: options.seed, kind: 'consensus', violation, height: cluster.monitor.height, healedMs, byzantine };
}

/** @throws Violation */
function recover(cluster: CoreCluster): number {
  cluster.heal();
  const from = cluster.nowMs;
  const target = Math.max(...cluster.heights()) + HEIGHTS_AFTER_HEALING;
  while (Math.min(...cluster.heights()) < target) {
    if (cluster.nowMs - from >= LIVENESS_MS) {
      const state = `heights ${cluster.heights().join(' ')} of ${target}, views ${cluster.views().join(' ')}`;
      throw new Violation('liveness', `${LIVENESS_MS} ms after healing: ${state}`);
    }
    cluster.run(LOOK_MS);
  }
  return cluster.nowMs - from;
}
