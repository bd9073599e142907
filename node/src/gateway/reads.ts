/** Final blocks by height, the newest of which are kept decoded. Block 0 is made of the genesis: no store holds it. */
import type { NodeView, StoredBlock } from '../ports/index.ts';
import { genesisHeaderOf } from '../protocol/audit/genesis-block.ts';
import { headerHash } from '../protocol/hashing.ts';
import { BLOCKS_KEPT } from './constants.ts';
import { LruCache } from './lru.ts';

export class ChainReads {
  readonly #node: NodeView;
  readonly #blocks = new LruCache<number, Promise<StoredBlock | undefined>>(BLOCKS_KEPT);
  #genesis: StoredBlock | undefined;

  constructor(node: NodeView) {
    this.#node = node;
  }

  /** The final block, or undefined when there is none of this height. */
  async block(height: number): Promise<StoredBlock | undefined> {
    if (height > this.#node.final().height) return undefined;
    if (height === 0) return this.genesis();
    return this.#blocks.remember(height, () => this.#node.store.blockAt(height));
  }

  /** Keeps a block that has just become final. */
  note(block: StoredBlock): void {
    this.#blocks.set(block.block.header.height, Promise.resolve(block));
  }

  /** Nobody signed block 0: it is final because everybody starts from it. */
  genesis(): StoredBlock {
    if (this.#genesis) return this.#genesis;
    const header = genesisHeaderOf(this.#node.genesis);
    const hash = headerHash(header);
    const certificate = { kind: 'finalize', epoch: 0, view: 0, block: hash, signers: [], signatures: [] } as const;
    this.#genesis = {
      block: { header, transactions: [] },
      hash,
      receipts: [],
      finality: { descendants: [], certificate },
    };
    return this.#genesis;
  }
}
