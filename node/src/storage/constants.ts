/** Limits and layout of what a node keeps on disk. Changing the layout means a new `SCHEMA_VERSION`. */
import { PEER_MESSAGE_BYTES_MAX } from '../protocol/constants.ts';

/** Layout of keys and values. A store of another version is refused rather than guessed at. */
export const SCHEMA_VERSION = 1;
/** Digits of a height in a key: a block every millisecond for thirty years, and keys sort as numbers do. */
export const HEIGHT_DIGITS = 12;
/** Events that one query may ask for: each may lie in a block of its own, which is read whole. */
export const EVENTS_PER_QUERY_MAX = 1_000;

/** Bytes before each frame of the log: its length and its CRC-32, both little-endian. */
export const LOG_HEADER_BYTES = 8;
/** Bytes before each record in a frame: its length, little-endian. */
export const LOG_LENGTH_BYTES = 4;
/** Bytes of one log record. A node logs what it is about to send, so nothing larger than a message. */
export const LOG_RECORD_BYTES_MAX = PEER_MESSAGE_BYTES_MAX;
/** Bytes of one frame's body: a few of the largest records, and memory stays bounded. */
export const LOG_FRAME_BYTES_MAX = 4 * LOG_RECORD_BYTES_MAX;

if (!Number.isSafeInteger(10 ** HEIGHT_DIGITS)) throw new Error('HEIGHT_DIGITS must stay within exact integers');
