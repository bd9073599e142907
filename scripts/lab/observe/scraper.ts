/** Scrapes every service of the lab once a second and derives what it tells, over a sliding window. */
import { type Derived, derive, isWanted } from './derive.ts';
import { parseExposition, type Sample } from './exposition.ts';

export const SCRAPE_EVERY_MS = 1_000;
const SCRAPE_TIMEOUT_MS = 900;
/** Rates are taken over this many scrapes: fewer requests than that make noise. */
const RATE_SCRAPES = 5;

export type Row = { readonly atMs: number; readonly node: string; readonly values: Derived };

type Scrape = { readonly atMs: number; readonly samples: readonly Sample[] };

export class Scraper {
  readonly #addresses: Readonly<Record<string, string>>;
  readonly #onRow: (row: Row) => void;
  readonly #history = new Map<string, Scrape[]>();
  #timer: NodeJS.Timeout | undefined;
  #lastMs = 0;

  constructor(addresses: Readonly<Record<string, string>>, onRow: (row: Row) => void) {
    this.#addresses = addresses;
    this.#onRow = onRow;
  }

  /** Scrapes at full seconds. */
  start(): void {
    const dueMs = Math.max(this.#lastMs, Math.floor(Date.now() / SCRAPE_EVERY_MS) * SCRAPE_EVERY_MS) + SCRAPE_EVERY_MS;
    this.#timer = setTimeout(() => {
      // A late timer skips what it has missed: two scrapes are never of one time.
      const atMs = Math.max(dueMs, Math.floor(Date.now() / SCRAPE_EVERY_MS) * SCRAPE_EVERY_MS);
      this.#lastMs = atMs;
      for (const [node, url] of Object.entries(this.#addresses)) void this.#scrape(node, url, atMs);
      this.start();
    }, dueMs - Date.now());
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  async #scrape(node: string, url: string, atMs: number): Promise<void> {
    try {
      const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(SCRAPE_TIMEOUT_MS) });
      const samples = parseExposition(await answer.text(), isWanted);
      const history = this.#history.get(node) ?? [];
      const oldest = history[0];
      this.#history.set(node, [...history, { atMs, samples }].slice(-RATE_SCRAPES));
      const values = oldest === undefined ? {} : derive(oldest.samples, samples, (atMs - oldest.atMs) / 1_000);
      this.#onRow({ atMs, node, values: { availability: 1, ...values } });
    } catch {
      // What was not answered was not observed; that nobody answered was.
      this.#history.delete(node);
      this.#onRow({ atMs, node, values: { availability: 0 } });
    }
  }
}
