/** Limits and prices of execution. Each is part of the protocol: another figure gives another state root. */
import { EVENTS_PER_RECEIPT_MAX, VALIDATORS_MAX } from '../protocol/constants.ts';

/** Bytes of the sentence in a receipt, as its SSZ type bounds it. */
export const RECEIPT_DETAIL_BYTES_MAX = 512;

/**
 * Events that one turn of the system phase emits at most. The largest is a challenge that an outcome decides: up to
 * three for each voter on it, three for each on the claim, one for each agent at the end, and the work that is paid. A
 * turn starts only while this many still fit into the block's receipt.
 */
export const EVENTS_PER_SYSTEM_TURN_MAX = 12 * VALIDATORS_MAX + 64;

/** Events of staking at the end of one block: a release for each validator, the proposer's reward, a new epoch. */
const STAKING_EVENTS_MAX = VALIDATORS_MAX + 2;

if (STAKING_EVENTS_MAX + EVENTS_PER_SYSTEM_TURN_MAX > EVENTS_PER_RECEIPT_MAX) {
  throw new Error('EVENTS_PER_RECEIPT_MAX must hold staking and one turn of the system phase');
}
