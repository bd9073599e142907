/** Time that moves only when a test says so, and lets promises settle after each timer. */
import type { Clock } from '../ports/clock.ts';

export interface ManualClock extends Clock {
  advance(ms: number): Promise<void>;
  /** Time passes and no timer fires, as in a process that is paused. */
  sleep(ms: number): void;
  /** Timers that have not fired. */
  timers(): number;
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export function manualClock(): ManualClock {
  let nowMs = 0;
  const timers = new Set<{ readonly atMs: number; readonly run: () => void }>();
  const nextUntil = (endMs: number) =>
    [...timers].filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
  return {
    monotonicMs: () => nowMs,
    wallMs: () => nowMs,
    at: (atMs, run) => {
      const timer = { atMs, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    sleep: (ms) => {
      nowMs += ms;
    },
    timers: () => timers.size,
    async advance(ms) {
      const endMs = nowMs + ms;
      await settle();
      for (let next = nextUntil(endMs); next; next = nextUntil(endMs)) {
        timers.delete(next);
        nowMs = Math.max(nowMs, next.atMs);
        next.run();
        await settle();
      }
      nowMs = endMs;
    },
  };
}
