/** Who may be connected: members, a bounded number of followers, and nobody who is blocked or banned. */
import type { ConnectionGater, PeerId } from '@libp2p/interface';
import type { Clock } from '../ports/clock.ts';
import type { NodeKey } from '../ports/network.ts';
import { FOLLOWERS_MAX } from './constants.ts';
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
  /**
   * Keeps a peer out for a while. With the host it came from, strangers of that host stay out too: a key costs
   * nothing, an address does. Members are let in from anywhere, because they may share an address with a stranger.
   */
  ban(key: NodeKey, forMs: number, host?: string): void;
  isBanned(key: NodeKey): boolean;
  /** Lets nobody in any more. */
  shut(): void;
}

/** Keys or hosts, each until some monotonic millisecond. */
function bans(clock: Clock) {
  const untilMs = new Map<string, number>();
  return {
    has(name: string): boolean {
      const until = untilMs.get(name);
      if (until === undefined) return false;
      if (clock.monotonicMs() < until) return true;
      untilMs.delete(name);
      return false;
    },
    add(name: string, forMs: number): void {
      const nowMs = clock.monotonicMs();
      for (const [other, until] of untilMs) if (until <= nowMs) untilMs.delete(other);
      untilMs.set(name, nowMs + forMs);
    },
  };
}

/** The host of "/ip4/127.0.0.1/tcp/4101"; undefined where an address names none. */
export const hostOf = (address: { toString(): string }): string | undefined =>
  /^\/(?:ip4|ip6|dns4|dns6|dns)\/([^/]+)/.exec(address.toString())?.[1];

export function createGate({ isMember, connectedFollowers, clock }: GateOptions): Gate {
  let blocked: ReadonlySet<NodeKey> = new Set();
  let shut = false;
  const banned = bans(clock);
  const bannedHosts = bans(clock);

  const mayNotDial = (peer: PeerId): boolean => {
    const key = keyOf(peer);
    return shut || key === undefined || blocked.has(key) || banned.has(key);
  };
  const mayNotEnter = (peer: PeerId, host: string | undefined): boolean => {
    const key = keyOf(peer);
    if (mayNotDial(peer) || key === undefined) return true;
    if (isMember(key)) return false;
    return connectedFollowers() >= FOLLOWERS_MAX || (host !== undefined && bannedHosts.has(host));
  };

  return {
    gater: {
      denyInboundConnection: () => shut,
      denyDialPeer: mayNotDial,
      denyOutboundEncryptedConnection: mayNotDial,
      denyInboundEncryptedConnection: (peer, connection) => mayNotEnter(peer, hostOf(connection.remoteAddr)),
    },
    setBlocked: (keys) => {
      blocked = new Set(keys);
    },
    isBlocked: (key) => blocked.has(key),
    ban: (key, forMs, host) => {
      banned.add(key, forMs);
      if (host !== undefined) bannedHosts.add(host, forMs);
    },
    isBanned: (key) => banned.has(key),
    shut: () => {
      shut = true;
    },
  };
}
