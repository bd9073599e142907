/** Limits of the network adapter, each with its unit and its reason. None of them is part of the protocol. */
import {
  BLOCK_BYTES_MAX,
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
export const REDIAL_MS_MAX = 2_000;
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

/**
 * Points at which a peer is cut off, and how many of them a second forgives. What an honest peer may do in haste (a
 * request too many) costs one; what only a broken or hostile one does costs a quarter of the whole, or all of it.
 */
export const BAN_POINTS = 100;
export const POINTS_FORGIVEN_PER_SECOND = 10;
/** Milliseconds of the first ban; each further one within the memory doubles it, up to the longest. */
export const BAN_MS_MIN = 10_000;
export const BAN_MS_MAX = 120_000;
/** Milliseconds for which a ban makes the next one longer. */
export const BAN_MEMORY_MS = 600_000;
/** Peers whose standing is remembered: strangers change their keys at will, and the oldest are forgotten. */
export const STANDINGS_MAX = 1_024;

/** Streams that one connection may have open: sync, consensus, gossip, identify and ping, and the ones just closing. */
export const STREAMS_PER_CONNECTION_MAX = 128;

/**
 * Frames and bytes that may wait for one validator, and milliseconds for which one is worth sending. Consensus resends
 * what still counts; a second of frames is what a peer can still use, and more would only be replayed to no end.
 */
export const CONSENSUS_QUEUE_FRAMES_MAX = 512;
export const CONSENSUS_QUEUE_BYTES_MAX = 2 * PEER_MESSAGE_BYTES_MAX;
export const CONSENSUS_FRAME_MS_MAX = 2_000;
/** Milliseconds without a byte of progress after which a stream is given up, with what waits for it. */
export const CONSENSUS_STALL_MS = 3_000;
/** Milliseconds, at most, until a broken stream is opened again on a connection that stands. */
export const STREAM_RETRY_MS_MAX = 500;
/** Milliseconds that a begun frame may take to arrive: the largest one on a line of one megabit. */
export const FRAME_ARRIVAL_MS_MAX = 30_000;
/**
 * Milliseconds between two looks at the clock, and the gap between them that means a pause. A machine that is short of
 * processors starves a process for seconds: then all are late together, and what waits is still worth reading.
 */
export const SLEEP_CHECK_MS = 500;
export const SLEEP_MS = 6_000;
/** Bytes of one stream that may be under way unread: what a peer that is paused finds waiting when it wakes. */
export const STREAM_WINDOW_BYTES_MAX = 1_048_576;
/** Bytes that are handed to a stream at once: one window of yamux. */
export const SEND_CHUNK_BYTES = 262_144;

/**
 * What one validator may send: four times the 90 rounds a second that were measured, with the five messages that it has
 * to say in one. The burst is what two seconds may bring after a pause.
 */
export const CONSENSUS_MESSAGES_PER_SECOND = 2_000;
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
export const SYNC_REQUESTS_PER_PEER_MAX = 8;
export const SYNC_REQUESTS_MAX = 32;
/** Sync streams that a connection may carry; above the requests, so that the excess is refused and counted here. */
export const SYNC_STREAMS_MAX = 64;
/** Requests under way of peers outside the configured list, all together: the rest is kept for the members. */
export const SYNC_STRANGER_REQUESTS_MAX = 16;
/** Milliseconds for receiving one request, which is a packet or two. */
export const SYNC_RECEIVE_TIMEOUT_MS = 5_000;
/** Milliseconds for receiving, answering and sending one request, on the answering side. */
export const SYNC_SERVE_TIMEOUT_MS = 30_000;
/** Bytes a second that one peer is answered with, and that it may have saved up. Above it, answers wait their turn. */
export const SYNC_BYTES_PER_SECOND = 16_777_216;
export const SYNC_BYTES_BURST = 4 * PEER_MESSAGE_BYTES_MAX;
/** Bytes that any answer counts for, however short: the work of looking it up. 2,000 short answers a second. */
export const SYNC_ANSWER_BYTES_MIN = 8_192;

/** Envelopes in one gossiped message, and bytes of envelopes after which it leaves. One may be larger, alone. */
export const PARCEL_ENVELOPES_MAX = 64;
export const PARCEL_BYTES_MAX = 131_072;
/**
 * Milliseconds from one parcel of a node to its next: at least, at most, and for each envelope in the first of the two.
 * Above 25 transactions a second the windows grow to their maximum, below that they are the shortest.
 */
export const PARCEL_WINDOW_MS_MIN = 100;
export const PARCEL_WINDOW_MS_MAX = 250;
export const PARCEL_WINDOW_MS_PER_ENVELOPE = 40;
/** Bytes of one gossiped message: a transaction with all its blobs, and the offsets of SSZ. */
export const GOSSIP_MESSAGE_BYTES_MAX =
  EVIDENCE_PER_TRANSACTION_MAX * EVIDENCE_BLOB_BYTES_MAX + TRANSACTION_BYTES_MAX + 1_024;
/** Bytes of one gossipsub RPC, which may carry several envelopes that were asked for. */
export const GOSSIP_RPC_BYTES_MAX = PEER_MESSAGE_BYTES_MAX;
/** Bytes that may wait for one peer in gossipsub, which knows no backpressure. Above it the stream is reset. */
export const GOSSIP_QUEUE_BYTES_MAX = 2 * PEER_MESSAGE_BYTES_MAX;
/** Validations under way: of all peers, of one peer, and their bytes. What comes on top is ignored. */
export const VALIDATIONS_MAX = 256;
export const VALIDATIONS_PER_PEER_MAX = 64;
export const VALIDATION_BYTES_MAX = 33_554_432;
/**
 * Messages of one peer a second that are looked at, and with what burst: twice the load that the network is made for,
 * and the backlog of ten seconds. Debts of the same size again end the connection.
 */
export const GOSSIP_MESSAGES_PER_SECOND = 2_000;
export const GOSSIP_BURST_SECONDS = 10;
/**
 * Messages of one peer a second that turn out to be stale or useless before the rest goes unread. After a pause a
 * backlog of them is honest, so the debt that ends the connection is that of a minute at full load.
 */
export const GOSSIP_USELESS_PER_SECOND = 200;
export const GOSSIP_USELESS_DEBT_MAX = 20_000;
/** Own transactions, and their bytes, that wait for a first listener. */
export const HELD_TRANSACTIONS_MAX = 256;
export const HELD_BYTES_MAX = 16_777_216;
/** Own envelopes whose names are kept that long; above what a pool holds. */
export const PUBLISHED_MAX = 8_192;
/** Milliseconds for which gossip remembers a message; after it the same bytes may be published again. */
export const GOSSIP_SEEN_MS = 60_000;

/** Milliseconds without a direct link to a validator before this node asks the others to pass its words on. */
export const RELAY_AFTER_MS = 1_000;
/** Milliseconds between two such calls, and for which one is believed: three may get lost. */
export const RELAY_CALL_MS = 1_000;
export const RELAY_CALL_BELIEVED_MS = 3_500;
/** Bytes of one relayed consensus message: a proposal with the largest block, and room for its vote and offsets. */
export const RELAY_PAYLOAD_BYTES_MAX = BLOCK_BYTES_MAX + 4_096;
/** Bytes of the envelope around it: keys of all receivers, the origin's signature, the fixed fields. */
export const RELAY_MESSAGE_BYTES_MAX = RELAY_PAYLOAD_BYTES_MAX + VALIDATORS_MAX * 32 + 256;
/** Messages and bytes a second that are passed on for one origin, and taken from one neighbour. A signature is checked for each. */
export const RELAY_ORIGIN_MESSAGES_PER_SECOND = 1_000;
export const RELAY_NEIGHBOUR_MESSAGES_PER_SECOND = 4_000;
export const RELAY_BYTES_PER_SECOND = 16_777_216;

if (RELAY_MESSAGE_BYTES_MAX > GOSSIP_RPC_BYTES_MAX) throw new Error('a gossip RPC must hold a relayed message');
if (SYNC_STRANGER_REQUESTS_MAX >= SYNC_REQUESTS_MAX) throw new Error('members must keep requests for themselves');
if (CONSENSUS_STALL_MS <= CONSENSUS_FRAME_MS_MAX)
  throw new Error('what waits must be stale before a stream is given up');
if (GOSSIP_MESSAGE_BYTES_MAX > GOSSIP_RPC_BYTES_MAX) throw new Error('a gossip RPC must hold an envelope');
if (CONSENSUS_QUEUE_BYTES_MAX < PEER_MESSAGE_BYTES_MAX) throw new Error('a queue must hold the largest message');
if (CONSENSUS_BYTES_PER_SECOND < PEER_MESSAGE_BYTES_MAX) throw new Error('the rate must pass the largest message');
