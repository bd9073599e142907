/** What a chain does, as it comes over a node's stream: a test waits for it, and looks again when something happened. */
import type { ApiClient } from '@dao-gov/node/client';
import type { LogLine } from '@dao-gov/node/protocol';

/** Generous: machines are shared, and nothing here asserts speed. */
const PATIENCE_MS = 300_000;

export class ChainWatch {
  /** Everything that the stream told, by its id: after a reconnection a line may come again. */
  readonly #lines = new Map<string, LogLine>();
  readonly #close: () => void;
  readonly #waiting = new Set<() => void>();
  /** Counts what came, so that nothing is lost between looking and waiting. */
  #pulse = 0;
  #height = 0;

  /** Resolves when the stream is open: what happens from then on is told. */
  static async open(client: ApiClient): Promise<ChainWatch> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const watch = new ChainWatch(client, resolve);
    await promise;
    return watch;
  }

  private constructor(client: ApiClient, onOpen: () => void) {
    this.#close = client.stream({
      onOpen,
      onBlock: ({ height }) => {
        this.#height = height;
        this.#wake();
      },
      onLog: (line) => {
        this.#lines.set(line.id, line);
        this.#wake();
      },
    });
  }

  close(): void {
    this.#close();
  }

  /** Lines of this event so far, oldest first. */
  events(name: string): readonly LogLine[] {
    return [...this.#lines.values()].filter(({ event }) => event === name);
  }

  /** Resolves with the first line of this event that has this data, whether it was told already or not. */
  event(name: string, data: Readonly<Record<string, unknown>> = {}): Promise<LogLine> {
    const wanted = Object.entries(data);
    return this.until(`${name} ${JSON.stringify(data)}`, async () =>
      this.events(name).find((line) => wanted.every(([key, value]) => line.data[key] === value)),
    );
  }

  /** Resolves when this node has the block too: what was final at another may come here a moment later. */
  async reached(height: number): Promise<void> {
    await this.until(`block ${height}`, async () => this.#height >= height);
  }

  /** Looks now and after everything that happens, until there is a value. @throws Error when that takes too long */
  async until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
    const expiry = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const seen = this.#pulse;
      const value = await look();
      if (value !== undefined && value !== false) return value;
      await this.#next(seen, expiry);
      if (expiry.aborted) throw new Error(`${what}: not within ${PATIENCE_MS / 1_000} s`);
    }
  }

  #next(seen: number, expiry: AbortSignal): Promise<void> {
    if (this.#pulse > seen || expiry.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        this.#waiting.delete(end);
        expiry.removeEventListener('abort', end);
        resolve();
      };
      this.#waiting.add(end);
      expiry.addEventListener('abort', end);
    });
  }

  #wake(): void {
    this.#pulse += 1;
    for (const end of [...this.#waiting]) end();
  }
}
