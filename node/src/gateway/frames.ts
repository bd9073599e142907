/** What followers are sent. A block's frame is the same for all of them, so it is composed once. */
import type { z } from 'zod';
import type { streamSchemas } from '../protocol/api/index.ts';
import { STREAM_FRAMES_KEPT } from './constants.ts';
import { LruCache } from './lru.ts';
import type { ChainReads } from './reads.ts';
import type { LogComposer } from './views/log.ts';

export type StreamEvents = { readonly [E in keyof typeof streamSchemas]: z.infer<(typeof streamSchemas)[E]> };

/** An empty id makes a browser forget the last one. */
export function frameOf<E extends keyof StreamEvents>(event: E, data: StreamEvents[E], id?: number | ''): string {
  return `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;
}

export class BlockFrames {
  readonly #reads: ChainReads;
  readonly #log: LogComposer;
  readonly #kept = new LruCache<number, Promise<string>>(STREAM_FRAMES_KEPT);

  constructor(reads: ChainReads, log: LogComposer) {
    this.#reads = reads;
    this.#log = log;
  }

  /**
   * Lines and event of a final block. The lines come first and carry no id: who is cut off in between gets them again,
   * and never misses one. Rejects when the block cannot be read.
   */
  of(height: number): Promise<string> {
    return this.#kept.remember(height, async () => {
      const stored = await this.#reads.block(height);
      if (!stored) throw new Error('it is not in the store');
      const lines = await this.#log.linesOf(stored);
      const { block, hash } = stored;
      const { timestampMs } = block.header;
      const notice = { height, hash, transactionCount: block.transactions.length, timestampMs };
      return lines.map(({ item }) => frameOf('log', item)).join('') + frameOf('block', notice, height);
    });
  }
}
