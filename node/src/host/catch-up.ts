/**
 * Catches up with peers that are ahead, and follows them: fetches ranges of final blocks from several at a time
 * (`range-fetcher.ts`), adopts them in order, and stops asking for a while whoever gives nothing or what cannot be
 * verified (`sync-peers.ts`). One run at a time. It goes on where the last commit ended, so a restart costs nothing.
 */
import type { Clock, NodeKey, TelemetrySink } from '../ports/index.ts';
import { ANNOUNCEMENT_SILENCE_MS, SYNC_NEAR_BLOCKS, SYNC_RETRY_MS } from './constants.ts';
import type { BlockRange, PeersClient } from './peers-client.ts';
import { RangeFetcher } from './range-fetcher.ts';
import { SyncPeers } from './sync-peers.ts';
import type { Timers } from './timers.ts';

export interface CatchUpDependencies {
  readonly asking: Pick<PeersClient, 'peers' | 'height' | 'range'>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly telemetry: TelemetrySink;
  /** Height of the newest final block. */
  readonly height: () => number;
  /** Fetches what belongs to the blocks and is not in them. */
  readonly gather: (range: BlockRange) => Promise<void>;
  /** Verifies, executes and commits; refusing the blocks is not an error. */
  readonly adopt: (range: BlockRange) => Promise<void>;
  /** True while something final is known that cannot be linked yet. */
  readonly isBehind: () => boolean;
  readonly onChange: () => void;
}

export class CatchUp {
  private readonly deps: CatchUpDependencies;
  private readonly peers: SyncPeers;
  /** Peers that have not yet answered where they stand: who is behind hears so with every certificate, and asks once. */
  private readonly questioned = new Set<NodeKey>();
  /** The greatest height that was claimed when nobody asked owed an answer for the first time; the tip moves on. */
  private goal: number | undefined;
  /** False until this node has once reached that. */
  private hasFollowed = false;
  private running = false;
  private stopped = false;
  private announcedAtMs = Number.NEGATIVE_INFINITY;

  constructor(deps: CatchUpDependencies) {
    this.deps = deps;
    this.peers = new SyncPeers(deps.clock);
  }

  /** Whether this node is, or may be, so far behind that what it shows is old. */
  get active(): boolean {
    if (!this.hasFollowed && (this.running || this.questioned.size > 0)) return true;
    return this.running && this.peers.highest() > this.deps.height() + SYNC_NEAR_BLOCKS;
  }

  stop(): void {
    this.stopped = true;
  }

  /** Asks one peer, or all, where they stand; none of them twice at once. */
  start(peer: NodeKey | null = null): void {
    if (this.stopped) return;
    const { asking } = this.deps;
    for (const key of peer === null ? asking.peers() : [peer]) {
      if (this.questioned.has(key)) continue;
      this.questioned.add(key);
      void asking.height(key).then((height) => {
        this.questioned.delete(key);
        if (height !== undefined) this.hear(key, height);
        this.settle();
      });
    }
    if (this.questioned.size === 0) this.settle();
  }

  /** A peer says how far it is. */
  hear(peer: NodeKey, height: number): void {
    this.peers.heard(peer, height);
    if (height > this.deps.height()) this.run();
  }

  /** A member says so unasked, as it does of every block to whoever is no member. */
  announced(peer: NodeKey, height: number): void {
    this.announcedAtMs = this.deps.clock.monotonicMs();
    this.hear(peer, height);
  }

  /** True while members tell how far they are: asking would only repeat it. */
  get isTold(): boolean {
    return this.deps.clock.monotonicMs() - this.announcedAtMs < ANNOUNCEMENT_SILENCE_MS;
  }

  lost(peer: NodeKey): void {
    this.peers.lost(peer);
  }

  private run(): void {
    if (this.running || this.stopped) return;
    this.running = true;
    void this.follow()
      .catch((error) => {
        if (!this.stopped) this.deps.telemetry.log('error', 'sync failed', { error: String(error) });
      })
      .finally(() => {
        this.running = false;
        this.settle();
      });
  }

  private async follow(): Promise<void> {
    const { height, adopt, gather } = this.deps;
    const fetcher = new RangeFetcher(this.deps.asking, this.peers, height() + 1);
    for (;;) {
      const range = await fetcher.next();
      if (!range || this.stopped) return;
      const last = range.from + range.blocks.length - 1;
      // Meanwhile consensus may have brought the same blocks.
      if (height() < last) {
        await gather(range);
        await adopt(range);
      }
      if (this.stopped) return;
      if (height() >= last) {
        this.peers.praise(range.peer);
        this.noteFollowing();
      } else {
        this.peers.blame(range.peer, 'wrong');
        fetcher.again(range);
      }
    }
  }

  private noteFollowing(): void {
    if (this.hasFollowed || this.stopped) return;
    const highest = this.peers.highest();
    if (this.questioned.size === 0) this.goal ??= highest;
    if (this.goal === undefined || this.deps.height() < Math.min(this.goal, highest)) return;
    this.hasFollowed = true;
    this.deps.onChange();
  }

  /** Nothing more can be had now: whatever is still known to be ahead is a reason to ask again later. */
  private settle(): void {
    this.noteFollowing();
    if (this.running || this.stopped) return;
    const { timers, clock, height, isBehind } = this.deps;
    const chanceMs = this.peers.nextChanceMs(height());
    if (!isBehind() && chanceMs === undefined && this.peers.highest() <= height()) return;
    const soonMs = isBehind() ? SYNC_RETRY_MS : (chanceMs ?? 0) - clock.monotonicMs();
    timers.after('sync', Math.max(SYNC_RETRY_MS, soonMs), () => this.start());
  }
}
