/** Limits and timings of the host, with unit and reason. Local to a node: changing one changes no block. */

/** Transactions in the pool. At 17 KiB each at most, and 64 a sender, this bounds the pool to tens of megabytes. */
export const POOL_TRANSACTIONS_MAX = 4_096;
/** Transactions of one sender: enough for a burst, too few to crowd the others out. */
export const POOL_PER_SENDER_MAX = 64;
/** Bytes of evidence that waiting transactions may hold in memory. */
export const POOL_EVIDENCE_BYTES_MAX = 64 * 1_048_576;
/** Nonces ahead of the account that are kept for later. */
export const POOL_NONCE_GAP_MAX = 64;

/** A question to one peer. Longer means that it is gone: the next one is asked. */
export const REQUEST_TIMEOUT_MS = 2_000;
/** Bytes of blocks in one sync answer, unless a single block is larger. The asker holds several answers at a time. */
export const SYNC_ANSWER_BYTES_MAX = 1_048_576;
/**
 * Blocks asked for in one sync request: they are verified by one certificate and committed in one synced batch. Each
 * keeps the headers up to the certified one as its proof, so more blocks a request means longer proofs on disk.
 */
export const SYNC_BLOCKS_AT_ONCE = 32;
/** Headers in the proof that ends an answer, where a block with fewer is near: proofs must not grow from node to node. */
export const SYNC_DESCENDANTS_MAX = 64;
/** Requests for ranges under way or waiting to be adopted, of all peers and of one peer (which answers four at a time). */
export const SYNC_RANGES_MAX = 8;
export const SYNC_RANGES_PER_PEER_MAX = 2;
/** Bytes of answers that wait or are expected, from which on no more is asked for; decoded they take several times that. */
export const SYNC_AHEAD_BYTES_MAX = 4_194_304;
/** Pause before a sync that found nothing asks again. */
export const SYNC_RETRY_MS = 500;
/** Time for which a peer that did not answer is not asked for blocks, doubled with each further time up to the most. */
export const SYNC_BENCH_MS_MIN = 1_000;
/** The same for a peer whose blocks nobody can verify. */
export const SYNC_BENCH_MS_MAX = 30_000;
/** Blocks behind up to which a node still follows: what is announced while it fetches the block before. */
export const SYNC_NEAR_BLOCKS = 16;
/** Time between two announcements to followers: well below what a person sees, far above what one costs. */
export const ANNOUNCE_MS_MIN = 50;
/** Final blocks between two compactions of the log. */
export const LOG_COMPACTION_BLOCKS = 256;
/** Pause between attempts to fetch evidence of final blocks that is still missing. */
export const EVIDENCE_RETRY_MS = 2_000;
/** Messages of the next epoch that are kept until it begins: about seven of each of the validators that there may be. */
export const EARLY_MESSAGES_MAX = 1_024;
/** Pause between two questions of a node outside the validator set, to which nobody sends votes. */
export const FOLLOW_MS = 1_000;
/** Longer than the slowest heartbeat: a follower that heard nothing for so long asks. */
export const ANNOUNCEMENT_SILENCE_MS = 6_000;
/** Equivocations that this node is bringing on chain. */
export const ACCUSATIONS_MAX = 64;
/** One node's time to report an equivocation before the next one does. */
export const REPORT_TURN_MS = 500;
/** Pause before what is not on chain yet is reported again. */
export const REPORT_RETRY_MS = 5_000;
/** Newest final blocks by which a validator's share of proposals is shown. */
export const PROPOSERS_WINDOW = 256;
/** Measured finality times that the median is taken of. */
export const FINALITY_SAMPLES = 128;

/** Timers of consensus on one machine or one site. A leader has to execute a block and reach everyone in this time. */
export const LOCAL_TIMING = { leaderTimeoutMs: 320, advanceTimeoutMs: 1_000, resendMs: 500 } as const;
/** Timers across continents: several round trips of 300 ms. */
export const WIDE_AREA_TIMING = { leaderTimeoutMs: 2_000, advanceTimeoutMs: 4_000, resendMs: 2_000 } as const;

export interface ConsensusTiming {
  readonly leaderTimeoutMs: number;
  readonly advanceTimeoutMs: number;
  readonly resendMs: number;
}

/** Share of the leader's timeout that may pass while it fills a block; hashing, sending and executing it take the rest. */
export const BUILDING_SHARE = 1 / 6;
