/**
 * The `Network` port inside one process: nodes join a hub, and a rule decides when each message arrives, if at all.
 * Everything happens on the given clock and in the order of sending, so a manual clock makes a run repeatable.
 */
import type { Clock } from '../ports/clock.ts';
import {
  type Network,
  NetworkError,
  type NetworkErrorCode,
  type NetworkHandlers,
  type NodeKey,
  type PeerInfo,
} from '../ports/network.ts';
import { PEER_MESSAGE_BYTES_MAX } from '../protocol/constants.ts';
import { hashBytes } from '../protocol/hashing.ts';

export interface MemoryMessage {
  readonly from: NodeKey;
  readonly to: NodeKey;
  readonly kind: 'consensus' | 'announcement' | 'transaction' | 'sync-request' | 'sync-response';
  readonly bytes: Uint8Array;
}

/** Milliseconds until it arrives, or lost. Messages of one kind never overtake each other on their way to one peer. */
export type Fate = number | 'lost';

export interface MemoryHubOptions {
  readonly clock: Clock;
  /** Who may speak consensus; the others follow. Every node when absent. */
  readonly isMember?: (key: NodeKey) => boolean;
  /** Whether a member is heard on the consensus protocol now. Always when absent. */
  readonly isValidator?: (key: NodeKey) => boolean;
  /** Whether two nodes know each other's address. Always when absent. */
  readonly areLinked?: (a: NodeKey, b: NodeKey) => boolean;
  /** Asked once for each message, in the order of sending. Everything arrives at once when absent. */
  readonly fate?: (message: MemoryMessage) => Fate;
}

export interface MemoryHub {
  /** A node that is not started yet. A key joins once; its network may be stopped and started again. */
  join(key: NodeKey): Network;
  /** Cuts the connections between nodes of different groups. A node in no group is alone. */
  partition(groups: readonly (readonly NodeKey[])[]): void;
  /** Ends every partition: nodes connect again. */
  heal(): void;
}

type Send = (message: MemoryMessage, deliver: () => void) => void;

interface Waiting {
  readonly fail: (code: NetworkErrorCode) => void;
}

/** A connection between two nodes that run. What is under way on it is lost when it ends. */
interface Link {
  readonly ends: readonly [MemoryNode, MemoryNode];
  readonly send: Send;
  readonly requests: Set<Waiting>;
  isOpen: boolean;
}

interface MemoryNode {
  readonly key: NodeKey;
  readonly links: Map<NodeKey, Link>;
  readonly peers: Map<NodeKey, PeerInfo>;
  /** Hashes of transactions that were published or heard. */
  readonly seen: Set<string>;
  /** Own transactions that nobody has heard yet. */
  readonly held: Uint8Array[];
  readonly counts: {
    messagesSent: number;
    bytesSent: number;
    messagesReceived: number;
    bytesReceived: number;
    dropped: number;
  };
  handlers: NetworkHandlers | undefined;
}

const otherEnd = ({ ends }: Link, key: NodeKey): MemoryNode => (ends[0].key === key ? ends[1] : ends[0]);

function countReceived(node: MemoryNode, bytes: Uint8Array): void {
  node.counts.messagesReceived += 1;
  node.counts.bytesReceived += bytes.length;
}

function countSent(node: MemoryNode, bytes: Uint8Array): void {
  node.counts.messagesSent += 1;
  node.counts.bytesSent += bytes.length;
}

/** Delivers on the clock, first in, first out for each direction and kind. */
function sender(clock: Clock, fate: (message: MemoryMessage) => Fate, isOpen: () => boolean): Send {
  const queues = new Map<string, { atMs: number; readonly deliveries: (() => void)[] }>();
  return (message, deliver) => {
    const delay = fate(message);
    if (delay === 'lost') return;
    const name = `${message.from} ${message.kind}`;
    const queue = queues.get(name) ?? { atMs: 0, deliveries: [] };
    queues.set(name, queue);
    queue.atMs = Math.max(queue.atMs, clock.monotonicMs() + delay);
    queue.deliveries.push(deliver);
    // Whichever timer fires, the oldest message goes: two timers of the same moment may fire in any order.
    clock.at(queue.atMs, () => {
      const next = queue.deliveries.shift();
      if (isOpen()) next?.();
    });
  };
}

