/** What is seen of a running lab, kept for a while: whoever wants a stretch of time cuts it out afterwards. */
import type { Span } from '@dao-gov/agent-runtime/telemetry';
import type { Lab } from '../lab.ts';
import { ENTRY } from '../system.ts';
import type { Observed } from './capture-writer.ts';
import { type Row, Scraper } from './scraper.ts';

/** What is watched of a lab. */
export type Watched = Pick<Lab, 'addresses' | 'collector'>;

export class Observation {
  readonly #lab: Watched;
  readonly #keepMs: number;
  readonly #scraper: Scraper;
  readonly #down = new Set<string>();
  #rows: Row[] = [];

  /** @param keepMs how long rows of metrics are kept; spans and logs stay with the lab's receiver */
  constructor(lab: Watched, keepMs: number) {
    this.#lab = lab;
    this.#keepMs = keepMs;
    this.#scraper = new Scraper(lab.addresses, (row) => this.#add(row));
    this.#scraper.start();
  }

  stop(): void {
    this.#scraper.stop();
  }

  /** Services that did not answer the last scrape. */
  get down(): readonly string[] {
    return [...this.#down];
  }

  /** Newest value of a metric; undefined when its service has none. */
  latest(node: string, metric: string): number | undefined {
    return this.#rows.findLast((row) => row.node === node)?.values[metric];
  }

  /** What was seen in the closed interval; exporters send once a second, so ask a moment later. */
  cut(fromMs: number, toMs: number): Observed {
    return {
      rows: this.#rows.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs),
      spans: withRoots(this.#lab.collector.spans.between(fromMs, toMs)),
      logs: this.#lab.collector.logs.between(fromMs, toMs),
    };
  }

  /** Nobody will ask for what has been seen so far. */
  forget(): void {
    this.#rows = [];
    this.#lab.collector.spans.clear();
    this.#lab.collector.logs.clear();
  }

  #add(row: Row): void {
    if (row.values.availability === 1) this.#down.delete(row.node);
    else this.#down.add(row.node);
    const oldest = this.#rows[0]?.atMs ?? row.atMs;
    this.#rows.push(row);
    // Cut in large pieces: moving the array for every row would cost more than the rows.
    if (row.atMs - oldest > 2 * this.#keepMs) {
      this.#rows = this.#rows.filter(({ atMs }) => atMs > row.atMs - this.#keepMs);
    }
  }
}

/** The user's own span is nowhere: what the entry serves is where a trace begins. */
function withRoots(spans: readonly Span[]): readonly Span[] {
  const known = new Set(spans.map(({ spanId }) => spanId));
  return spans.map((span) =>
    span.node === ENTRY && span.parentSpanId !== null && !known.has(span.parentSpanId)
      ? { ...span, parentSpanId: null }
      : span,
  );
}
