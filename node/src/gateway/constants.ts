/** Every limit of the gateway, with its unit and its reason. */
import { EVIDENCE_BLOB_BYTES_MAX, EVIDENCE_PER_TRANSACTION_MAX, TRANSACTION_BYTES_MAX } from '../protocol/constants.ts';

/** Bytes of a `POST /api/tx` body: a transaction with all its blobs in base64, with room for the JSON around them. */
export const TRANSACTION_BODY_BYTES_MAX = 2 * 1_024 * 1_024;
/** Bytes of a `POST /api/reset` body: a genesis with the largest number of agents and validators. */
export const RESET_BODY_BYTES_MAX = 256 * 1_024;
/** Bytes of any other body: a page of alerts. */
export const BODY_BYTES_MAX = 64 * 1_024;

/** Final blocks that are kept decoded. Each is at most 1 MiB, nearly all are a few KiB. */
export const BLOCKS_KEPT = 128;
/** Transcripts that are kept parsed; each blob is at most 256 KiB. */
export const TRANSCRIPTS_KEPT = 64;
/** Blocks that one request for a page may read while it looks for something that happened: some 100 ms of a core. */
export const SCAN_BLOCKS_MAX = 500;
/** Blocks that are read side by side during such a look. */
export const SCAN_BLOCKS_AT_ONCE = 32;
/** Heights of blocks with something in them that are remembered: 8 MB at most. */
export const BUSY_HEIGHTS_MAX = 1_000_000;
/** Transactions that `GET /api/pending` lists; the count tells of the others. */
export const PENDING_LISTED_MAX = 200;
/** Characters of a state key that may be asked for: the longest, a vote's, has 110. */
export const STATE_KEY_LENGTH_MAX = 200;

/** Followers of the stream at once, over all and from one address. Each holds a socket and at most two frames. */
export const STREAMS_MAX = 256;
export const STREAMS_PER_ADDRESS_MAX = 32;
/** Milliseconds between heartbeat comments, so that proxies and readers see a live stream. */
export const STREAM_HEARTBEAT_MS = 15_000;
/** Heartbeats that a reader may leave unread before its socket is closed. */
export const STREAM_MISSED_HEARTBEATS_MAX = 4;
/** Blocks that a reader may lag behind, or resume from, before it has to load everything anew. */
export const STREAM_LAG_BLOCKS_MAX = 256;
/** Composed frames that are shared by readers. */
export const STREAM_FRAMES_KEPT = 64;
/** Milliseconds between two status events: at most two a second. */
export const STREAM_STATUS_INTERVAL_MS = 500;
/** Milliseconds that a browser waits before it reconnects. */
export const STREAM_RETRY_MS = 2_000;

/** Requests of one remote address: tokens a second, and how many may be saved up. */
export const READS_PER_SECOND = 200;
export const READS_BURST = 400;
export const WRITES_PER_SECOND = 50;
export const WRITES_BURST = 200;
/** Remote addresses that are kept track of; the one longest unseen is forgotten first. */
export const ADDRESSES_MAX = 10_000;

/** Alerts that are remembered, so that a repeated webhook does not raise them again. */
export const ALERTS_REMEMBERED = 1_000;

/** Milliseconds for which a bundle is handed out again; building one keeps the node busy. */
export const BUNDLE_KEPT_MS = 2_000;
/** Bundles that are kept so long. Each has a few MiB. */
export const BUNDLES_KEPT = 4;

/** Exports of tables at once: each reads the chain as fast as its reader takes it. */
export const EXPORTS_MAX = 2;

/** Milliseconds that requests under way get when the server closes, and between two looks at who has finished. */
export const CLOSE_GRACE_MS = 1_000;
export const CLOSE_LOOK_MS = 25;
/** Sockets at once: all streams, and ample room for requests. */
export const CONNECTIONS_MAX = 1_024;
/** Milliseconds without a byte after which a socket is closed: longer than a bundle takes, and than a heartbeat. */
export const SOCKET_IDLE_MS_MAX = 200_000;
/** Milliseconds within which a request must have arrived whole. */
export const REQUEST_MS_MAX = 30_000;

if (SOCKET_IDLE_MS_MAX <= STREAM_HEARTBEAT_MS) throw new Error('a stream must speak before its socket counts as idle');
if (CONNECTIONS_MAX <= STREAMS_MAX) throw new Error('CONNECTIONS_MAX must leave room beside the streams');
const BASE64_GROWTH = 4 / 3;
if (
  TRANSACTION_BODY_BYTES_MAX <
  EVIDENCE_PER_TRANSACTION_MAX * EVIDENCE_BLOB_BYTES_MAX * BASE64_GROWTH + TRANSACTION_BYTES_MAX * 2
) {
  throw new Error('TRANSACTION_BODY_BYTES_MAX must hold a transaction with all its evidence');
}
