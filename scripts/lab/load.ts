/** The users of the lab: open-loop requests at the entry with a daily shape. The same seed sends the same requests. */
import { Agent, request } from 'node:http';
import { type Random, seeded } from './random.ts';

/** Operations of the entry, and of how many of ten requests each is. */
const MIX = [
  { operation: 'GET /search', weight: 5 },
  { operation: 'POST /book', weight: 2 },
  { operation: 'GET /orders', weight: 1.5 },
  { operation: 'GET /menu', weight: 1.5 },
] as const;
const WEIGHTS = MIX.reduce((sum, { weight }) => sum + weight, 0);

/** How far the rate swings around its mean between the lab's night and its evening. */
const DAILY_SWING = 0.3;
/** Longest that a user waits. */
const PATIENCE_MS = 4_000;
/** Requests under way; users beyond these are turned away, as by a full listen queue. */
const WAITING_MAX = 500;

export type Outcome = {
  readonly operation: string;
  /** When the answer came, milliseconds since the Unix epoch. */
  readonly atMs: number;
  readonly durationMs: number;
  readonly ok: boolean;
};

export type LoadOptions = {
  readonly url: string;
  readonly seed: number;
  /** Mean requests per second. */
  readonly rate: number;
  /** Length of the lab's day in milliseconds. */
  readonly dayMs: number;
  /** Share of traces that are recorded. */
  readonly traceShare: number;
  readonly onOutcome: (outcome: Outcome) => void;
};

export class Load {
  readonly #options: LoadOptions;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: WAITING_MAX });
  #random: Random;
  #beganMs = Date.now();
  #surge = 1;
  #waiting = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#random = seeded(options.seed);
  }

  /** Begins the lab's day anew with another seed. */
  start(seed = this.#options.seed): void {
    this.stop();
    this.#random = seeded(seed);
    // Any hour of the lab's day.
    this.#beganMs = Date.now() - this.#random.next() * this.#options.dayMs;
    this.#next(performance.now());
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** @param factor 1 is usual */
  surge(factor: number): void {
    this.#surge = factor;
  }

  /** Requests per second at this time of the lab's day. */
  #rate(): number {
    const { rate, dayMs } = this.#options;
    const dayShare = (Date.now() - this.#beganMs) / dayMs;
    return rate * this.#surge * (1 + DAILY_SWING * Math.sin(2 * Math.PI * dayShare));
  }

  /** Sends what is due: gaps are counted from the due time, so that a late timer loses no request. */
  #next(dueMs: number): void {
    let due = dueMs;
    while (due <= performance.now()) {
      this.#send();
      due += this.#random.gap(1_000 / this.#rate());
    }
    this.#timer = setTimeout(() => this.#next(due), Math.max(0, due - performance.now()));
  }

  #send(): void {
    const { url, traceShare, onOutcome } = this.#options;
    const operation = this.#pick();
    const traceparent = this.#traceparent(this.#random.next() < traceShare);
    const [method = 'GET', path = '/'] = operation.split(' ');
    const began = performance.now();
    let told = false;
    const tell = (ok: boolean): void => {
      if (told) return;
      told = true;
      this.#waiting -= 1;
      onOutcome({ operation, atMs: Date.now(), durationMs: performance.now() - began, ok });
    };
    this.#waiting += 1;
    if (this.#waiting > WAITING_MAX) return tell(false);
    const sent = request(`${url}${path}`, {
      method,
      agent: this.#agent,
      timeout: PATIENCE_MS,
      headers: { traceparent },
    });
    sent.on('response', (response) => {
      response.resume();
      response.on('end', () => tell((response.statusCode ?? 500) < 500));
      response.on('error', () => tell(false));
    });
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => tell(false));
    sent.end();
  }

  #pick(): string {
    let left = this.#random.next() * WEIGHTS;
    for (const { operation, weight } of MIX) {
      left -= weight;
      if (left < 0) return operation;
    }
    return MIX[0].operation;
  }

  #traceparent(sampled: boolean): string {
    const hex = (digits: number): string =>
      Array.from({ length: digits }, () => this.#random.below(16).toString(16)).join('');
    return `00-${hex(32)}-${hex(16)}-${sampled ? '01' : '00'}`;
  }
}
