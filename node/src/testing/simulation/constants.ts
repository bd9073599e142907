/** Timings and bounds of the simulated world, in milliseconds of simulated time. */

/** How long faults are injected; then everything heals. */
export const FAULTS_MS = 6_000;
/** After healing, every honest node has to finalize `HEIGHTS_AFTER_HEALING` more blocks within this time. */
export const LIVENESS_MS = 6_000;
/** The same for whole nodes, which may first wait for peers that do not answer (2 s each). */
export const NODES_LIVENESS_MS = 15_000;
/**
 * Whole nodes with short epochs: each epoch begins its leaders' cycle elsewhere, so a node that alone knows of a
 * transaction, because its gossip was lost, may wait longer for its turn.
 */
export const NODES_EPOCHS_LIVENESS_MS = 45_000;
export const HEIGHTS_AFTER_HEALING = 3;
/** Between two looks at whether that has happened. */
export const LOOK_MS = 250;
/** Longest synced write once everything has healed: slow disks are a fault too. */
export const HEALED_WRITE_MS_MAX = 5;
export const HEARTBEAT_MS = 1_000;
export const TIMING = { leaderTimeoutMs: 200, advanceTimeoutMs: 400, resendMs: 300 } as const;
/** Pause before a sync that is still behind asks again, as in the host. */
export const SYNC_RETRY_MS = 500;
/** Pause between two questions of a machine outside the validator set, as in the host. */
export const FOLLOW_MS = 1_000;
/** Epoch of votes that honest validators signed elsewhere; they must be worth nothing here. */
export const OTHER_EPOCH = 1_000_000;
/** State root of a block whose execution does not give what its header says. */
export const INVALID_ROOT = 'ff'.repeat(32);
/** Names the validators of a bare core's block. */
export const SET_HASH = 'aa'.repeat(32);
export const GENESIS_HASH = 'ee'.repeat(32);
/** Every this-many-th seed runs whole nodes; the others run consensus alone, which is far cheaper. */
export const WHOLE_NODE_EVERY = 20;
