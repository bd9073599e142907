/** Limits of the client, each with its unit and reason. */

/** Milliseconds that a request may take; a node that needs longer is overloaded, and asking again is better. */
export const REQUEST_TIMEOUT_MS = 30_000;
/** Milliseconds for an audit bundle, which the node puts together when it is asked. */
export const BUNDLE_TIMEOUT_MS = 180_000;
/** Milliseconds before the first reconnection of a stream, and the most that repeated failures make of it. */
export const RECONNECT_MS_MIN = 500;
export const RECONNECT_MS_MAX = 15_000;
/** Milliseconds without a byte after which a stream counts as dead: three of the gateway's heartbeats. */
export const STREAM_SILENCE_MS_MAX = 45_000;
/** Characters of one event that a stream may send: a log line is far below; more is not our gateway. */
export const EVENT_CHARACTERS_MAX = 4_194_304;
