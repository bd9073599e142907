/**
 * The receiving half of the consensus protocol: one stream a member, cut into messages, limited in rate. A peer that
 * breaks a limit loses its connection; one that is merely no validator now is not heard.
 */
import type { Connection, Stream, StreamHandler } from '@libp2p/interface';
import type { Clock } from '../ports/clock.ts';
import type { NodeKey } from '../ports/network.ts';
import { PEER_MESSAGE_BYTES_MAX } from '../protocol/constants.ts';
import {
  CONSENSUS_BYTES_PER_SECOND,
  CONSENSUS_MESSAGES_PER_SECOND,
  RATE_BURST_SECONDS,
  RATE_DEBT_BURSTS_MAX,
} from './constants.ts';
import { frameAssembler } from './frame.ts';
import { keyOf } from './identity.ts';
import type { Tally } from './tally.ts';
import { type RateLimit, type RateVerdict, tokenBucket } from './token-bucket.ts';

export interface ConsensusInboxOptions {
  readonly isMember: (key: NodeKey) => boolean;
  readonly isValidator: (key: NodeKey) => boolean;
  readonly onMessage: (from: NodeKey, bytes: Uint8Array) => void;
  /** The peer broke the rules: its connection must end. */
  readonly onAbuse: (key: NodeKey, connection: Connection, reason: string) => void;
  readonly tally: Tally;
  readonly clock: Clock;
}

const limitOf = (perSecond: number): RateLimit => {
  const burst = perSecond * RATE_BURST_SECONDS;
  return { perSecond, burst, debtMax: burst * RATE_DEBT_BURSTS_MAX };
};

/** Both rates of one peer; the worse verdict counts. */
function rateOf(clock: Clock): (bytes: number) => RateVerdict {
  const messages = tokenBucket(limitOf(CONSENSUS_MESSAGES_PER_SECOND));
  const volume = tokenBucket(limitOf(CONSENSUS_BYTES_PER_SECOND));
  return (bytes) => {
    const nowMs = clock.monotonicMs();
    const verdicts = [messages.take(1, nowMs), volume.take(bytes, nowMs)];
    if (verdicts.includes('abuse')) return 'abuse';
    return verdicts.includes('drop') ? 'drop' : 'pass';
  };
}

export function consensusInbox(options: ConsensusInboxOptions): StreamHandler {
  const { isMember, isValidator, onMessage, onAbuse, tally, clock } = options;
  const streams = new Map<NodeKey, Stream>();
  /** Outlive streams: opening a new one does not refill them. Members only, so the map is bounded. */
  const rates = new Map<NodeKey, (bytes: number) => RateVerdict>();

  const rateFor = (key: NodeKey): ((bytes: number) => RateVerdict) => {
    const rate = rates.get(key) ?? rateOf(clock);
    rates.set(key, rate);
    return rate;
  };
  /** False when the peer must go. */
  const receive = (key: NodeKey, message: Uint8Array): boolean => {
    const verdict = rateFor(key)(message.length);
    if (verdict === 'abuse') return false;
    if (verdict === 'drop') tally.dropped('rate_limited');
    else if (!isValidator(key)) tally.dropped('not_a_validator');
    else {
      tally.received(message.length);
      onMessage(key, message);
    }
    return true;
  };

  return (stream, connection) => {
    const key = keyOf(connection.remotePeer);
    if (key === undefined || !isMember(key)) {
      stream.abort(new Error('consensus is spoken among members only'));
      return;
    }
    streams.get(key)?.abort(new Error('replaced by a newer stream of the same peer'));
    streams.set(key, stream);
    stream.addEventListener('close', () => {
      if (streams.get(key) === stream) streams.delete(key);
    });
    const assembler = frameAssembler(PEER_MESSAGE_BYTES_MAX);
    stream.addEventListener('message', ({ data }) => {
      if (streams.get(key) !== stream) return;
      try {
        for (const message of assembler.push(data.subarray())) {
          if (!receive(key, message)) throw new Error('sends far more than a validator has to say');
        }
      } catch (error) {
        streams.delete(key);
        onAbuse(key, connection, error instanceof Error ? error.message : 'malformed stream');
      }
    });
  };
}
