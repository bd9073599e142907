import { describe, expect, it } from 'vitest';
import { checkMutationNamed, mutationNames, runsWholeNodes, simulateSeed } from './index.ts';
import { simulateNodes } from './node-simulation.ts';

const SECOND_MS = 1_000;
/** Generous: a busy machine may be ten times slower. */
const TIMEOUT_MS = 120 * SECOND_MS;
const CONSENSUS_SEEDS = Array.from({ length: 42 }, (_, index) => index + 1).filter((seed) => !runsWholeNodes(seed));

describe('simulation', () => {
  it('finds no violation in forty clusters of consensus cores', { timeout: TIMEOUT_MS }, async () => {
    for (const seed of CONSENSUS_SEEDS) expect(await simulateSeed({ seed })).toMatchObject({ seed, violation: null });
  });

  it.each([1, 2, 3, 4])('finds no violation in whole nodes, seed %i', { timeout: TIMEOUT_MS }, async (seed) => {
    expect(await simulateNodes(seed)).toMatchObject({ violation: null });
  });

  it('replays a seed exactly', { timeout: TIMEOUT_MS }, async () => {
    expect(await simulateSeed({ seed: 7 })).toEqual(await simulateSeed({ seed: 7 }));
    expect(await simulateNodes(3)).toEqual(await simulateNodes(3));
  });

  it.each(mutationNames)('notices %s', { timeout: TIMEOUT_MS }, (name) => {
    expect(checkMutationNamed(name).caught).not.toBeNull();
  });
});
