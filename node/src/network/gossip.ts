/**
 * Transactions over gossipsub. The host judges each message before it travels on; how many it judges at a time is
 * bounded here, because gossipsub itself bounds nothing.
 */
import { hash } from 'node:crypto';
import { type GossipSub, type TopicValidatorFn, TopicValidatorResult } from '@libp2p/gossipsub';
import type { Clock } from '../ports/clock.ts';
import type { GossipVerdict, NodeKey } from '../ports/network.ts';
import {
  GOSSIP_BURST_SECONDS,
  GOSSIP_MESSAGE_BYTES_MAX,
  GOSSIP_MESSAGES_PER_SECOND,
  GOSSIP_SEEN_MS,
  GOSSIP_USELESS_DEBT_MAX,
  GOSSIP_USELESS_PER_SECOND,
  HELD_BYTES_MAX,
  HELD_TRANSACTIONS_MAX,
  PARCEL_BYTES_MAX,
  PARCEL_ENVELOPES_MAX,
  PARCEL_WINDOW_MS_MAX,
  PARCEL_WINDOW_MS_MIN,
  PARCEL_WINDOW_MS_PER_ENVELOPE,
  PUBLISHED_MAX,
  VALIDATION_BYTES_MAX,
  VALIDATIONS_MAX,
  VALIDATIONS_PER_PEER_MAX,
} from './constants.ts';
import { reasonOf } from './errors.ts';
import { keyOf } from './identity.ts';
import { decodeParcel, gathering } from './parcel.ts';
import { perPeer } from './per-peer.ts';
import type { NetworkFault } from './standing.ts';
import type { Tally } from './tally.ts';
import { tokenBucket } from './token-bucket.ts';

const RESULTS: Readonly<Record<GossipVerdict, TopicValidatorResult>> = {
  accept: TopicValidatorResult.Accept,
  ignore: TopicValidatorResult.Ignore,
  reject: TopicValidatorResult.Reject,
};

export interface GossipOptions {
  readonly pubsub: GossipSub;
  readonly topic: string;
  readonly judge: (from: NodeKey, bytes: Uint8Array) => Promise<GossipVerdict>;
  /** Whether a message that is published now would reach anybody. */
  readonly hasListener: () => boolean;
  readonly onFault: (what: string, error: unknown) => void;
  readonly blame: (key: NodeKey, fault: NetworkFault, reason: string) => void;
  readonly tally: Tally;
  readonly clock: Clock;
}

export interface Gossip {
  /** To be called once the node runs. */
  subscribe(): void;
  publish(bytes: Uint8Array): void;
  stop(): void;
}

/** A parcel is passed on when something in it is worth it, and never with something that nobody sends in good faith. */
async function judgeAll(
  judge: GossipOptions['judge'],
  from: NodeKey,
  envelopes: readonly Uint8Array[],
): Promise<GossipVerdict> {
  let verdict: GossipVerdict = 'ignore';
  for (const envelope of envelopes) {
    const one = await judge(from, envelope);
    if (one === 'reject') return 'reject';
    if (one === 'accept') verdict = 'accept';
  }
  return verdict;
}

/** How much of one peer is looked at: so many messages a second, and far fewer once they prove useless. */
function allowance({ clock, blame }: GossipOptions) {
  const burst = GOSSIP_MESSAGES_PER_SECOND * GOSSIP_BURST_SECONDS;
  const bucketsOf = perPeer(() => ({
    all: tokenBucket({ perSecond: GOSSIP_MESSAGES_PER_SECOND, burst, debtMax: burst }),
    useless: tokenBucket({
      perSecond: GOSSIP_USELESS_PER_SECOND,
      burst: GOSSIP_USELESS_PER_SECOND * GOSSIP_BURST_SECONDS,
      debtMax: GOSSIP_USELESS_DEBT_MAX,
    }),
  }));
  return {
    /** Whether the next message of this peer is looked at. One that is not counts as useless. */
    take(key: NodeKey): boolean {
      const nowMs = clock.monotonicMs();
      const { all, useless } = bucketsOf(key);
      const isInDebt = useless.take(0, nowMs) !== 'pass';
      const verdicts = [all.take(1, nowMs), isInDebt ? useless.take(1, nowMs) : 'pass'];
      if (verdicts.includes('abuse')) blame(key, 'flood', 'gossips far more than anybody could use');
      return verdicts.every((verdict) => verdict === 'pass');
    },
    judged(key: NodeKey, verdict: GossipVerdict): void {
      if (verdict === 'ignore') bucketsOf(key).useless.take(1, clock.monotonicMs());
      if (verdict === 'reject') blame(key, 'invalid', 'gossips what no honest node passes on');
    },
  };
}

