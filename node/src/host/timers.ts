import type { Clock } from '../ports/index.ts';

/** What the host waits for: consensus, the next sync, evidence that is missing, other epochs, a report that is due. */
export type TimerName = 'wake' | 'sync' | 'evidence' | 'epoch' | 'follow' | 'report';

/** Named one-shot timers: setting one again replaces it, and all of them end together. */
export class Timers {
  private readonly clock: Clock;
  private readonly cancel = new Map<TimerName, () => void>();
  private stopped = false;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** @param atMs monotonic time */
  set(name: TimerName, atMs: number, callback: () => void): void {
    this.cancel.get(name)?.();
    if (this.stopped) return;
    this.cancel.set(
      name,
      this.clock.at(atMs, () => {
        this.cancel.delete(name);
        callback();
      }),
    );
  }

  after(name: TimerName, pauseMs: number, callback: () => void): void {
    this.set(name, this.clock.monotonicMs() + pauseMs, callback);
  }

  has(name: TimerName): boolean {
    return this.cancel.has(name);
  }

  stop(): void {
    this.stopped = true;
    for (const cancel of this.cancel.values()) cancel();
    this.cancel.clear();
  }
}
