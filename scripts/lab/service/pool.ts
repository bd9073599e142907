/** A bounded set of connections with a first-come queue: what database clients put in front of every statement. */

export class PoolTimeoutError extends Error {
  override readonly name = 'PoolTimeoutError';
}

type Waiter = { readonly take: () => void };

export class Pool {
  readonly max: number;
  readonly #timeoutMs: number;
  readonly #waiters: Waiter[] = [];
  #used = 0;
  #leaked = 0;

  constructor(max: number, timeoutMs: number) {
    this.max = max;
    this.#timeoutMs = timeoutMs;
  }

  get used(): number {
    return this.#used;
  }

  get pending(): number {
    return this.#waiters.length;
  }

  /** Gives a function that gives the connection back. @throws PoolTimeoutError */
  async acquire(): Promise<() => void> {
    if (this.#used < this.max) this.#used += 1;
    else await this.#wait();
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.#release();
    };
  }

  /** Takes a connection for good, if one is free. */
  leak(): void {
    if (this.#used >= this.max) return;
    this.#used += 1;
    this.#leaked += 1;
  }

  /** Gives back all that was leaked. */
  mend(): void {
    for (; this.#leaked > 0; this.#leaked -= 1) this.#release();
  }

  #release(): void {
    const next = this.#waiters.shift();
    // A connection goes straight to whoever waits longest.
    if (next) next.take();
    else this.#used -= 1;
  }

  #wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(new PoolTimeoutError(`no connection within ${this.#timeoutMs} ms, ${this.max} in use`));
      }, this.#timeoutMs);
      const waiter: Waiter = {
        take: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      this.#waiters.push(waiter);
    });
  }
}
