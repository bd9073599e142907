import type { Verifier } from '../protocol/crypto/verifier.ts';
import type { TimestampMs, ValidatorKey } from '../protocol/types.ts';

/** What a contract may know of its block. Time is the header's: a contract never reads a clock. */
export interface BlockContext {
  readonly chainId: string;
  readonly height: number;
  readonly timestampMs: TimestampMs;
  readonly epoch: number;
  readonly proposer: ValidatorKey;
  /**
   * Checks the votes that are submitted as equivocation, and the keys that are bonded. Native and portable verifiers
   * decide every input alike (the differential test holds them to it), so which of them a node uses changes no root.
   */
  readonly verifier: Pick<Verifier, 'validator'>;
}
