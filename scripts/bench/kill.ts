/**
 * What killing nodes does, against what the survivors could do. All nodes share one machine, so those that die leave
 * their processor to the others: a node has min(1, cores / nodes) of a core. Rates after are compared with those before
 * times the growth of that share, so that a ratio of 1 means that the survivors make as much of a core as all did.
 */

/** How much the processor of one node grows when `killed` of `nodes` die on a machine of so many cores; 1 for not. */
export function processorGrowth(nodes: number, killed: number, cores: number): number {
  const share = (count: number): number => Math.min(1, cores / count);
  return share(nodes - killed) / share(nodes);
}

export interface RecoveryOptions {
  /** When the nodes were killed, and when the measurement ended; milliseconds, as the moments. */
  readonly at: number;
  readonly end: number;
  /** Blocks a second that count as recovered. */
  readonly target: number;
}

/** Over how long a rate is taken: two seconds hold several turns of every leader. */
export const RECOVERY_WINDOW_MS = 2_000;

/**
 * Milliseconds from the kill until the blocks came at the target rate again, over a whole window from then on; null when
 * they never did.
 * @param moments when each block became final, ascending
 */
export function recoveredAfterMs(moments: readonly number[], { at, end, target }: RecoveryOptions): number | null {
  const wanted = (target * RECOVERY_WINDOW_MS) / 1_000;
  const starts = [at, ...moments.filter((moment) => moment > at)];
  for (const from of starts) {
    const to = from + RECOVERY_WINDOW_MS;
    if (to > end) return null;
    if (moments.filter((moment) => moment >= from && moment < to).length >= wanted) return from - at;
  }
  return null;
}
