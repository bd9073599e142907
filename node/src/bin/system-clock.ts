import type { Clock } from '../ports/index.ts';

/** The machine's clock. Timers are real and keep the process alive only as long as somebody waits for them. */
export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  at: (monotonicMs, callback) => {
    const timer = setTimeout(callback, Math.max(0, monotonicMs - performance.now()));
    return () => clearTimeout(timer);
  },
};
