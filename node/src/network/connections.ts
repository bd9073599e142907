/**
 * The connections of this node by the keys of the peers: who is here, who came and went, and whether each connection
 * is still good. One peer has one connection; a second one means that the peer has given up the first.
 */
import type { Connection, PeerId } from '@libp2p/interface';
import type { Clock } from '../ports/clock.ts';
import type { NodeKey, PeerInfo } from '../ports/network.ts';
import { withoutPeer } from './addresses.ts';
import { HEALTH_CHECK_MS, HEALTH_GRACE_MS } from './constants.ts';
import { hostOf } from './gate.ts';
import { keyOf } from './identity.ts';
import type { Node } from './node.ts';

export interface ConnectionsOptions {
  readonly node: Node;
  readonly clock: Clock;
  readonly onConnected: (key: NodeKey, connection: Connection) => void;
  readonly onDisconnected: (key: NodeKey) => void;
  /** A peer opened another connection while it had one. */
  readonly onSecond: (key: NodeKey) => void;
  /** A connection was cut for a reason that people may want to know. */
  readonly onCut: (key: NodeKey, reason: string) => void;
}

export interface Connections {
  peers(): readonly PeerInfo[];
  /** The open connection to a peer. */
  to(key: NodeKey): Connection | undefined;
  /** The host that a peer is connected from. */
  hostOf(key: NodeKey): string | undefined;
  cut(key: NodeKey, reason: string): void;
  /** Ends the watching, not the connections. */
  stop(): void;
}

const GOSSIP_PROTOCOL = '/meshsub/';
export const carriesGossip = ({ streams }: Connection): boolean =>
  streams.some(({ direction, protocol }) => direction === 'outbound' && protocol.startsWith(GOSSIP_PROTOCOL));

const describe = (key: NodeKey, { remoteAddr, direction }: Connection, clock: Clock): PeerInfo => ({
  key,
  address: withoutPeer(remoteAddr),
  direction,
  connectedAtMs: clock.wallMs(),
});

export function watchConnections(options: ConnectionsOptions): Connections {
  const { node, clock, onConnected, onDisconnected, onSecond, onCut } = options;
  const peers = new Map<NodeKey, PeerInfo>();
  /** Monotonic milliseconds at which each connection, by its id, was seen to open. */
  const openedAtMs = new Map<string, number>();
  let watching = true;

  const openConnections = (peer?: PeerId): readonly Connection[] =>
    node.getConnections(peer).filter(({ status }) => status === 'open');
  const cutAll = (peer: PeerId, reason: string): void => {
    for (const connection of node.getConnections(peer)) connection.abort(new Error(reason));
  };

  const onOpen = ({ detail: connection }: CustomEvent<Connection>): void => {
    openedAtMs.set(connection.id, clock.monotonicMs());
    const others = openConnections(connection.remotePeer).filter(({ id }) => id !== connection.id);
    if (others.length === 0) return;
    // Streams, gossip and queues hang on the old connection: starting afresh is simpler than moving them, and quick.
    cutAll(connection.remotePeer, 'superseded by another connection of the same peer');
    connection.abort(new Error('a leftover connection of the same peer had to go first'));
    const key = keyOf(connection.remotePeer);
    if (key !== undefined) onSecond(key);
  };
  const onClose = ({ detail: { id } }: CustomEvent<Connection>): void => {
    openedAtMs.delete(id);
  };
  const onPeerConnect = ({ detail: peer }: CustomEvent<PeerId>): void => {
    const key = keyOf(peer);
    const [connection] = openConnections(peer);
    if (key === undefined || !connection || peers.has(key)) return;
    peers.set(key, describe(key, connection, clock));
    onConnected(key, connection);
  };
  const onPeerDisconnect = ({ detail: peer }: CustomEvent<PeerId>): void => {
    const key = keyOf(peer);
    if (key !== undefined && peers.delete(key)) onDisconnected(key);
  };

  /** Gossipsub opens its stream once a connection; where it broke, or the peer speaks another chain, it stays silent. */
  const checkHealth = (): void => {
    const nowMs = clock.monotonicMs();
    for (const connection of node.getConnections()) {
      const ageMs = nowMs - (openedAtMs.get(connection.id) ?? nowMs);
      if (connection.status !== 'open' || ageMs < HEALTH_GRACE_MS || carriesGossip(connection)) continue;
      onCut(keyOf(connection.remotePeer) ?? '', 'carries no gossip');
      connection.abort(new Error('carries no gossip'));
    }
  };
  let cancelCheck = (): void => {};
  const checkLater = (): void => {
    cancelCheck = clock.at(clock.monotonicMs() + HEALTH_CHECK_MS, () => {
      if (!watching) return;
      checkHealth();
      checkLater();
    });
  };

  node.addEventListener('connection:open', onOpen);
  node.addEventListener('connection:close', onClose);
  node.addEventListener('peer:connect', onPeerConnect);
  node.addEventListener('peer:disconnect', onPeerDisconnect);
  checkLater();

  return {
    peers: () => [...peers.values()],
    to: (key) => openConnections().find(({ remotePeer }) => keyOf(remotePeer) === key),
    hostOf: (key) => {
      const connection = node.getConnections().find(({ remotePeer }) => keyOf(remotePeer) === key);
      return connection && hostOf(connection.remoteAddr);
    },
    cut: (key, reason) => {
      for (const connection of node.getConnections()) {
        if (keyOf(connection.remotePeer) === key) connection.abort(new Error(reason));
      }
    },
    stop: () => {
      watching = false;
      cancelCheck();
      node.removeEventListener('connection:open', onOpen);
      node.removeEventListener('connection:close', onClose);
      node.removeEventListener('peer:connect', onPeerConnect);
      node.removeEventListener('peer:disconnect', onPeerDisconnect);
      peers.clear();
    },
  };
}