function gossipTo(link: Link, from: MemoryNode, bytes: Uint8Array): void {
  const to = otherEnd(link, from.key);
  countSent(from, bytes);
  link.send(
    { from: from.key, to: to.key, kind: 'transaction', bytes },
    () => void hearTransaction(to, from.key, bytes),
  );
}

async function hearTransaction(node: MemoryNode, from: NodeKey, bytes: Uint8Array): Promise<void> {
  const hash = hashBytes(bytes);
  const { handlers } = node;
  if (!handlers || node.seen.has(hash)) return;
  node.seen.add(hash);
  countReceived(node, bytes);
  const verdict = await handlers.onTransaction(from, bytes).catch(() => 'ignore' as const);
  if (verdict !== 'accept') return;
  for (const link of node.links.values()) if (otherEnd(link, node.key).key !== from) gossipTo(link, node, bytes);
}

function publish(node: MemoryNode, bytes: Uint8Array): void {
  if (!node.handlers) {
    node.counts.dropped += 1;
    return;
  }
  const hash = hashBytes(bytes);
  if (node.seen.has(hash)) return;
  node.seen.add(hash);
  if (node.links.size === 0) node.held.push(bytes.slice());
  else for (const link of node.links.values()) gossipTo(link, node, bytes.slice());
}

/** @throws NetworkError as the port says */
function request(
  clock: Clock,
  node: MemoryNode,
  to: NodeKey,
  bytes: Uint8Array,
  timeoutMs: number,
): Promise<Uint8Array> {
  const link = node.links.get(to);
  if (!node.handlers) throw new NetworkError('NOT_STARTED', 'the network is not started');
  if (bytes.length > PEER_MESSAGE_BYTES_MAX) throw new NetworkError('MESSAGE_TOO_LARGE', `${bytes.length} bytes`);
  if (!link) throw new NetworkError('PEER_UNKNOWN', `${to} is not connected`);
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const waiting: Waiting = { fail: (code) => reject(new NetworkError(code, `${to} did not answer`)) };
  const cancel = clock.at(clock.monotonicMs() + timeoutMs, () => waiting.fail('PEER_TIMEOUT'));
  link.requests.add(waiting);
  const peer = otherEnd(link, node.key);
  const answer = async (): Promise<void> => {
    const { handlers } = peer;
    if (!handlers) return;
    countReceived(peer, bytes);
    const response = await handlers.onSyncRequest(node.key, bytes).catch(() => undefined);
    const isAnswer = response !== undefined && response.length <= PEER_MESSAGE_BYTES_MAX;
    if (isAnswer) countSent(peer, response);
    link.send({ from: to, to: node.key, kind: 'sync-response', bytes: response ?? new Uint8Array() }, () => {
      if (!isAnswer) return waiting.fail('PEER_CLOSED');
      countReceived(node, response);
      resolve(response.slice());
    });
  };
  countSent(node, bytes);
  link.send({ from: node.key, to, kind: 'sync-request', bytes }, () => void answer());
  return promise.finally(() => {
    cancel();
    link.requests.delete(waiting);
  });
}

