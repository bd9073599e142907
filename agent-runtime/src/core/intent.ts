/** What an agent wants to happen on chain, and what came of it. */
import type { CallArgs, CallType, Hash } from '@dao-gov/node/protocol';
import type { FinalReceipt } from '../ledger/index.ts';

/** A call before it is a transaction. `evidence` are the blobs that travel with it, in order. */
export type Intent = {
  readonly [T in CallType]: {
    readonly type: T;
    readonly args: CallArgs[T];
    readonly evidence: readonly Uint8Array[];
  };
}[CallType];

/**
 * The executor's answer. `code` is an `AdmissionCode` (the node refused it), a `FailureCode` (it is on chain and
 * failed), or one of the executor's own:
 * OBSOLETE: the intent was no longer wanted when it would have been signed again; STOPPED: the agent was stopped.
 */
export type Outcome =
  | { readonly ok: true; readonly transaction: Hash; readonly receipt: FinalReceipt }
  | { readonly ok: false; readonly code: string; readonly detail: string };

export const refused = (code: string, detail: string): Outcome => ({ ok: false, code, detail });