function validator(options: GossipOptions): TopicValidatorFn {
  const { judge, tally, onFault } = options;
  const allowed = allowance(options);
  const perPeer = new Map<NodeKey, number>();
  let underWay = 0;
  let bytesUnderWay = 0;

  const isFull = (from: NodeKey, bytes: number): boolean =>
    underWay >= VALIDATIONS_MAX ||
    bytesUnderWay + bytes > VALIDATION_BYTES_MAX ||
    (perPeer.get(from) ?? 0) >= VALIDATIONS_PER_PEER_MAX;
  const track = (from: NodeKey, by: 1 | -1, bytes: number): void => {
    underWay += by;
    bytesUnderWay += by * bytes;
    const left = (perPeer.get(from) ?? 0) + by;
    if (left > 0) perPeer.set(from, left);
    else perPeer.delete(from);
  };

  return async (peer, { data }) => {
    const from = keyOf(peer);
    if (from === undefined || data.length > GOSSIP_MESSAGE_BYTES_MAX) return TopicValidatorResult.Reject;
    if (!allowed.take(from)) {
      tally.dropped('rate_limited');
      return TopicValidatorResult.Ignore;
    }
    if (isFull(from, data.length)) {
      tally.dropped('validations_full');
      return TopicValidatorResult.Ignore;
    }
    const envelopes = decodeParcel(data, PARCEL_ENVELOPES_MAX);
    if (!envelopes) {
      allowed.judged(from, 'reject');
      return TopicValidatorResult.Reject;
    }
    tally.received(data.length);
    track(from, 1, data.length);
    try {
      const verdict = await judgeAll(judge, from, envelopes);
      allowed.judged(from, verdict);
      return RESULTS[verdict];
    } catch (error) {
      // The fault is this node's own, so the peer is not blamed and the message goes no further.
      onFault('the judgement of a gossiped transaction failed', error);
      return TopicValidatorResult.Ignore;
    } finally {
      track(from, -1, data.length);
    }
  };
}

/** Transactions that nobody would have heard: gossipsub remembers what it published, so it must not publish too early. */
function holdBack(tally: Tally) {
  const held = new Map<string, Uint8Array>();
  let bytesHeld = 0;
  const drop = (key: string, bytes: Uint8Array): void => {
    held.delete(key);
    bytesHeld -= bytes.length;
  };
  return {
    add(bytes: Uint8Array): void {
      const key = hash('sha256', bytes);
      if (held.has(key)) return;
      held.set(key, bytes);
      bytesHeld += bytes.length;
      for (const [oldest, content] of held) {
        if (held.size <= HELD_TRANSACTIONS_MAX && bytesHeld <= HELD_BYTES_MAX) break;
        drop(oldest, content);
        tally.dropped('queue_full');
      }
    },
    release(): readonly Uint8Array[] {
      const all = [...held.values()];
      held.clear();
      bytesHeld = 0;
      return all;
    },
  };
}

/** Names of the own envelopes of the last minute: what the host hands over again went out already, in another parcel. */
function published(clock: Clock) {
  const sentAtMs = new Map<string, number>();
  return {
    isNew(envelope: Uint8Array): boolean {
      const nowMs = clock.monotonicMs();
      for (const [oldest, atMs] of sentAtMs) {
        if (atMs > nowMs - GOSSIP_SEEN_MS && sentAtMs.size < PUBLISHED_MAX) break;
        sentAtMs.delete(oldest);
      }
      const name = hash('sha256', envelope);
      if (sentAtMs.has(name)) return false;
      sentAtMs.set(name, nowMs);
      return true;
    },
  };
}

/** Judges from now on, so that nothing can arrive unjudged; hears and speaks after `subscribe`. Own messages do not come back. */
export function createGossip(options: GossipOptions): Gossip {
  const { pubsub, topic, hasListener, onFault, tally, clock } = options;
  const held = holdBack(tally);
  const own = published(clock);

  const publishNow = (bytes: Uint8Array): void => {
    tally.sent(1, bytes.length);
    pubsub.publish(topic, bytes).catch((error: unknown) => onFault(`publishing failed: ${reasonOf(error)}`, error));
  };
  /** A stream is usable a few ticks after it shows; whoever listened at the last heartbeat surely hears. */
  let isHeard = false;
  const onHeartbeat = (): void => {
    isHeard = hasListener();
    if (isHeard) held.release().forEach(publishNow);
  };

  const limits = {
    ...{ envelopesMax: PARCEL_ENVELOPES_MAX, bytesMax: PARCEL_BYTES_MAX },
    ...{ windowMsMin: PARCEL_WINDOW_MS_MIN, windowMsMax: PARCEL_WINDOW_MS_MAX },
    windowMsPerEnvelope: PARCEL_WINDOW_MS_PER_ENVELOPE,
  };
  const gathered = gathering(clock, limits, (parcel) => {
    if (isHeard && hasListener()) publishNow(parcel);
    else held.add(parcel);
  });

  pubsub.topicValidators.set(topic, validator(options));
  pubsub.addEventListener('gossipsub:heartbeat', onHeartbeat);

  return {
    subscribe: () => pubsub.subscribe(topic),
    publish(bytes) {
      if (bytes.length > GOSSIP_MESSAGE_BYTES_MAX) tally.dropped('too_large');
      else if (own.isNew(bytes)) gathered.add(bytes);
    },
    stop: gathered.stop,
  };
}
