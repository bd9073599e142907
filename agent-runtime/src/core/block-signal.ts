/** Waiting for the next final block, or for a while, whichever comes first. Blocks are counted, so none is missed. */
import type { Ledger } from '../ledger/index.ts';
import type { AgentClock } from './ports.ts';

export type Signal = 'block' | 'timeout' | 'stopped';

export class BlockSignal {
  readonly #clock: AgentClock;
  readonly #unsubscribe: () => void;
  readonly #waiting = new Set<(signal: Signal) => void>();
  #count = 0;
  #stopped = false;

  constructor(ledger: Ledger, clock: AgentClock) {
    this.#clock = clock;
    this.#unsubscribe = ledger.subscribe(() => {
      this.#count += 1;
      this.#wake('block');
    });
  }

  /** Notices of final blocks so far. */
  get count(): number {
    return this.#count;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** @param since the count that the caller has seen; when there were blocks after it, the answer is immediate */
  next(since: number, timeoutMs: number): Promise<Signal> {
    if (this.#stopped) return Promise.resolve('stopped');
    if (this.#count > since) return Promise.resolve('block');
    return new Promise((resolve) => {
      const settle = (signal: Signal): void => {
        cancel();
        this.#waiting.delete(settle);
        resolve(signal);
      };
      const cancel = this.#clock.at(this.#clock.monotonicMs() + timeoutMs, () => settle('timeout'));
      this.#waiting.add(settle);
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#unsubscribe();
    this.#wake('stopped');
  }

  #wake(signal: Signal): void {
    for (const settle of [...this.#waiting]) settle(signal);
  }
}
