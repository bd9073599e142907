/** Seeded randomness of the lab: the same seed gives the same load. Not for secrets. */

export type Random = {
  /** 0 <= x < 1 */
  readonly next: () => number;
  /** 0 <= n < below */
  readonly below: (below: number) => number;
  /** Log-normal around a median, as service times are. */
  readonly around: (median: number, spread?: number) => number;
  /** Time until the next event of a Poisson process, in the unit of `mean`. */
  readonly gap: (mean: number) => number;
};

/** Standard deviation of the logarithm of an ordinary service time. */
const SERVICE_TIME_SPREAD = 0.3;

/** FNV-1a: gives each service its own stream of the lab's one seed. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}

/** Mulberry32: 32 bits of state are plenty for load. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  // 1 - x is never 0, so that its logarithm is finite.
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return {
    next,
    below: (below) => Math.floor(next() * below),
    around: (median, spread = SERVICE_TIME_SPREAD) => median * Math.exp(spread * normal()),
    gap: (mean) => -mean * Math.log(1 - next()),
  };
}
