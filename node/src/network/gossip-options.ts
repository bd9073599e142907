/** Gossipsub as this network runs it: anonymous messages named by their content, and scores that only blame for lies. */
import { hash } from 'node:crypto';
import { type GossipsubOpts, StrictNoSign } from '@libp2p/gossipsub';
import type { NetworkPreset } from './config.ts';
import { GOSSIP_QUEUE_BYTES_MAX, GOSSIP_RPC_BYTES_MAX, GOSSIP_SEEN_MS } from './constants.ts';

/**
 * A mesh of two: what a node publishes goes to all its peers anyway (flood publishing), so the mesh only has to carry
 * a message to those that the publisher does not reach, and the lazy gossip of every heartbeat to whoever is left. A
 * larger one sends most messages to a peer many times: at four, that was the most expensive thing a busy node did.
 */
const MESH = { D: 2, Dlo: 1, Dhi: 3, Dscore: 1, Dout: 0, Dlazy: 4 } as const;

/** Points for a message that the host rejects: seven within a few seconds make a peer unheard. */
const INVALID_WEIGHT = -10;
const INVALID_DECAY = 0.9;
const THRESHOLDS = { gossipThreshold: -100, publishThreshold: -200, graylistThreshold: -400 } as const;

/** Peers behind one address before each costs points. One host carries a whole network in the local preset. */
const COLOCATION: Readonly<Record<NetworkPreset, { readonly weight: number; readonly threshold: number }>> = {
  local: { weight: 0, threshold: 1 },
  wan: { weight: -5, threshold: 4 },
};

/** Nobody is scored for being quiet: hours may pass between two transactions. */
const topicScore = {
  topicWeight: 1,
  timeInMeshWeight: 0,
  firstMessageDeliveriesWeight: 0,
  meshMessageDeliveriesWeight: 0,
  meshFailurePenaltyWeight: 0,
  invalidMessageDeliveriesWeight: INVALID_WEIGHT,
  invalidMessageDeliveriesDecay: INVALID_DECAY,
};

export function gossipOptions(topic: string, preset: NetworkPreset): Partial<GossipsubOpts> {
  const colocation = COLOCATION[preset];
  return {
    ...MESH,
    globalSignaturePolicy: StrictNoSign,
    emitSelf: false,
    allowPublishToZeroTopicPeers: true,
    ignoreDuplicatePublishError: true,
    fallbackToFloodsub: false,
    floodPublish: true,
    doPX: false,
    tagMeshPeers: false,
    allowedTopics: [topic],
    seenTTL: GOSSIP_SEEN_MS,
    maxInboundDataLength: GOSSIP_RPC_BYTES_MAX,
    maxOutboundBufferSize: GOSSIP_QUEUE_BYTES_MAX,
    msgIdFn: ({ data }) => hash('sha256', data, 'buffer'),
    msgIdToStrFn: (id) => Buffer.from(id.buffer, id.byteOffset, id.byteLength).toString('latin1'),
    scoreParams: {
      IPColocationFactorWeight: colocation.weight,
      IPColocationFactorThreshold: colocation.threshold,
      // The type wants every field, the library fills in what is missing.
      topics: { [topic]: topicScore as NonNullable<NonNullable<GossipsubOpts['scoreParams']>['topics']>[string] },
    },
    scoreThresholds: THRESHOLDS,
  };
}
