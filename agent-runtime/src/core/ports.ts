/** What an agent needs of the outside besides its ledger: time, and somewhere to report to. */

export interface AgentClock {
  /** Milliseconds that never go back; the origin means nothing. */
  monotonicMs(): number;
  /** Calls back once, at or after the given monotonic time. Returns its cancellation. */
  at(monotonicMs: number, callback: () => void): () => void;
}

/** Structured logs and counters; never throws. The node's telemetry sink fits. */
export interface AgentSink {
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: Readonly<Record<string, unknown>>): void;
  count(name: string, by?: number): void;
  observe(name: string, value: number): void;
}

export const silentSink: AgentSink = { log: () => {}, count: () => {}, observe: () => {} };
