/** The parts of one session and how they are wired to each other. Nothing here listens, dials or speaks yet. */
import type { NetworkHandlers, NodeKey } from '../ports/network.ts';
import { dialTargets } from './addresses.ts';
import type { Libp2pNetworkConfig } from './config.ts';
import { type Connections, carriesGossip, watchConnections } from './connections.ts';
import { type ConsensusInbox, consensusInbox } from './consensus-inbox.ts';
import { type ConsensusLink, consensusLink } from './consensus-link.ts';
import { DIAL_TIMEOUT_MS } from './constants.ts';
import { createDialler, type Dialler } from './dialler.ts';
import { reasonOf } from './errors.ts';
import { type FollowerLinks, followerLinks } from './followers.ts';
import { createGate, type Gate } from './gate.ts';
import { createGossip, type Gossip } from './gossip.ts';
import { guarded } from './guarded.ts';
import { createNode, type Node } from './node.ts';
import { createRelay, type Relay } from './relay.ts';
import { relaySeal } from './relay-envelope.ts';
import { createStanding, type NetworkFault } from './standing.ts';
import type { Tally } from './tally.ts';

export interface SessionOptions {
  readonly config: Libp2pNetworkConfig;
  readonly self: NodeKey;
  readonly handlers: NetworkHandlers;
  readonly tally: Tally;
  readonly blocked: ReadonlySet<NodeKey>;
}

/** Names carry the chain id, so that nodes of different chains have nothing to say to each other. */
const namesOf = (chainId: string) => ({
  consensus: `/dao-gov/${chainId}/consensus/1`,
  sync: `/dao-gov/${chainId}/sync/1`,
  announcements: `/dao-gov/${chainId}/announcements/1`,
  transactions: `/dao-gov/${chainId}/transactions/1`,
  relay: `/dao-gov/${chainId}/relay/1`,
});

export type Blame = (key: NodeKey, fault: NetworkFault, reason: string) => void;

export interface Parts {
  readonly names: ReturnType<typeof namesOf>;
  readonly node: Node;
  readonly gate: Gate;
  /** One to every other member; none on a follower. */
  readonly links: ReadonlyMap<NodeKey, ConsensusLink>;
  readonly followers: FollowerLinks;
  readonly dialler: Dialler;
  readonly connections: Connections;
  readonly gossip: Gossip;
  readonly inbox: ConsensusInbox;
  /** Members only. */
  readonly relay: Relay | undefined;
  /** Holds a fault against a peer; enough of them end its connection, and keep it out for a while. */
  readonly blame: Blame;
  readonly handlers: NetworkHandlers;
  readonly stopping: AbortController;
}

function linksOf(protocol: string, { config, self, tally }: SessionOptions): ReadonlyMap<NodeKey, ConsensusLink> {
  const { peers, telemetry, clock, random } = config;
  if (!peers.some(({ key }) => key === self)) {
    telemetry.log('info', 'network: this node is on no list of members and follows', { self });
    return new Map();
  }
  const others = peers.filter(({ key }) => key !== self);
  return new Map(others.map(({ key }) => [key, consensusLink({ protocol, tally, clock, random })]));
}

function diallerOf(node: Node, { config, self }: SessionOptions): Dialler {
  const targets = dialTargets(self, config.peers);
  return createDialler({
    targets: [...targets.keys()],
    clock: config.clock,
    random: config.random,
    dial: async (key) => {
      const address = targets.get(key);
      if (address) await node.dial(address, { signal: AbortSignal.timeout(DIAL_TIMEOUT_MS) });
    },
  });
}

function connectionsOf(
  {
    node,
    dialler,
    links,
    followers,
    handlers,
    blame,
  }: Pick<Parts, 'node' | 'dialler' | 'links' | 'followers' | 'handlers' | 'blame'>,
  { config: { telemetry, clock } }: SessionOptions,
): Connections {
  return watchConnections({
    node,
    clock,
    onConnected: (key, connection) => {
      telemetry.log('info', 'network: peer connected', { peer: key, direction: connection.direction });
      dialler.onConnected(key);
      links.get(key)?.attach(connection);
      followers.attach(key, connection);
      handlers.onPeerConnected(key);
    },
    onDisconnected: (key) => {
      telemetry.log('info', 'network: peer disconnected', { peer: key });
      links.get(key)?.detach();
      followers.detach(key);
      dialler.onDisconnected(key);
      handlers.onPeerDisconnected(key);
    },
    onSecond: (key) => blame(key, 'churn', 'opens one connection after another'),
    onCut: (key, reason) => telemetry.log('warn', 'network: connection cut', { peer: key, reason }),
  });
}

