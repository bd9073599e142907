import type { TimestampMs, ValidatorKey } from '../protocol/types.ts';

/** What a contract may know of its block. Time is the header's: a contract never reads a clock. */
export interface BlockContext {
  readonly chainId: string;
  readonly height: number;
  readonly timestampMs: TimestampMs;
  readonly epoch: number;
  readonly proposer: ValidatorKey;
}
