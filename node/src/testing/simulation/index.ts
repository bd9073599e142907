/**
 * The whole-cluster simulation: real consensus, execution, mempool and sync on a simulated network, clock and disk,
 * with liars. Everything follows from the seed.
 */
import { WHOLE_NODE_EVERY } from './constants.ts';
import { type SeedResult, simulateCores } from './core-simulation.ts';
import { simulateNodes } from './node-simulation.ts';

export { checkMutationNamed, type MutationResult, mutationNames } from './check-mutations.ts';
export type { SeedResult } from './core-simulation.ts';
export { measureWideArea, type WideAreaOptions, type WideAreaSample } from './wide-area/measure.ts';
export { REGIONS } from './wide-area/regions.ts';

export interface SimulationOptions {
  readonly seed: number;
  /** Number of validators of consensus-only seeds; drawn from the seed when absent. */
  readonly validators?: number;
}

/** Seeds that run whole nodes: every twentieth. The others run consensus alone. */
export const runsWholeNodes = (seed: number): boolean => seed % WHOLE_NODE_EVERY === 0;

/** One seed from beginning to end. Never throws for what the simulation finds: that is in the result. */
export async function simulateSeed(options: SimulationOptions): Promise<SeedResult> {
  return runsWholeNodes(options.seed) ? simulateNodes(options.seed) : simulateCores(options);
}
