/**
 * Notices that this process was paused (SIGSTOP, a suspended machine): the clock went on and the process did not. What
 * lies in its sockets then is old news, and the quickest way back is to drop it and to ask.
 */
import type { Clock } from '../ports/clock.ts';
import { SLEEP_CHECK_MS, SLEEP_MS } from './constants.ts';

export interface SleepWatch {
  /** To be called before input is handled: the input of a pause comes before any timer. */
  look(): void;
  stop(): void;
}

export interface SleepWatchOptions {
  readonly clock: Clock;
  readonly onWake: (sleptMs: number) => void;
}

export function watchSleep({ clock, onWake }: SleepWatchOptions): SleepWatch {
  let awakeAtMs = clock.monotonicMs();
  let cancel = (): void => {};
  const look = (): void => {
    const nowMs = clock.monotonicMs();
    const sleptMs = nowMs - awakeAtMs;
    awakeAtMs = nowMs;
    if (sleptMs > SLEEP_MS) onWake(sleptMs);
  };
  const lookLater = (): void => {
    cancel = clock.at(clock.monotonicMs() + SLEEP_CHECK_MS, () => {
      look();
      lookLater();
    });
  };
  lookLater();
  return { look, stop: () => cancel() };
}
