/** Limits of the explorer, each with its unit and reason. */

/** Log lines kept in memory: about one incident of seven agents with transcripts, and still quick to filter. */
export const LOG_LINES_MAX = 2_000;
/** Log lines drawn at once; older ones appear on request, so that a full buffer does not slow every update. */
export const LOG_LINES_DRAWN = 300;
/** Log lines asked for when the console opens. */
export const LOG_LINES_INITIAL = 200;
/** Milliseconds over which arriving log lines are gathered into one update of the screen. */
export const LOG_FLUSH_MS = 120;
/** Milliseconds between two rounds of refetching: blocks may arrive every few hundred milliseconds. */
export const REFRESH_INTERVAL_MS = 800;
/** Milliseconds without the stream after which a node counts as down rather than reconnecting. */
export const DOWN_AFTER_MS = 8_000;
/** Milliseconds without the stream after which it is opened anew as soon as the node answers anything else. */
export const REOPEN_AFTER_MS = 3_000;
/** Milliseconds between polls of the node's own situation, which also prove that it answers. */
export const CHAIN_POLL_MS = 5_000;
/** Milliseconds without a new block after which the chain counts as stalled: four idle heartbeats of 5 s. */
export const STALLED_AFTER_MS = 20_000;
/** Rows of one page of a listing. */
export const PAGE_ROWS = 25;
/** Nodes of a graph that are drawn; beyond that the table alone is legible. */
export const GRAPH_NODES_MAX = 120;
