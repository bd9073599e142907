/** Limits and timings of one agent, each with its unit and its reason. */

/** Final blocks without a receipt after which the same signed bytes are offered again. */
export const RESUBMIT_AFTER_BLOCKS = 8;
/** Milliseconds without a receipt after which the same happens: a chain that stands still makes no blocks to count. */
export const RESUBMIT_AFTER_MS = 5_000;
/** Times that one intent is signed anew because its nonce was taken by another transaction of this account. */
export const SIGNINGS_MAX = 6;

/** Pause before a duty that failed is tried again: it doubles with every failure, in milliseconds of block time. */
export const RETRY_AFTER_MS = 500;
export const RETRY_AFTER_MS_MAX = 30_000;
/** Duties remembered with their failures; beyond this the oldest are forgotten. */
export const MEMORY_ENTRIES_MAX = 500;
/** Milliseconds after which an agent that could not read its ledger looks again, also without a new block. */
export const READ_RETRY_MS = 2_000;

/** Milliseconds that stopping waits for what an agent is doing. */
export const STOP_WAIT_MS = 2_000;

/** Confidence (reputation / 100) from which a tier of the auto-stake applies, with its target (report, 4.3). */
export const STAKE_TIERS = [
  { confidenceMin: 0.8, amountMax: 200, balanceShare: 0.05 },
  { confidenceMin: 0.6, amountMax: 100, balanceShare: 0.02 },
] as const;
/** Tokens that staking leaves in the balance: gas of the handful of transactions that one incident takes. */
export const GAS_RESERVE = 2_000;
/** Confidence in thousandths that adds the minimum stake once more: 20 tokens become 80 for a sure vote. */
export const VOTE_STAKE_STEP_THOUSANDTHS = 300;

/** Two alerts of one node and source within this time are one event. */
export const DUPLICATE_WINDOW_MS = 600_000;
/**
 * After a rejection the contract lets everybody propose at once. Agents take turns by this much block time, so that six
 * of them do not pay for five proposals that come too late.
 */
export const PROPOSAL_SLOT_MS = 1_000;
/**
 * One challenge is open at a time, and the rest would pay gas for nothing: who may challenge takes turns by this much
 * block time, those who had opposed the claim first.
 */
export const CHALLENGE_SLOT_MS = 1_000;
/** Newer telemetry is read up to this long after the alert: what comes later is repair, or another incident. */
export const NEWER_TELEMETRY_MS_MAX = 1_800_000;

/** Transactions that one incident takes: a stake, a step, a commitment, a reveal, and one to spare (ADR 0007). */
export const TRANSACTIONS_PER_INCIDENT = 5;

/** Incidents that are looked through for cases alike: over HTTP each is a request. */
export const PAST_INCIDENTS_READ_MAX = 40;
/** Cases that a solution cites; more of them only repeat the point. */
export const PAST_CASES_CITED_MAX = 3;

/** Milliseconds after its last answer at which the analysis thread is ended, to give its memory back. */
export const ANALYST_IDLE_MS = 10_000;
/** Findings that are kept: each may hold some megabytes for a large capture. */
export const ANALYST_CACHE_MAX = 8;
/** Megabytes of the analysis thread's heap; a capture that needs more fails alone, and not the node. */
export const ANALYST_HEAP_MB_MAX = 1_024;

/** Characters of one text in a transcript; the schema allows more, a reader does not need it. */
export const TRANSCRIPT_TEXT_CHARS_MAX = 2_000;
/** Entries of a transcript, as its schema bounds them. */
export const TRANSCRIPT_ENTRIES_MAX = 200;

/** Relative difference at which a figure on chain and the agent's own are no longer the same measurement. */
export const FIGURE_TOLERANCE = 0.01;
/** Discrepancies that a reason names; more of them only repeat the point. */
export const DISCREPANCIES_NAMED_MAX = 3;

/** Half an hour before and five minutes after an alert: what is examined when the telemetry itself names no window. */
export const WINDOW_BEFORE_MS = 1_800_000;
export const WINDOW_AFTER_MS = 300_000;
/** Nodes in the scope of an incident, as the call's schema bounds them. */
export const SCOPE_NODES_MAX = 64;
/** Characters of a node's name in a call, as its schema bounds them. */
export const CALL_NAME_CHARS_MAX = 120;
/** Characters of a sentence in a call, as its schema bounds them. */
export const CALL_SENTENCE_CHARS_MAX = 2_000;
/** Candidates that stand on chain with an assessment; the blob holds the rest. */
export const CANDIDATES_ON_CHAIN_MAX = 10;
