/** A map of bounded size that forgets what was not asked for the longest. */
export class LruCache<K, V> {
  readonly #entries = new Map<K, V>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  get(key: K): V | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  set(key: K, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#max) return;
    const [oldest] = this.#entries.keys();
    this.#entries.delete(oldest as K); // there are more than `max` entries
  }

  delete(key: K): void {
    this.#entries.delete(key);
  }

  /** The value, made when it is not there. What was asked for twice is made once; what failed is made again. */
  remember<T>(this: LruCache<K, Promise<T>>, key: K, make: () => Promise<T>): Promise<T> {
    const known = this.get(key);
    if (known) return known;
    const made = make();
    this.set(key, made);
    made.catch(() => this.delete(key));
    return made;
  }
}
