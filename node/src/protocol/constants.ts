/**
 * Every limit of the protocol, with its unit and its reason. Changing one of them changes what a node accepts,
 * so each is part of the protocol, not of a configuration.
 */

/** Bytes of canonical JSON in one call. A call is read by people: what is larger belongs into an evidence blob. */
export const CALL_ARGS_BYTES_MAX = 16_384;
/** Bytes of one evidence blob (metrics snapshot, graph, transcript). */
export const EVIDENCE_BLOB_BYTES_MAX = 262_144;
/** Evidence blobs that one transaction may refer to. Bounds a gossip message to about 1 MiB. */
export const EVIDENCE_PER_TRANSACTION_MAX = 4;
/** Transactions in one block. */
export const TRANSACTIONS_PER_BLOCK_MAX = 512;
/** Bytes of one serialized block (header and transactions, without blobs). */
export const BLOCK_BYTES_MAX = 1_048_576;
/** Bytes of one serialized transaction: arguments, evidence hashes and the fixed fields. */
export const TRANSACTION_BYTES_MAX = CALL_ARGS_BYTES_MAX + 1_024;
/** Bytes of one message between two peers: a full set of blobs and the transaction, or a page of blocks. */
export const PEER_MESSAGE_BYTES_MAX = 4_194_304;
/** Validators in one epoch. The signer bitmap and every certificate are bounded by it. */
export const VALIDATORS_MAX = 128;
/** Blocks of the shortest epoch: every boundary costs a record and, when the set changes, a proof in every bundle. */
export const EPOCH_BLOCKS_MIN = 2;
/** Ended epochs that the chain remembers the end of. Equivocation in an older one is not punished any more. */
export const ENDED_EPOCHS_MAX = 256;
/** Unbondings of one validator that may wait at a time. */
export const UNBONDINGS_MAX = 8;
/** Characters of a chain id. */
export const CHAIN_ID_LENGTH_MAX = 64;
/** Events in one receipt. The settlement of one proposal emits a few events a voter. */
export const EVENTS_PER_RECEIPT_MAX = 4_096;
/** Bytes of one event's canonical JSON. */
export const EVENT_BYTES_MAX = 32_768;
/** Milliseconds that a header's timestamp may be ahead of the validator's own clock. */
export const TIMESTAMP_DRIFT_MS_MAX = 10_000;
/** Largest amount, nonce, gas or time that the protocol can express: JSON numbers stay exact up to here. */
export const INTEGER_MAX = Number.MAX_SAFE_INTEGER;
/** Reputation lies within 0 and this. */
export const REPUTATION_MAX = 100;
/** A newly created account starts with this reputation: it earns no bonus and costs none. */
export const REPUTATION_NEUTRAL = 50;

if (PEER_MESSAGE_BYTES_MAX < EVIDENCE_PER_TRANSACTION_MAX * EVIDENCE_BLOB_BYTES_MAX + TRANSACTION_BYTES_MAX) {
  throw new Error('PEER_MESSAGE_BYTES_MAX must hold a transaction with all its evidence');
}
if (PEER_MESSAGE_BYTES_MAX < BLOCK_BYTES_MAX * 2) {
  throw new Error('PEER_MESSAGE_BYTES_MAX must hold a block with its certificate');
}
