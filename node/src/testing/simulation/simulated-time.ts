/** One time for all nodes of a run, and clocks on it that go wrong in their own ways. */
import type { Clock } from '../../ports/index.ts';
import { EventQueue } from './event-queue.ts';
import type { Machine } from './scenario.ts';

/** So that rounding never wakes anybody before its time. */
const HAIR_MS = 0.001;

export class SimulatedTime {
  nowMs = 0;
  private readonly originMs: number;
  private readonly queue = new EventQueue();

  constructor(originMs: number) {
    this.originMs = originMs;
  }

  after(delayMs: number, run: () => void): () => void {
    let cancelled = false;
    this.queue.add(this.nowMs + Math.max(0, delayMs), () => {
      if (!cancelled) run();
    });
    return () => {
      cancelled = true;
    };
  }

  /** Lets time pass. Between two events everything that was set off comes to rest. */
  async run(forMs: number): Promise<void> {
    const end = this.nowMs + forMs;
    await rest();
    while (this.queue.nextMs <= end) {
      this.nowMs = this.queue.nextMs;
      this.queue.pop()?.();
      await rest();
    }
    this.nowMs = end;
  }

  clockOf({ clockRate, clockOffsetMs }: Machine): Clock {
    const local = (): number => clockOffsetMs + this.nowMs * clockRate;
    return {
      monotonicMs: local,
      wallMs: () => this.originMs + Math.floor(local()),
      at: (monotonicMs, callback) => this.after((monotonicMs - local()) / clockRate + HAIR_MS, callback),
    };
  }
}

/** Nothing here waits for the outside, so one turn of the event loop lets all promises run dry. */
const rest = (): Promise<void> => new Promise((done) => setImmediate(done));
