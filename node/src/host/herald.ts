import type { Clock } from '../ports/index.ts';
import { ANNOUNCE_MS_MIN } from './constants.ts';

/** Tells the followers where the chain stands: at once after a pause, then at most every `ANNOUNCE_MS_MIN`. */
export class Herald {
  private readonly clock: Clock;
  private readonly announce: () => void;
  private cancel: (() => void) | undefined;
  private isNews = false;

  constructor(clock: Clock, announce: () => void) {
    this.clock = clock;
    this.announce = announce;
  }

  /** There is something new. */
  tell(): void {
    this.isNews = true;
    if (!this.cancel) this.tellNow();
  }

  private tellNow(): void {
    this.cancel = undefined;
    if (!this.isNews) return;
    this.isNews = false;
    this.announce();
    this.cancel = this.clock.at(this.clock.monotonicMs() + ANNOUNCE_MS_MIN, () => this.tellNow());
  }

  stop(): void {
    this.cancel?.();
    this.cancel = undefined;
  }
}
