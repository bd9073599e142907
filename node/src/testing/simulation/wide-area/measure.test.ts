import { describe, expect, it } from 'vitest';
import { measureWideArea } from './measure.ts';

/** Generous: a busy machine may be ten times slower. */
const TIMEOUT_MS = 120_000;
const OPTIONS = { validators: 4, seed: 3, seconds: 4, rate: 5 } as const;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('the wide-area simulation', () => {
  it('finalizes everything that was handed in, not faster than distance allows', { timeout: TIMEOUT_MS }, async () => {
    const sample = await measureWideArea(OPTIONS);
    expect(sample.unfinished).toBe(0);
    expect(sample.submitToFinalMs).toHaveLength(OPTIONS.seconds * OPTIONS.rate);
    expect(sample.blocks).toBeGreaterThan(0);
    expect(Math.min(...sample.finalityMs)).toBeGreaterThanOrEqual(Math.min(...sample.floorMs));
    // Every block is proposed, notarized and finalized by all; resends and certificates do not double that twice.
    const broadcasts = sample.messages / sample.blocks / (OPTIONS.validators * (OPTIONS.validators - 1));
    expect(broadcasts).toBeGreaterThan(2);
    expect(broadcasts).toBeLessThan(8);
    expect(mean(sample.submitToFinalMs)).toBeGreaterThan(mean(sample.finalityMs));
  });

  it('gives the same for the same seed, and something else for another', { timeout: TIMEOUT_MS }, async () => {
    const first = await measureWideArea(OPTIONS);
    expect(await measureWideArea(OPTIONS)).toEqual(first);
    expect(await measureWideArea({ ...OPTIONS, seed: 4 })).not.toEqual(first);
  });
});
