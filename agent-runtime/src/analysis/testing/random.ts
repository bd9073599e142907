/** A small seeded generator, so that a failing case can be run again from its seed. */

export type Random = {
  /** Uniform in 0..1, 1 excluded. */
  readonly next: () => number;
  /** Uniform integer in 0..below-1. */
  readonly below: (below: number) => number;
  /** Roughly normal, mean 0, deviation 1. */
  readonly normal: () => number;
  readonly shuffled: <Item>(items: readonly Item[]) => readonly Item[];
};

/** Mulberry32. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    // Twelve uniform numbers have a variance of one.
    normal: () => Array.from({ length: 12 }, next).reduce((total, part) => total + part, -6),
    shuffled: (items) => {
      const order = items.map((item) => ({ item, key: next() }));
      return order.toSorted((left, right) => left.key - right.key).map(({ item }) => item);
    },
  };
}
