/** Who may be asked for blocks: how far each peer says it is, what it has been asked, and what came of asking it. */
import type { Clock, NodeKey } from '../ports/index.ts';
import { SYNC_BENCH_MS_MAX, SYNC_BENCH_MS_MIN, SYNC_RANGES_PER_PEER_MAX } from './constants.ts';

interface Bench {
  readonly times: number;
  /** Monotonic. */
  readonly untilMs: number;
}

export class SyncPeers {
  private readonly clock: Clock;
  /** Height that each connected peer has claimed. */
  private readonly claims = new Map<NodeKey, number>();
  private readonly underWay = new Map<NodeKey, number>();
  /** Outlives connections, so that connecting again clears nobody. */
  private readonly benched = new Map<NodeKey, Bench>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  heard(peer: NodeKey, height: number): void {
    this.claims.set(peer, height);
  }

  lost(peer: NodeKey): void {
    this.claims.delete(peer);
    const nowMs = this.clock.monotonicMs();
    for (const [key, { untilMs }] of this.benched) {
      if (untilMs <= nowMs && !this.claims.has(key)) this.benched.delete(key);
    }
  }

  private isBenched(peer: NodeKey): boolean {
    return (this.benched.get(peer)?.untilMs ?? 0) > this.clock.monotonicMs();
  }

  /** The greatest height that a peer claims which may be asked. */
  highest(): number {
    let highest = 0;
    for (const [peer, height] of this.claims) if (height > highest && !this.isBenched(peer)) highest = height;
    return highest;
  }

  /**
   * The peer to ask for the block at `height`: of those that claim to have it the one with the fewest questions.
   * @param urgent also one that has been asked as much as it should be
   */
  choose(height: number, urgent: boolean): NodeKey | undefined {
    let chosen: { readonly peer: NodeKey; readonly questions: number } | undefined;
    for (const [peer, claim] of this.claims) {
      const questions = this.underWay.get(peer) ?? 0;
      if (claim < height || this.isBenched(peer) || (!urgent && questions >= SYNC_RANGES_PER_PEER_MAX)) continue;
      if (!chosen || questions < chosen.questions) chosen = { peer, questions };
    }
    return chosen?.peer;
  }

  asked(peer: NodeKey): void {
    this.underWay.set(peer, (this.underWay.get(peer) ?? 0) + 1);
  }

  answered(peer: NodeKey): void {
    const left = (this.underWay.get(peer) ?? 1) - 1;
    if (left > 0) this.underWay.set(peer, left);
    else this.underWay.delete(peer);
  }

  /** What it gave was right. */
  praise(peer: NodeKey): void {
    this.benched.delete(peer);
  }

  /** It gave nothing in time, or nothing that can be true. */
  blame(peer: NodeKey, fault: 'silent' | 'wrong'): void {
    const times = (this.benched.get(peer)?.times ?? 0) + 1;
    const pauseMs = fault === 'wrong' ? SYNC_BENCH_MS_MAX : SYNC_BENCH_MS_MIN * 2 ** Math.min(times - 1, 10);
    const untilMs = this.clock.monotonicMs() + Math.min(pauseMs, SYNC_BENCH_MS_MAX);
    this.benched.set(peer, { times, untilMs });
  }

  /** When the first of the benched peers that claim more than `height` may be asked again; undefined when none does. */
  nextChanceMs(height: number): number | undefined {
    let first: number | undefined;
    for (const [peer, claim] of this.claims) {
      if (claim <= height || !this.isBenched(peer)) continue;
      const untilMs = this.benched.get(peer)?.untilMs ?? 0;
      first = Math.min(first ?? untilMs, untilMs);
    }
    return first;
  }
}
