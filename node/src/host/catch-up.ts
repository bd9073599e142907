/** Follows the peer that is furthest ahead until nobody is. One run at a time. */
import type { NodeKey, TelemetrySink } from '../ports/index.ts';
import type { Block, FinalityProof } from '../protocol/types.ts';
import { SYNC_BLOCKS_AT_ONCE, SYNC_RETRY_MS } from './constants.ts';
import type { PeersClient } from './peers-client.ts';
import type { Timers } from './timers.ts';

export interface CatchUpDependencies {
  readonly asking: PeersClient;
  readonly timers: Timers;
  readonly telemetry: TelemetrySink;
  /** Height of the newest final block. */
  readonly height: () => number;
  /** Verifies, executes and commits; refusing the blocks is not an error. */
  readonly adopt: (blocks: readonly Block[], finality: FinalityProof) => Promise<void>;
  /** True while something final is known that cannot be linked yet. */
  readonly isBehind: () => boolean;
  readonly onChange: () => void;
}

export class CatchUp {
  private readonly deps: CatchUpDependencies;
  private running = false;
  private stopped = false;

  constructor(deps: CatchUpDependencies) {
    this.deps = deps;
  }

  get active(): boolean {
    return this.running;
  }

  stop(): void {
    this.stopped = true;
  }

  start(): void {
    if (this.running || this.stopped) return;
    this.running = true;
    void this.follow()
      .catch((error) => this.deps.telemetry.log('error', 'sync failed', { error: String(error) }))
      .finally(() => {
        this.running = false;
        this.deps.onChange();
        // What is final somewhere and not linked here means that somebody is ahead: ask again soon.
        if (this.deps.isBehind()) this.deps.timers.after('sync', SYNC_RETRY_MS, () => this.start());
      });
  }

  private async follow(): Promise<void> {
    const { asking, height, adopt } = this.deps;
    // Peers whose claim came to nothing. Each is asked once a run, so that one that lies about its height, or answers
    // with blocks that nobody can verify, does not keep this node from the others.
    const fruitless = new Set<NodeKey>();
    for (;;) {
      const before = height();
      const ahead = await asking.ahead(before, fruitless);
      if (!ahead || this.stopped) return;
      const request = { type: 'blocks', fromHeight: before + 1, count: SYNC_BLOCKS_AT_ONCE } as const;
      const answer = await asking.ask(ahead.key, request);
      if (this.stopped) return;
      if (answer?.finality && answer.blocks.length > 0) await adopt(answer.blocks, answer.finality);
      if (height() === before) fruitless.add(ahead.key);
    }
  }
}
