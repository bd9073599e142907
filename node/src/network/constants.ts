/** Limits of the network adapter, each with its unit and its reason. None of them is part of the protocol. */
import {
  EVIDENCE_BLOB_BYTES_MAX,
  EVIDENCE_PER_TRANSACTION_MAX,
  PEER_MESSAGE_BYTES_MAX,
  TRANSACTION_BYTES_MAX,
  VALIDATORS_MAX,
} from '../protocol/constants.ts';

/** Nodes outside the configured list that may be connected at once: they sync and gossip, and cost memory. */
export const FOLLOWERS_MAX = 32;
/** Connections that libp2p keeps before it prunes: more than all peers together, so that it never does. */
export const CONNECTIONS_MAX = 2 * (VALIDATORS_MAX + FOLLOWERS_MAX);

/** Milliseconds before the first redial, and between redials of a peer that stays away. */
export const REDIAL_MS_MIN = 200;
export const REDIAL_MS_MAX = 5_000;
/** Milliseconds that a connection must last for the next redial to be quick again. */
export const CONNECTION_STABLE_MS = 5_000;
/** Milliseconds for one dial with its handshakes; also for negotiating one stream. */
export const DIAL_TIMEOUT_MS = 5_000;

/** Milliseconds between two pings of a connection, and until an unanswered one ends it (a cable that was pulled). */
export const PING_INTERVAL_MS = 15_000;
export const PING_TIMEOUT_MS = 15_000;
/** Milliseconds between two looks at the connections, and the age at which one must carry gossip. */
export const HEALTH_CHECK_MS = 5_000;
export const HEALTH_GRACE_MS = 10_000;
/** Milliseconds that closing may take at a stop before connections are cut. */
export const STOP_GRACE_MS = 500;
/** Milliseconds for which a peer that broke the rules is not let in again. */
export const PUNISHMENT_MS = 10_000;

/** Frames and bytes that may wait for one validator; the oldest go first, because consensus resends what counts. */
export const CONSENSUS_QUEUE_FRAMES_MAX = 4_096;
export const CONSENSUS_QUEUE_BYTES_MAX = 2 * PEER_MESSAGE_BYTES_MAX;
/** Bytes of one stream that may be under way unread: what a peer that is paused finds waiting when it wakes. */
export const STREAM_WINDOW_BYTES_MAX = 1_048_576;
/** Bytes that are handed to a stream at once: one window of yamux. */
export const SEND_CHUNK_BYTES = 262_144;

/**
 * What one validator may send: ten times the 90 rounds a second that were measured, with all votes and certificates
 * of a round. The burst is what two seconds may bring after a pause.
 */
export const CONSENSUS_MESSAGES_PER_SECOND = 4_000;
export const CONSENSUS_BYTES_PER_SECOND = 33_554_432;
export const RATE_BURST_SECONDS = 2;
/** Bursts of debt, built up by what is dropped, after which a peer is no longer honest but hurried. */
export const RATE_DEBT_BURSTS_MAX = 2;

/** Bytes of one announcement: a height, a hash and a view, with room to grow. */
export const ANNOUNCEMENT_BYTES_MAX = 256;
/** Announcements that a follower listens to, of one member: more than a member makes (host, ANNOUNCE_MS_MIN). */
export const ANNOUNCEMENTS_PER_SECOND = 50;

/** Bytes of one sync request: 8 hashes or a range, with room to grow. */
export const SYNC_REQUEST_BYTES_MAX = 65_536;
/** Requests of one peer, and of all peers, that are answered at the same time. An answer takes up to 4 MiB. */
export const SYNC_REQUESTS_PER_PEER_MAX = 4;
export const SYNC_REQUESTS_MAX = 16;
/** Sync streams that a connection may carry; above the requests, so that the excess is refused and counted here. */
export const SYNC_STREAMS_MAX = 64;
/** Milliseconds for receiving, answering and sending one request, on the answering side. */
export const SYNC_SERVE_TIMEOUT_MS = 30_000;

/** Bytes of one gossiped envelope: a transaction with all its blobs, and the offsets of SSZ. */
export const GOSSIP_MESSAGE_BYTES_MAX =
  EVIDENCE_PER_TRANSACTION_MAX * EVIDENCE_BLOB_BYTES_MAX + TRANSACTION_BYTES_MAX + 1_024;
/** Bytes of one gossipsub RPC, which may carry several envelopes that were asked for. */
export const GOSSIP_RPC_BYTES_MAX = PEER_MESSAGE_BYTES_MAX;
/** Bytes that may wait for one peer in gossipsub, which knows no backpressure. Above it the stream is reset. */
export const GOSSIP_QUEUE_BYTES_MAX = 4 * PEER_MESSAGE_BYTES_MAX;
/** Validations under way: of all peers, of one peer, and their bytes. What comes on top is ignored. */
export const VALIDATIONS_MAX = 256;
export const VALIDATIONS_PER_PEER_MAX = 64;
export const VALIDATION_BYTES_MAX = 33_554_432;
/** Own transactions, and their bytes, that wait for a first listener. */
export const HELD_TRANSACTIONS_MAX = 256;
export const HELD_BYTES_MAX = 16_777_216;
/** Milliseconds for which gossip remembers a message; after it the same bytes may be published again. */
export const GOSSIP_SEEN_MS = 60_000;

if (GOSSIP_MESSAGE_BYTES_MAX > GOSSIP_RPC_BYTES_MAX) throw new Error('a gossip RPC must hold an envelope');
if (CONSENSUS_QUEUE_BYTES_MAX < PEER_MESSAGE_BYTES_MAX) throw new Error('a queue must hold the largest message');
if (CONSENSUS_BYTES_PER_SECOND < PEER_MESSAGE_BYTES_MAX) throw new Error('the rate must pass the largest message');
