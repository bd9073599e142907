/**
 * The standing of peers: each fault costs points, time forgives them, and too many at once end in a ban that grows from
 * one to the next. It knows keys only; who is cut off and how is the caller's business.
 */
import type { Clock } from '../ports/clock.ts';
import type { NodeKey, PeerFault } from '../ports/network.ts';
import {
  BAN_MEMORY_MS,
  BAN_MS_MAX,
  BAN_MS_MIN,
  BAN_POINTS,
  POINTS_FORGIVEN_PER_SECOND,
  STANDINGS_MAX,
} from './constants.ts';

/** What the network itself sees a peer do, beside what the host tells. */
export type NetworkFault = PeerFault | 'churn' | 'excess' | 'flood' | 'oversized' | 'stalled';

/** Points of one fault. A hundred end the connection. */
export const FAULT_POINTS: Readonly<Record<NetworkFault, number>> = {
  /** Another connection while one stands: a handshake each, and honest once when a machine has crashed. */
  churn: 5,
  /** A stream or request too many: an honest peer in haste does that too. */
  excess: 1,
  /** Bytes that no version of this software sends. */
  malformed: 25,
  /** A signature that does not hold, or a vote in the name of another. */
  invalid: 25,
  /** Kept waiting for the rest of a message, or never took an answer. */
  stalled: 25,
  /** Far above a rate that already forgives a burst. */
  flood: BAN_POINTS,
  /** Announced more than a message may have. */
  oversized: BAN_POINTS,
};

export interface Standing {
  /** Returns for how many milliseconds the peer is to be kept out, 0 for not at all. */
  blame(key: NodeKey, fault: NetworkFault): number;
}

interface Entry {
  points: number;
  updatedMs: number;
  bans: number;
  bannedAtMs: number;
}

export function createStanding(clock: Clock): Standing {
  /** In the order of the last fault. */
  const records = new Map<NodeKey, Entry>();

  const recordOf = (key: NodeKey, nowMs: number): Entry => {
    const known = records.get(key) ?? { points: 0, updatedMs: nowMs, bans: 0, bannedAtMs: nowMs };
    records.delete(key);
    records.set(key, known);
    for (const oldest of records.keys()) {
      if (records.size <= STANDINGS_MAX) break;
      records.delete(oldest);
    }
    return known;
  };

  return {
    blame(key, fault) {
      const nowMs = clock.monotonicMs();
      const record = recordOf(key, nowMs);
      const forgiven = ((nowMs - record.updatedMs) / 1_000) * POINTS_FORGIVEN_PER_SECOND;
      record.points = Math.max(0, record.points - forgiven) + FAULT_POINTS[fault];
      record.updatedMs = nowMs;
      if (record.points < BAN_POINTS) return 0;
      if (nowMs - record.bannedAtMs > BAN_MEMORY_MS) record.bans = 0;
      const banMs = Math.min(BAN_MS_MAX, BAN_MS_MIN * 2 ** record.bans);
      record.bans = Math.min(record.bans + 1, 10);
      record.points = 0;
      record.bannedAtMs = nowMs;
      return banMs;
    },
  };
}
