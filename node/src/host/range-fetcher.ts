/**
 * Fetches consecutive ranges of blocks from several peers at a time and hands them out in order. How many are under way
 * or waiting is bounded by number and bytes; what one peer does not give is asked of the next.
 */
import { SYNC_AHEAD_BYTES_MAX, SYNC_ANSWER_BYTES_MAX, SYNC_BLOCKS_AT_ONCE, SYNC_RANGES_MAX } from './constants.ts';
import type { BlockRange, PeersClient } from './peers-client.ts';
import type { SyncPeers } from './sync-peers.ts';

interface Slot {
  readonly from: number;
  readonly count: number;
  /** Undefined while nobody is asked. */
  arriving: Promise<BlockRange | undefined> | undefined;
  arrived: BlockRange | undefined;
}

const emptySlot = (from: number, count: number): Slot => ({ from, count, arriving: undefined, arrived: undefined });

export class RangeFetcher {
  private readonly asking: Pick<PeersClient, 'range'>;
  private readonly peers: SyncPeers;
  /** Without gaps, lowest first. */
  private readonly slots: Slot[] = [];
  /** First height that no slot covers. */
  private end: number;
  /** Bytes of the largest answer so far: what one that is under way may bring. */
  private bytesExpected = 0;

  /** @param from height of the first block to fetch */
  constructor(asking: Pick<PeersClient, 'range'>, peers: SyncPeers, from: number) {
    this.asking = asking;
    this.peers = peers;
    this.end = from;
  }

  /** The next range; undefined when no peer can give it. */
  async next(): Promise<BlockRange | undefined> {
    for (;;) {
      this.fill();
      const slot = this.slots[0];
      if (!slot) return undefined;
      // What everything else waits for may be asked of a peer that is busy.
      if (!slot.arriving && !this.ask(slot, true)) return undefined;
      const range = await slot.arriving;
      if (!range) continue;
      this.slots.shift();
      const missing = slot.count - range.blocks.length;
      if (missing > 0) this.slots.unshift(emptySlot(slot.from + range.blocks.length, missing));
      this.fill();
      return range;
    }
  }

  /** The range was no good: it is fetched again, of somebody else. */
  again({ from, blocks }: BlockRange): void {
    this.slots.unshift(emptySlot(from, blocks.length));
  }

  /** Asks for as much as may be under way. */
  private fill(): void {
    for (const slot of this.slots) if (!slot.arriving && !this.ask(slot, false)) return;
    while (this.slots.length < SYNC_RANGES_MAX && this.hasRoom()) {
      const count = Math.min(SYNC_BLOCKS_AT_ONCE, this.peers.highest() - this.end + 1);
      const slot = emptySlot(this.end, count);
      if (count <= 0 || !this.ask(slot, this.slots.length === 0)) return;
      this.slots.push(slot);
      this.end += count;
    }
  }

  private hasRoom(): boolean {
    if (this.slots.length === 0) return true;
    const expected = Math.min(this.bytesExpected, SYNC_ANSWER_BYTES_MAX);
    const held = this.slots.reduce((sum, { arrived }) => sum + (arrived?.bytes ?? expected), 0);
    return held + expected <= SYNC_AHEAD_BYTES_MAX;
  }

  /** False when no peer may be asked for it. */
  private ask(slot: Slot, urgent: boolean): boolean {
    const peer = this.peers.choose(slot.from, urgent);
    if (peer === undefined) return false;
    this.peers.asked(peer);
    slot.arriving = this.asking.range(peer, slot.from, slot.count).then((range) => {
      this.peers.answered(peer);
      slot.arrived = range;
      if (range) {
        this.bytesExpected = Math.max(this.bytesExpected, range.bytes);
      } else {
        slot.arriving = undefined;
        this.peers.blame(peer, 'silent');
      }
      return range;
    });
    return true;
  }
}
