/** Gas is worked out from sizes alone, so that an agent knows the price of a call before it signs. */
import { utf8Bytes } from '../protocol/bytes.ts';
import type { Amount, UnsignedTransaction } from '../protocol/types.ts';
import { GAS_ARGS_BYTES_PER_UNIT, GAS_BASE, GAS_FREE_ARGS_BYTES, GAS_PER_EVIDENCE } from './constants.ts';

/** Gas that the transaction needs; with a lower limit it fails with OUT_OF_GAS and pays its whole limit. */
export function intrinsicGas(tx: Pick<UnsignedTransaction, 'args' | 'evidence'>): Amount {
  const bytes = utf8Bytes(tx.args).length;
  const charged = Math.max(0, bytes - GAS_FREE_ARGS_BYTES);
  return GAS_BASE + Math.ceil(charged / GAS_ARGS_BYTES_PER_UNIT) + GAS_PER_EVIDENCE * tx.evidence.length;
}