/** A hub for networks in memory. */
export function memoryHub(options: MemoryHubOptions): MemoryHub {
  const { clock, fate = () => 0, isMember = () => true, isValidator = () => true, areLinked = () => true } = options;
  const nodes = new Map<NodeKey, MemoryNode>();
  let groupOf: ((key: NodeKey) => unknown) | undefined;

  const mayConnect = (a: MemoryNode, b: MemoryNode): boolean =>
    a !== b &&
    a.handlers !== undefined &&
    b.handlers !== undefined &&
    areLinked(a.key, b.key) &&
    (!groupOf || groupOf(a.key) === groupOf(b.key));

  const connect = (a: MemoryNode, b: MemoryNode): void => {
    const link: Link = {
      ends: [a, b],
      send: sender(clock, fate, () => link.isOpen),
      requests: new Set(),
      isOpen: true,
    };
    const attach = (node: MemoryNode, { key }: MemoryNode, direction: PeerInfo['direction']): void => {
      node.links.set(key, link);
      node.peers.set(key, { key, address: `memory/${key}`, direction, connectedAtMs: clock.wallMs() });
    };
    attach(a, b, 'outbound');
    attach(b, a, 'inbound');
    for (const node of link.ends) {
      node.handlers?.onPeerConnected(otherEnd(link, node.key).key);
      for (const bytes of node.held.splice(0)) gossipTo(link, node, bytes);
    }
  };
  const disconnect = (link: Link): void => {
    link.isOpen = false;
    for (const waiting of link.requests) waiting.fail('PEER_CLOSED');
    for (const node of link.ends) {
      const { key } = otherEnd(link, node.key);
      node.links.delete(key);
      node.peers.delete(key);
      node.handlers?.onPeerDisconnected(key);
    }
  };
  /** Brings the connections in line with who runs and who may talk. */
  const settle = (): void => {
    const all = [...nodes.values()];
    for (const node of all) {
      for (const link of [...node.links.values()]) if (!mayConnect(...link.ends)) disconnect(link);
    }
    for (const [index, a] of all.entries()) {
      for (const b of all.slice(index + 1)) if (mayConnect(a, b) && !a.links.has(b.key)) connect(a, b);
    }
  };

  const speak = (from: MemoryNode, to: NodeKey, bytes: Uint8Array): void => {
    const link = from.links.get(to);
    if (!link || !isMember(from.key) || !isMember(to) || bytes.length > PEER_MESSAGE_BYTES_MAX) {
      from.counts.dropped += 1;
      return;
    }
    const peer = otherEnd(link, from.key);
    const copy = bytes.slice();
    countSent(from, copy);
    link.send({ from: from.key, to, kind: 'consensus', bytes: copy }, () => {
      if (!isValidator(from.key)) {
        peer.counts.dropped += 1;
        return;
      }
      countReceived(peer, copy);
      peer.handlers?.onConsensus(from.key, copy);
    });
  };

  const announce = (from: MemoryNode, bytes: Uint8Array): void => {
    for (const [to, link] of from.links) {
      if (!isMember(from.key) || isMember(to)) continue;
      const peer = otherEnd(link, from.key);
      const copy = bytes.slice();
      countSent(from, copy);
      link.send({ from: from.key, to, kind: 'announcement', bytes: copy }, () => {
        countReceived(peer, copy);
        peer.handlers?.onAnnouncement(from.key, copy);
      });
    }
  };

  const networkOf = (node: MemoryNode): Network => ({
    self: node.key,
    start: async (handlers) => {
      node.handlers ??= handlers;
      settle();
    },
    stop: async () => {
      node.handlers = undefined;
      settle();
      node.seen.clear();
      node.held.length = 0;
    },
    peers: () => [...node.peers.values()],
    sendConsensus: (to, bytes) => speak(node, to, bytes),
    broadcastConsensus: (bytes) => {
      if (!node.handlers) node.counts.dropped += 1;
      for (const { key } of nodes.values()) {
        if (key !== node.key && isMember(key) && isValidator(key) && areLinked(node.key, key)) speak(node, key, bytes);
      }
    },
    announce: (bytes) => announce(node, bytes),
    publishTransaction: (bytes) => publish(node, bytes),
    requestSync: async (to, bytes, timeoutMs) => request(clock, node, to, bytes, timeoutMs),
    counters: () => ({ ...node.counts }),
  });

  return {
    join(key) {
      if (nodes.has(key)) throw new Error(`${key} has joined already`);
      const counts = { messagesSent: 0, bytesSent: 0, messagesReceived: 0, bytesReceived: 0, dropped: 0 };
      const node: MemoryNode = {
        key,
        links: new Map(),
        peers: new Map(),
        seen: new Set(),
        held: [],
        counts,
        handlers: undefined,
      };
      nodes.set(key, node);
      return networkOf(node);
    },
    partition(groups) {
      groupOf = (key) => groups.find((group) => group.includes(key)) ?? key;
      settle();
    },
    heal() {
      groupOf = undefined;
      settle();
    },
  };
}
