/** The libp2p node with what this network needs, and without what it does not: no discovery, relays, NAT or DHT. */
import { noise } from '@chainsafe/libp2p-noise';
import { type GossipSub, gossipsub } from '@libp2p/gossipsub';
import { type Identify, identify } from '@libp2p/identify';
import type { Connection, ConnectionGater, Libp2p, ServiceMap } from '@libp2p/interface';
import { tcp } from '@libp2p/tcp';
import { yamux } from '@libp2p/yamux';
import { createLibp2p } from 'libp2p';
import { utf8Bytes } from '../protocol/bytes.ts';
import { listenAddress } from './addresses.ts';
import type { Libp2pNetworkConfig, NetworkPreset } from './config.ts';
import {
  CONNECTIONS_MAX,
  DIAL_TIMEOUT_MS,
  PING_INTERVAL_MS,
  PING_TIMEOUT_MS,
  STOP_GRACE_MS,
  STREAM_WINDOW_BYTES_MAX,
  STREAMS_PER_CONNECTION_MAX,
} from './constants.ts';
import { gossipOptions } from './gossip-options.ts';
import { privateKeyOf } from './identity.ts';
import { noiseCipher } from './noise-cipher.ts';
import { gathered, sparing } from './thrift.ts';

interface Services extends ServiceMap {
  readonly identify: Identify;
  readonly pubsub: GossipSub;
}
export type Node = Libp2p<Services>;

/** Inbound connections a second from one host, and handshakes under way, before more are refused. */
const INBOUND: Readonly<Record<NetworkPreset, { readonly perSecond: number; readonly pending: number }>> = {
  local: { perSecond: 1_000, pending: 256 },
  wan: { perSecond: 20, pending: 64 },
};

/** Creates the node without starting it. @throws NetworkSetupError */
export async function createNode(
  config: Libp2pNetworkConfig,
  { topics, gater }: { readonly topics: readonly string[]; readonly gater: ConnectionGater },
): Promise<Node> {
  const inbound = INBOUND[config.preset];
  return createLibp2p<Services>({
    start: false,
    privateKey: await privateKeyOf(config),
    // What a peer may know about this machine: nothing.
    nodeInfo: { name: 'dao-gov', version: '1', userAgent: 'dao-gov/1' },
    addresses: { listen: [listenAddress(config.listen)] },
    transports: [tcp()],
    // The handshake itself fails between nodes of different chains.
    connectionEncrypters: [
      gathered(noise({ crypto: noiseCipher, prologueBytes: utf8Bytes(`/dao-gov/${config.chainId}`) })),
    ],
    streamMuxers: [
      sparing(
        yamux({
          maxInboundStreams: STREAMS_PER_CONNECTION_MAX,
          streamOptions: { maxStreamWindowSize: STREAM_WINDOW_BYTES_MAX },
        }),
      ),
    ],
    connectionGater: gater,
    connectionManager: {
      maxConnections: CONNECTIONS_MAX,
      inboundConnectionThreshold: inbound.perSecond,
      maxIncomingPendingConnections: inbound.pending,
      dialTimeout: DIAL_TIMEOUT_MS,
      inboundUpgradeTimeout: DIAL_TIMEOUT_MS,
      outboundStreamProtocolNegotiationTimeout: DIAL_TIMEOUT_MS,
      inboundStreamProtocolNegotiationTimeout: DIAL_TIMEOUT_MS,
      connectionCloseTimeout: STOP_GRACE_MS,
    },
    connectionMonitor: { pingInterval: PING_INTERVAL_MS, pingTimeout: { minTimeout: PING_TIMEOUT_MS } },
    services: { identify: identify(), pubsub: gossipsub(gossipOptions(topics, config.preset)) },
  });
}

/** Says goodbye where the peer listens, and cuts the line where it does not: a paused peer must not hold up a stop. */
async function closeConnections(node: Node): Promise<void> {
  const signal = AbortSignal.timeout(STOP_GRACE_MS);
  const close = async (connection: Connection): Promise<void> => {
    try {
      await connection.close({ signal });
    } catch (error) {
      connection.abort(error instanceof Error ? error : new Error('stopping'));
    }
  };
  await Promise.all(node.getConnections().map(close));
}

/**
 * Ends all connections, then the node. Two timers of libp2p itself (a heartbeat, a delayed address update) run out
 * within a second after it; nothing else is left that would keep the process alive.
 */
export async function stopNode(node: Node): Promise<void> {
  await closeConnections(node);
  await node.stop();
}
