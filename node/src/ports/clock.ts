/** Time as a port: tests and the simulation own it, a node takes it from its machine. */
export interface Clock {
  /** Milliseconds that never go back; the origin means nothing. For timeouts and measuring. */
  monotonicMs(): number;
  /** Milliseconds since the Unix epoch; may jump. For the timestamps of headers. */
  wallMs(): number;
  /** Calls back once, at or after the given monotonic time. Returns its cancellation. */
  at(monotonicMs: number, callback: () => void): () => void;
}
