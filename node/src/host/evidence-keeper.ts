/** Keeps the evidence of every block that this node vouches for or holds as final. */
import type { ChainStore } from '../ports/index.ts';
import type { Block, Hash } from '../protocol/types.ts';
import { EVIDENCE_RETRY_MS } from './constants.ts';
import type { Mempool } from './mempool.ts';
import type { PeersClient } from './peers-client.ts';
import type { Timers } from './timers.ts';

/** Blobs of final blocks that are asked for in one go. */
const FETCH_AT_ONCE = 64;

const evidenceOf = (block: Block): readonly Hash[] => block.transactions.flatMap(({ evidence }) => evidence);

interface EvidenceParts {
  readonly store: ChainStore;
  readonly pool: Mempool;
  readonly asking: PeersClient;
  readonly timers: Timers;
}

export class EvidenceKeeper {
  private readonly store: ChainStore;
  private readonly pool: Mempool;
  private readonly asking: PeersClient;
  private readonly timers: Timers;
  /** Evidence of final blocks that is not held yet. */
  private readonly missing = new Set<Hash>();
  private readonly onFatal: (error: unknown) => void;
  private stopped = false;

  /** @param onFatal told when fetched evidence cannot be written */
  constructor(parts: EvidenceParts, onFatal: (error: unknown) => void) {
    this.store = parts.store;
    this.pool = parts.pool;
    this.asking = parts.asking;
    this.timers = parts.timers;
    this.onFatal = onFatal;
  }

  /** The store may be closed from here on; what is missing is noted again after the next start. */
  stop(): void {
    this.stopped = true;
  }

  /** What of a block's evidence is neither waiting in the pool nor on disk. */
  async lacking(block: Block): Promise<Hash[]> {
    const lacking: Hash[] = [];
    for (const hash of evidenceOf(block)) {
      if (!this.pool.blob(hash) && !(await this.store.hasEvidence(hash))) lacking.push(hash);
    }
    return lacking;
  }

  /** Moves a block's evidence from the pool to disk, synced. */
  async keep(block: Block): Promise<void> {
    const blobs = new Map<Hash, Uint8Array>();
    for (const hash of evidenceOf(block)) {
      const blob = this.pool.blob(hash);
      if (blob && !(await this.store.hasEvidence(hash))) blobs.set(hash, blob);
    }
    if (blobs.size > 0) await this.store.putEvidence(blobs);
  }

  /** Every node stores all evidence; what a synced block refers to is fetched beside the chain. */
  async noteFinal(blocks: readonly Block[]): Promise<void> {
    for (const block of blocks) for (const hash of await this.lacking(block)) this.missing.add(hash);
    if (this.missing.size > 0 && !this.timers.has('evidence')) this.fetchAfter(0);
  }

  private fetchAfter(pauseMs: number): void {
    this.timers.after('evidence', pauseMs, () => {
      void this.fetchMissing().then((found) => {
        if (this.missing.size > 0 && !this.stopped) this.fetchAfter(found > 0 ? 0 : EVIDENCE_RETRY_MS);
      });
    });
  }

  private async fetchMissing(): Promise<number> {
    const found = await this.asking.evidence([...this.missing].slice(0, FETCH_AT_ONCE), null);
    try {
      await this.store.putEvidence(found);
    } catch (error) {
      if (!this.stopped) this.onFatal(error);
      return 0;
    }
    for (const hash of found.keys()) this.missing.delete(hash);
    return found.size;
  }
}
