/** Who may be connected: members, a bounded number of followers, and nobody who is blocked or has just misbehaved. */
import type { ConnectionGater, PeerId } from '@libp2p/interface';
import type { Clock } from '../ports/clock.ts';
import type { NodeKey } from '../ports/network.ts';
import { FOLLOWERS_MAX, PUNISHMENT_MS } from './constants.ts';
import { keyOf } from './identity.ts';

export interface GateOptions {
  readonly isMember: (key: NodeKey) => boolean;
  readonly connectedFollowers: () => number;
  readonly clock: Clock;
}

export interface Gate {
  readonly gater: ConnectionGater;
  setBlocked(keys: Iterable<NodeKey>): void;
  isBlocked(key: NodeKey): boolean;
  /** Keeps a peer out for a while. */
  punish(key: NodeKey): void;
  /** Lets nobody in any more. */
  shut(): void;
}

export function createGate({ isMember, connectedFollowers, clock }: GateOptions): Gate {
  let blocked: ReadonlySet<NodeKey> = new Set();
  let shut = false;
  /** Until when, in monotonic milliseconds. */
  const punished = new Map<NodeKey, number>();

  const isPunished = (key: NodeKey): boolean => {
    const untilMs = punished.get(key);
    if (untilMs === undefined) return false;
    if (clock.monotonicMs() < untilMs) return true;
    punished.delete(key);
    return false;
  };
  const mayNotDial = (peer: PeerId): boolean => {
    const key = keyOf(peer);
    return shut || key === undefined || blocked.has(key) || isPunished(key);
  };
  const mayNotEnter = (peer: PeerId): boolean => {
    const key = keyOf(peer);
    if (mayNotDial(peer) || key === undefined) return true;
    return !isMember(key) && connectedFollowers() >= FOLLOWERS_MAX;
  };

  return {
    gater: {
      denyInboundConnection: () => shut,
      denyDialPeer: mayNotDial,
      denyOutboundEncryptedConnection: mayNotDial,
      denyInboundEncryptedConnection: mayNotEnter,
    },
    setBlocked: (keys) => {
      blocked = new Set(keys);
    },
    isBlocked: (key) => blocked.has(key),
    punish: (key) => {
      const nowMs = clock.monotonicMs();
      for (const [other, untilMs] of punished) if (untilMs <= nowMs) punished.delete(other);
      punished.set(key, nowMs + PUNISHMENT_MS);
    },
    shut: () => {
      shut = true;
    },
  };
}
