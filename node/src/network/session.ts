/**
 * One run of the network, from start to stop: the libp2p node and everything that hangs on it. A restart makes a new
 * session, so that nothing of the last one is left over.
 */
import { NetworkError, type NodeKey, type PeerFault, type PeerInfo } from '../ports/network.ts';
import { PEER_MESSAGE_BYTES_MAX } from '../protocol/constants.ts';
import { listenAddress, withoutPeer } from './addresses.ts';
import type { ConsensusLink } from './consensus-link.ts';
import { SYNC_STREAMS_MAX } from './constants.ts';
import { NetworkSetupError, reasonOf } from './errors.ts';
import { announcementInbox } from './followers.ts';
import { encodeFrame } from './frame.ts';
import { stopNode } from './node.ts';
import { assemble, type Parts, type SessionOptions } from './parts.ts';
import { requestSync, syncServer } from './sync.ts';

export interface Session {
  addresses(): readonly string[];
  peers(): readonly PeerInfo[];
  send(to: NodeKey, bytes: Uint8Array): void;
  broadcast(bytes: Uint8Array): void;
  announce(bytes: Uint8Array): void;
  publish(bytes: Uint8Array): void;
  /** @throws NetworkError */
  request(to: NodeKey, bytes: Uint8Array, timeoutMs: number): Promise<Uint8Array>;
  setBlocked(keys: ReadonlySet<NodeKey>): void;
  blame(key: NodeKey, fault: PeerFault): void;
  stop(): Promise<void>;
}

/** Registers the protocols, then listens: nobody finds the node half ready. @throws NetworkSetupError LISTEN_FAILED */
async function listen({ names, node, links, ...parts }: Parts, { config, self, tally }: SessionOptions): Promise<void> {
  const { telemetry, clock } = config;
  const members = new Set(config.peers.map(({ key }) => key));
  // A member hears more, and sooner, from consensus.
  if (!members.has(self)) {
    const isMember = (key: NodeKey): boolean => members.has(key);
    const heard = announcementInbox({ isMember, onMessage: parts.handlers.onAnnouncement, tally, clock });
    await node.handle(names.announcements, heard, { maxInboundStreams: 2, maxOutboundStreams: 0 });
  }
  const server = syncServer({
    answer: parts.handlers.onSyncRequest,
    isMember: (key) => links.has(key),
    stopped: parts.stopping.signal,
    blame: parts.blame,
    onFault: (from, error) =>
      telemetry.log('debug', 'network: sync request unanswered', { peer: from, error: reasonOf(error) }),
    ...{ tally, clock },
  });
  await node.handle(names.consensus, parts.inbox.onStream, { maxInboundStreams: 2, maxOutboundStreams: 2 });
  const syncStreams = { maxInboundStreams: SYNC_STREAMS_MAX, maxOutboundStreams: SYNC_STREAMS_MAX };
  await node.handle(names.sync, server, syncStreams);
  try {
    await node.start();
  } catch (error) {
    parts.connections.stop();
    parts.inbox.stop();
    throw new NetworkSetupError('LISTEN_FAILED', `${listenAddress(config.listen)}: ${reasonOf(error)}`);
  }
}

function sendingOf(
  { gate, links, relay }: Parts,
  { config, tally }: SessionOptions,
): Pick<Session, 'send' | 'broadcast'> {
  const fits = (bytes: Uint8Array): boolean => {
    if (bytes.length > PEER_MESSAGE_BYTES_MAX) tally.dropped('too_large');
    return bytes.length <= PEER_MESSAGE_BYTES_MAX;
  };
  /** Returns false when the message has to go another way. */
  const sendFrame = (to: NodeKey, link: ConsensusLink | undefined, frame: Uint8Array): boolean => {
    if (relay?.reaches(to)) return false;
    if (gate.isBlocked(to)) tally.dropped('blocked');
    else if (link) link.send(frame);
    else tally.dropped('not_connected');
    return true;
  };
  return {
    send(to, bytes) {
      if (fits(bytes) && !sendFrame(to, links.get(to), encodeFrame(bytes))) relay?.send([to], bytes);
    },
    broadcast(bytes) {
      if (!fits(bytes)) return;
      // One array for all links: none of them changes it.
      const frame = encodeFrame(bytes);
      const elsewhere: NodeKey[] = [];
      for (const [key, link] of links) {
        if (config.isValidator(key) && !sendFrame(key, link, frame)) elsewhere.push(key);
      }
      if (elsewhere.length > 0) relay?.send(elsewhere, bytes);
    },
  };
}

/** Starts listening and dialling. @throws NetworkSetupError */
export async function openSession(options: SessionOptions): Promise<Session> {
  const parts = await assemble(options);
  const { names, node, gate, links, followers, dialler, connections, gossip, inbox, relay, blame, stopping } = parts;
  await listen(parts, options);
  gossip.subscribe();
  relay?.start();
  dialler.start();

  return {
    ...sendingOf(parts, options),
    addresses: () => node.getMultiaddrs().map(withoutPeer),
    peers: connections.peers,
    announce: followers.announce,
    publish: gossip.publish,
    blame: (key, fault) => blame(key, fault, `sent what is ${fault}`),
    async request(to, bytes, timeoutMs) {
      const connection = connections.to(to);
      if (!connection) throw new NetworkError('PEER_UNKNOWN', `${to} is not connected`);
      const stopped = stopping.signal;
      return requestSync(bytes, { connection, protocol: names.sync, to, timeoutMs, stopped, tally: options.tally });
    },
    setBlocked(keys) {
      const freed = options.config.peers.filter(({ key }) => gate.isBlocked(key) && !keys.has(key));
      gate.setBlocked(keys);
      for (const key of keys) connections.cut(key, 'blocked');
      for (const { key } of freed) dialler.retryNow(key);
    },
    async stop() {
      stopping.abort();
      gate.shut();
      dialler.stop();
      connections.stop();
      gossip.stop();
      inbox.stop();
      relay?.stop();
      for (const link of links.values()) link.detach();
      followers.stop();
      await stopNode(node);
    },
  };
}
