/**
 * Which final blocks hold something. Most blocks of an idle chain are empty heartbeats; listings skip them, and each
 * is read only once to learn that.
 */
import type { StoredBlock } from '../ports/index.ts';
import { BUSY_HEIGHTS_MAX, SCAN_BLOCKS_AT_ONCE } from './constants.ts';
import type { ChainReads } from './reads.ts';

/** Blocks that one request may still read. */
export interface ScanBudget {
  left: number;
}

export class BusyBlocks {
  readonly #reads: ChainReads;
  /** Ascending, of the heights from `#low` to the newest final block. */
  #heights: number[] = [];
  #low: number;

  /** @param height of the newest final block */
  constructor(reads: ChainReads, height: number) {
    this.#reads = reads;
    this.#low = height + 1;
  }

  /** Takes in a block that has just become final; they come in order. */
  note({ block, receipts }: StoredBlock): void {
    if (receipts.length > 0) this.#heights.push(block.header.height);
    if (this.#heights.length <= BUSY_HEIGHTS_MAX) return;
    this.#heights.splice(0, BUSY_HEIGHTS_MAX / 2);
    this.#low = this.#heights[0] as number; // half of them are left
  }

  /**
   * The highest busy height below this one; undefined when there is none, or `budget` has come to its end before one
   * was found: `reached` then says down to where there is none.
   */
  async below(height: number, budget: ScanBudget): Promise<{ readonly found?: number; readonly reached: number }> {
    const known = height > this.#low ? this.#heights.findLast((one) => one < height) : undefined;
    if (known !== undefined) return { found: known, reached: known };
    let top = Math.min(height, this.#low);
    while (top > 1 && budget.left > 0) {
      const from = Math.max(1, top - SCAN_BLOCKS_AT_ONCE);
      const busy = await this.#scan(from, top);
      budget.left -= top - from;
      const found = busy.at(-1);
      if (found !== undefined) return { found, reached: found };
      top = from;
    }
    return { reached: top };
  }

  /** Busy heights from `from` to below `to`, remembered when they adjoin those that are. */
  async #scan(from: number, to: number): Promise<readonly number[]> {
    const heights = Array.from({ length: to - from }, (_, index) => from + index);
    const blocks = await Promise.all(heights.map((height) => this.#reads.block(height)));
    const busy = heights.filter((_, index) => (blocks[index]?.receipts.length ?? 0) > 0);
    if (to === this.#low && this.#heights.length + busy.length <= BUSY_HEIGHTS_MAX) {
      this.#heights = [...busy, ...this.#heights];
      this.#low = from;
    }
    return busy;
  }
}
