/** What a composition root says to open the network. */
import type { Clock } from '../ports/clock.ts';
import type { Network, NodeKey } from '../ports/network.ts';
import type { TelemetrySink } from '../ports/telemetry.ts';

/** `local`: all nodes on one host. `wan`: every address is a different machine, until it proves otherwise. */
export type NetworkPreset = 'local' | 'wan';

export interface PeerAddress {
  readonly key: NodeKey;
  /** A multiaddr without a peer id: "/ip4/127.0.0.1/tcp/4101", "/dns4/node-1/tcp/4101". */
  readonly address: string;
}

export interface Libp2pNetworkConfig {
  /** This node's key, which is that of the seed: whoever signs with the seed has derived it already. */
  readonly key: NodeKey;
  /** 32 bytes, the ed25519 seed of the validator key. */
  readonly secretKey: Uint8Array;
  /** Port 0 takes a free one; `addresses()` tells which. */
  readonly listen: { readonly host: string; readonly port: number };
  /**
   * The members of the network, this node included when it is one. Of two members the one with the smaller key dials.
   * A node that is not on its own list is a follower: it dials everyone, syncs and gossips, and holds no consensus
   * streams.
   */
  readonly peers: readonly PeerAddress[];
  readonly chainId: string;
  /** Whether a member is heard on the consensus protocol now; epochs change it. */
  readonly isValidator: (key: NodeKey) => boolean;
  readonly preset: NetworkPreset;
  readonly telemetry: TelemetrySink;
  readonly clock: Clock;
  /** Uniform within 0 and 1, 1 excluded: the jitter of redials. */
  readonly random: () => number;
}

export interface Libp2pNetwork extends Network {
  /** Multiaddrs that this node listens on; empty while it is stopped. */
  addresses(): readonly string[];
  /**
   * Injects a network fault: connections with exactly these nodes end and none begins, until called again. Messages
   * still reach them through others where gossip has another way.
   */
  setBlocked(keys: Iterable<NodeKey>): void;
}
