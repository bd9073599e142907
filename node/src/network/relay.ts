/**
 * The relay of consensus: where two validators have no link with each other and both have one with somebody, what one
 * says to the other travels over gossip. A validator that misses another calls for it; who hears the call and misses the
 * caller in turn answers through the relay. So nothing is relayed while the mesh is complete, nor to a node that is dead,
 * because the dead do not call. What comes through is the origin's own signed word, checked before it is passed on.
 */
import { type GossipSub, type TopicValidatorFn, TopicValidatorResult } from '@libp2p/gossipsub';
import type { Clock } from '../ports/clock.ts';
import type { NodeKey } from '../ports/network.ts';
import type { TelemetrySink } from '../ports/telemetry.ts';
import { DecodeError } from '../protocol/errors.ts';
import {
  RATE_BURST_SECONDS,
  RATE_DEBT_BURSTS_MAX,
  RELAY_AFTER_MS,
  RELAY_BYTES_PER_SECOND,
  RELAY_CALL_BELIEVED_MS,
  RELAY_CALL_MS,
  RELAY_MESSAGE_BYTES_MAX,
  RELAY_NEIGHBOUR_MESSAGES_PER_SECOND,
  RELAY_ORIGIN_MESSAGES_PER_SECOND,
  RELAY_PAYLOAD_BYTES_MAX,
} from './constants.ts';
import { reasonOf } from './errors.ts';
import { keyOf } from './identity.ts';
import { perPeer } from './per-peer.ts';
import type { RelayEnvelope, RelaySeal } from './relay-envelope.ts';
import type { NetworkFault } from './standing.ts';
import type { Tally } from './tally.ts';
import { type RateVerdict, type TokenBucket, tokenBucket } from './token-bucket.ts';

export interface RelayOptions {
  readonly pubsub: GossipSub;
  readonly topic: string;
  readonly self: NodeKey;
  /** The other members. */
  readonly others: readonly NodeKey[];
  readonly seal: RelaySeal;
  readonly isValidator: (key: NodeKey) => boolean;
  readonly isLinked: (key: NodeKey) => boolean;
  readonly isBanned: (key: NodeKey) => boolean;
  readonly deliver: (from: NodeKey, bytes: Uint8Array) => void;
  readonly blame: (key: NodeKey, fault: NetworkFault, reason: string) => void;
  readonly onFault: (what: string, error: unknown) => void;
  readonly telemetry: TelemetrySink;
  readonly tally: Tally;
  readonly clock: Clock;
}

export interface Relay {
  /** To be called once the node runs. */
  start(): void;
  stop(): void;
  /** Whether this validator has called for what this node says, and has no link with it. */
  reaches(key: NodeKey): boolean;
  /** Publishes for receivers that the relay reaches. */
  send(receivers: readonly NodeKey[], message: Uint8Array): void;
}

type Rate = (key: NodeKey, bytes: number) => RateVerdict;

/** Messages and bytes of each key; the worse verdict counts. */
function ratesOf(messagesPerSecond: number, clock: Clock): Rate {
  const bucket = (perSecond: number): TokenBucket => {
    const burst = perSecond * RATE_BURST_SECONDS;
    return tokenBucket({ perSecond, burst, debtMax: burst * RATE_DEBT_BURSTS_MAX });
  };
  const bucketsOf = perPeer(() => ({ messages: bucket(messagesPerSecond), bytes: bucket(RELAY_BYTES_PER_SECOND) }));
  return (key, length) => {
    const nowMs = clock.monotonicMs();
    const { messages, bytes } = bucketsOf(key);
    const verdicts = [messages.take(1, nowMs), bytes.take(length, nowMs)];
    if (verdicts.includes('abuse')) return 'abuse';
    return verdicts.includes('drop') ? 'drop' : 'pass';
  };
}

