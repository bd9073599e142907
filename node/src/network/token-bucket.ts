/** A limit on a rate that forgives bursts: tokens come back with time, and what is refused counts as debt. */
export interface RateLimit {
  /** Tokens a second. */
  readonly perSecond: number;
  /** Tokens that may be saved up. */
  readonly burst: number;
  /** Debt at which the caller should stop listening. */
  readonly debtMax: number;
}

export type RateVerdict = 'pass' | 'drop' | 'abuse';

export interface TokenBucket {
  /** @param nowMs monotonic */
  take(tokens: number, nowMs: number): RateVerdict;
}

export function tokenBucket({ perSecond, burst, debtMax }: RateLimit): TokenBucket {
  let level = burst;
  let updatedMs: number | undefined;
  return {
    take(tokens, nowMs) {
      const elapsedMs = nowMs - (updatedMs ?? nowMs);
      updatedMs = nowMs;
      level = Math.min(burst, level + (elapsedMs * perSecond) / 1_000) - tokens;
      if (level >= 0) return 'pass';
      return level < -debtMax ? 'abuse' : 'drop';
    },
  };
}
