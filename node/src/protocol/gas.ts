/** Gas is worked out from sizes alone, so that an agent knows the price of a call before it signs. */
import { utf8Bytes } from './bytes.ts';
import type { Amount, UnsignedTransaction } from './types.ts';

/** Gas of every transaction: what the report charges, and `params.gasLimitMin` of its genesis. */
const GAS_BASE = 200;
/** Bytes of arguments that the base covers. */
const GAS_FREE_ARGS_BYTES = 1_024;
/** Bytes of arguments that one more gas pays for: they are stored by every node for ever. */
const GAS_ARGS_BYTES_PER_UNIT = 32;
/** Gas of one evidence hash: the blob behind it travels to, and stays on, every node. */
const GAS_PER_EVIDENCE = 10;

/** Gas that the transaction needs; with a lower limit it fails with OUT_OF_GAS and pays its whole limit. */
export function intrinsicGas(tx: Pick<UnsignedTransaction, 'args' | 'evidence'>): Amount {
  const charged = Math.max(0, utf8Bytes(tx.args).length - GAS_FREE_ARGS_BYTES);
  return GAS_BASE + Math.ceil(charged / GAS_ARGS_BYTES_PER_UNIT) + GAS_PER_EVIDENCE * tx.evidence.length;
}