/** Judges an envelope before it travels on; hands over what is meant for this node. */
function judge(options: RelayOptions, onCall: (origin: NodeKey) => void): TopicValidatorFn {
  const { self, others, seal, isValidator, isBanned, deliver, blame, tally, clock } = options;
  const members = new Set(others);
  const ofNeighbour = ratesOf(RELAY_NEIGHBOUR_MESSAGES_PER_SECOND, clock);
  const ofOrigin = ratesOf(RELAY_ORIGIN_MESSAGES_PER_SECOND, clock);
  const { Accept, Ignore, Reject } = TopicValidatorResult;

  const ignored = (): TopicValidatorResult => {
    tally.dropped('rate_limited');
    return Ignore;
  };
  const accept = ({ kind, origin, receivers, payload }: RelayEnvelope): TopicValidatorResult => {
    tally.received(payload.length);
    if (receivers.includes(self)) {
      if (kind === 'call') onCall(origin);
      else deliver(origin, payload);
    }
    return receivers.some((key) => key !== self) ? Accept : Ignore;
  };

  return (peer, { data }) => {
    const neighbour = keyOf(peer);
    if (neighbour === undefined || !members.has(neighbour)) return Ignore;
    const rate = ofNeighbour(neighbour, data.length);
    if (rate === 'abuse') blame(neighbour, 'flood', 'relays far more than validators have to say');
    if (rate !== 'pass') return ignored();
    try {
      if (data.length > RELAY_MESSAGE_BYTES_MAX) throw new DecodeError('relay envelope', 'is too large');
      const { envelope, isSigned } = seal.open(data);
      const { origin } = envelope;
      // Who is a validator differs from node to node while an epoch changes: no reason to blame who passed it on.
      if (!members.has(origin) || !isValidator(origin) || isBanned(origin)) return Ignore;
      if (!isSigned()) throw new DecodeError('relay envelope', 'is not signed by its origin');
      return ofOrigin(origin, data.length) === 'pass' ? accept(envelope) : ignored();
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      blame(neighbour, 'malformed', error.message);
      return Reject;
    }
  };
}

export function createRelay(options: RelayOptions): Relay {
  const { pubsub, topic, self, others, seal, isValidator, isLinked, onFault, telemetry, tally, clock } = options;
  /** Until when each caller is believed to miss this node, in monotonic milliseconds. */
  const callers = new Map<NodeKey, number>();
  /** Since when each member is missed. */
  const missedSince = new Map<NodeKey, number>();
  // Wall time first, so that a restart does not repeat a number that peers still remember.
  let sequence = clock.wallMs() * 1_000;
  let cancel = (): void => {};

  const publish = (envelope: Pick<RelayEnvelope, 'kind' | 'receivers' | 'payload'>): void => {
    sequence += 1;
    const bytes = seal.seal({ ...envelope, origin: self, sequence });
    tally.sent(1, bytes.length);
    pubsub.publish(topic, bytes).catch((error: unknown) => onFault(`relaying failed: ${reasonOf(error)}`, error));
  };
  const missed = (): readonly NodeKey[] => {
    const nowMs = clock.monotonicMs();
    for (const key of others) {
      if (isLinked(key) || !isValidator(key)) missedSince.delete(key);
      else if (!missedSince.has(key)) missedSince.set(key, nowMs);
    }
    return others.filter((key) => nowMs - (missedSince.get(key) ?? nowMs) >= RELAY_AFTER_MS);
  };
  const call = (): void => {
    const receivers = missed();
    const isAlone = !others.some(isLinked);
    if (receivers.length > 0 && !isAlone && isValidator(self)) {
      telemetry.count('network_relay_calls_total');
      publish({ kind: 'call', receivers, payload: new Uint8Array() });
    }
    cancel = clock.at(clock.monotonicMs() + RELAY_CALL_MS, call);
  };

  pubsub.topicValidators.set(
    topic,
    judge(options, (origin) => callers.set(origin, clock.monotonicMs() + RELAY_CALL_BELIEVED_MS)),
  );

  return {
    start() {
      pubsub.subscribe(topic);
      call();
    },
    stop: () => cancel(),
    reaches: (key) => !isLinked(key) && (callers.get(key) ?? 0) > clock.monotonicMs(),
    send(receivers, message) {
      if (message.length > RELAY_PAYLOAD_BYTES_MAX) tally.dropped('too_large');
      else {
        telemetry.count('network_relayed_total');
        publish({ kind: 'message', receivers, payload: message });
      }
    },
  };
}