function gossipOf(
  { node, handlers, blame }: Pick<Parts, 'node' | 'handlers' | 'blame'>,
  topic: string,
  { config: { telemetry, clock }, tally }: SessionOptions,
): Gossip {
  const { pubsub } = node.services;
  return createGossip({
    pubsub,
    topic,
    judge: handlers.onTransaction,
    hasListener: () => pubsub.getSubscribers(topic).some((peer) => node.getConnections(peer).some(carriesGossip)),
    onFault: (what, error) => telemetry.log('warn', `network: ${what}`, { error: reasonOf(error) }),
    ...{ blame, tally, clock },
  });
}

/** Points first, then the ban: of the key, and across machines also of the address for strangers. */
function blameOf(gate: Gate, connections: () => Connections, { config, self }: SessionOptions): Blame {
  const { telemetry, clock, preset, peers } = config;
  const standing = createStanding(clock);
  const isMember = (key: NodeKey): boolean => key === self || peers.some((peer) => peer.key === key);
  return (key, fault, reason) => {
    const banMs = standing.blame(key, fault);
    if (banMs === 0) return;
    telemetry.log('warn', 'network: peer broke the rules', { peer: key, fault, reason, banMs });
    telemetry.count('network_abuse_total');
    const host = connections().hostOf(key);
    // One host carries a whole network in the local preset.
    gate.ban(key, banMs, preset === 'wan' && !isMember(key) ? host : undefined);
    connections().cut(key, reason);
  };
}

function inboxOf(
  { links, handlers, blame, dialler }: Pick<Parts, 'links' | 'handlers' | 'blame' | 'dialler'>,
  { config, tally }: SessionOptions,
): ConsensusInbox {
  const { telemetry, clock, isValidator } = config;
  return consensusInbox({
    isMember: (key) => links.has(key),
    onMessage: handlers.onConsensus,
    onWake: (sleptMs) => {
      telemetry.log('warn', 'network: this process was paused', { sleptMs: Math.round(sleptMs) });
      dialler.retryAll();
    },
    ...{ isValidator, blame, tally, clock },
  });
}

function relayOf(
  { node, links, inbox, gate, blame }: Pick<Parts, 'node' | 'links' | 'inbox' | 'gate' | 'blame'>,
  topic: string,
  { config, self, tally }: SessionOptions,
): Relay | undefined {
  if (links.size === 0) return undefined;
  const { telemetry, clock, isValidator, chainId, secretKey } = config;
  const others = [...links.keys()];
  return createRelay({
    pubsub: node.services.pubsub,
    seal: relaySeal(chainId, secretKey, others),
    isLinked: (key) => links.get(key)?.isAttached === true,
    isBanned: gate.isBanned,
    deliver: inbox.deliver,
    onFault: (what, error) => telemetry.log('warn', `network: ${what}`, { error: reasonOf(error) }),
    ...{ topic, self, others, isValidator, blame, telemetry, tally, clock },
  });
}

/** @throws NetworkSetupError */
export async function assemble(options: SessionOptions): Promise<Parts> {
  const { config, tally, blocked } = options;
  const names = namesOf(config.chainId);
  const stopping = new AbortController();
  const { telemetry, clock } = config;
  const handlers = guarded({ handlers: options.handlers, telemetry, tally, stopped: stopping.signal });
  const members = new Set(config.peers.map(({ key }) => key));
  const gate = createGate({
    isMember: (key) => members.has(key),
    connectedFollowers: () => connections.peers().filter(({ key }) => !members.has(key)).length,
    clock,
  });
  gate.setBlocked(blocked);
  const node = await createNode(config, { topics: [names.transactions, names.relay], gater: gate.gater });
  const dialler = diallerOf(node, options);
  const links = linksOf(names.consensus, options);
  const followers = followerLinks({
    protocol: names.announcements,
    isFollower: (key) => members.has(options.self) && !members.has(key),
    tally,
    clock,
    random: config.random,
  });
  const blame = blameOf(gate, () => connections, options);
  const connections = connectionsOf({ node, dialler, links, followers, handlers, blame }, options);
  const gossip = gossipOf({ node, handlers, blame }, names.transactions, options);
  const inbox = inboxOf({ links, handlers, blame, dialler }, options);
  const relay = relayOf({ node, links, inbox, gate, blame }, names.relay, options);
  return {
    ...{ names, node, gate, links, followers, dialler, connections },
    ...{ gossip, inbox, relay, blame, handlers, stopping },
  };
}
