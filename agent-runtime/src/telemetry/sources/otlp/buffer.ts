/** What a receiver holds: the newest records, bounded; older ones are dropped and counted. */

export class RecentRecords<Item> {
  readonly #max: number;
  readonly #timeOf: (item: Item) => number;
  #items: Item[] = [];
  #dropped = 0;

  /** @param timeOf milliseconds since the Unix epoch */
  constructor(max: number, timeOf: (item: Item) => number) {
    this.#max = max;
    this.#timeOf = timeOf;
  }

  get size(): number {
    return Math.min(this.#items.length, this.#max);
  }

  get dropped(): number {
    return this.#dropped + Math.max(0, this.#items.length - this.#max);
  }

  add(items: readonly Item[]): void {
    for (const item of items) this.#items.push(item);
    // Cut in large pieces: moving an array for every span would cost more than the spans.
    if (this.#items.length <= this.#max * 1.25) return;
    this.#dropped += this.#items.length - this.#max;
    this.#items = this.#items.slice(-this.#max);
  }

  /** Records whose time lies in the closed interval, in the order of arrival. */
  between(fromMs: number, toMs: number): readonly Item[] {
    return this.#items.slice(-this.#max).filter((item) => {
      const atMs = this.#timeOf(item);
      return atMs >= fromMs && atMs <= toMs;
    });
  }

  clear(): void {
    this.#items = [];
  }
}
