/** Token buckets by remote address: so many requests a second, with a reserve for bursts. */
import type { Clock } from '../ports/index.ts';
import { ADDRESSES_MAX } from './constants.ts';
import type { RateLimit } from './deps.ts';
import { LruCache } from './lru.ts';

interface Bucket {
  tokens: number;
  atMs: number;
}

export class RateLimiter {
  readonly #limit: RateLimit;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #buckets = new LruCache<string, Bucket>(ADDRESSES_MAX);

  constructor(limit: RateLimit, clock: Pick<Clock, 'monotonicMs'>) {
    this.#limit = limit;
    this.#clock = clock;
  }

  /** Takes a token. @returns 0, or in how many seconds to come again */
  take(address: string): number {
    const { perSecond, burst } = this.#limit;
    const now = this.#clock.monotonicMs();
    const bucket = this.#buckets.get(address) ?? { tokens: burst, atMs: now };
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.atMs) / 1_000) * perSecond);
    bucket.atMs = now;
    this.#buckets.set(address, bucket);
    if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond));
    bucket.tokens -= 1;
    return 0;
  }
}
