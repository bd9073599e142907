/**
 * How often a fuzz test runs and from which seed. `FUZZ_RUNS` sets the runs of every test, `FUZZ_SEED` the first seed;
 * a failure prints the seed that replays it alone:
 *
 *     FUZZ_RUNS=100000 npx vitest run --project unit fuzz --testTimeout 0
 *     FUZZ_RUNS=1 FUZZ_SEED=4711 npx vitest run --project unit fuzz
 */
import { type Random, seededRandom } from '../random.ts';

const SEED_FIRST = 1;

const numberFrom = (name: string): number | undefined => {
  const value = Number(process.env[name]);
  return process.env[name] && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
};

/** A fuzzed input broke a property. The cause holds what was thrown. */
export class FuzzFailure extends Error {
  override readonly name = 'FuzzFailure';

  constructor(name: string, seed: number, cause: unknown) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    super(`${name}: ${reason}\nreplay with FUZZ_RUNS=1 FUZZ_SEED=${seed}`, { cause });
  }
}

export const fuzzRuns = (standard: number): number => numberFrom('FUZZ_RUNS') ?? standard;

function* seeds(standard: number): Generator<number> {
  const first = numberFrom('FUZZ_SEED') ?? SEED_FIRST;
  for (let run = 0; run < fuzzRuns(standard); run += 1) yield first + run;
}

/** Runs a property with one seeded source of randomness after another. @throws FuzzFailure */
export function fuzz(name: string, standardRuns: number, property: (random: Random) => void): void {
  for (const seed of seeds(standardRuns)) {
    try {
      property(seededRandom(seed));
    } catch (error) {
      throw new FuzzFailure(name, seed, error);
    }
  }
}

/** The same for a property that takes time. @throws FuzzFailure */
export async function fuzzAsync(
  name: string,
  standardRuns: number,
  property: (random: Random) => Promise<void>,
): Promise<void> {
  for (const seed of seeds(standardRuns)) {
    try {
      await property(seededRandom(seed));
    } catch (error) {
      throw new FuzzFailure(name, seed, error);
    }
  }
}
