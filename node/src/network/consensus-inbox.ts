/**
 * The receiving half of the consensus protocol: one stream a member, cut into messages, limited in rate. A peer that
 * breaks a limit is blamed for it; one that is merely no validator now is not heard. After a pause of this process all
 * streams are closed: what waits in them is history, and their senders open new ones at once.
 */
import type { Stream, StreamHandler } from '@libp2p/interface';
import type { Clock } from '../ports/clock.ts';
import type { NodeKey } from '../ports/network.ts';
import { PEER_MESSAGE_BYTES_MAX } from '../protocol/constants.ts';
import {
  CONSENSUS_BYTES_PER_SECOND,
  CONSENSUS_MESSAGES_PER_SECOND,
  FRAME_ARRIVAL_MS_MAX,
  RATE_BURST_SECONDS,
  RATE_DEBT_BURSTS_MAX,
} from './constants.ts';
import { FrameTooLargeError } from './errors.ts';
import { frameAssembler } from './frame.ts';
import { keyOf } from './identity.ts';
import { perPeer } from './per-peer.ts';
import { watchSleep } from './sleep.ts';
import type { NetworkFault } from './standing.ts';
import type { Tally } from './tally.ts';
import { type RateLimit, type RateVerdict, tokenBucket } from './token-bucket.ts';

export interface ConsensusInboxOptions {
  readonly isMember: (key: NodeKey) => boolean;
  readonly isValidator: (key: NodeKey) => boolean;
  readonly onMessage: (from: NodeKey, bytes: Uint8Array) => void;
  readonly blame: (key: NodeKey, fault: NetworkFault, reason: string) => void;
  /** This process was paused and goes on. */
  readonly onWake: (sleptMs: number) => void;
  readonly tally: Tally;
  readonly clock: Clock;
}

export interface ConsensusInbox {
  readonly onStream: StreamHandler;
  /** A message of a validator that came another way: the same rate counts. */
  readonly deliver: (key: NodeKey, message: Uint8Array) => void;
  stop(): void;
}

type Rate = (bytes: number) => RateVerdict;

const limitOf = (perSecond: number): RateLimit => {
  const burst = perSecond * RATE_BURST_SECONDS;
  return { perSecond, burst, debtMax: burst * RATE_DEBT_BURSTS_MAX };
};

/** Both rates of one peer; the worse verdict counts. */
function rateOf(clock: Clock): Rate {
  const messages = tokenBucket(limitOf(CONSENSUS_MESSAGES_PER_SECOND));
  const volume = tokenBucket(limitOf(CONSENSUS_BYTES_PER_SECOND));
  return (bytes) => {
    const nowMs = clock.monotonicMs();
    const verdicts = [messages.take(1, nowMs), volume.take(bytes, nowMs)];
    if (verdicts.includes('abuse')) return 'abuse';
    return verdicts.includes('drop') ? 'drop' : 'pass';
  };
}

/** What members say, however it comes. Returns false when it is time to stop listening. */
function receiver({ isValidator, onMessage, tally, clock }: ConsensusInboxOptions) {
  const rateFor = perPeer(() => rateOf(clock));
  return (key: NodeKey, message: Uint8Array): boolean => {
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
}

export function consensusInbox(options: ConsensusInboxOptions): ConsensusInbox {
  const { isMember, blame, onWake, tally, clock } = options;
  const streams = new Map<NodeKey, Stream>();
  const receive = receiver(options);

  const sleep = watchSleep({
    clock,
    onWake: (sleptMs) => {
      for (const [key, stream] of [...streams]) {
        streams.delete(key);
        tally.dropped('slept');
        stream.abort(new Error('this process was paused: what waits here is history'));
      }
      onWake(sleptMs);
    },
  });

  const listen = (key: NodeKey, stream: Stream): void => {
    const assembler = frameAssembler(PEER_MESSAGE_BYTES_MAX);
    let cancelArrival: (() => void) | undefined;
    const end = (fault: NetworkFault, reason: string): void => {
      streams.delete(key);
      stream.abort(new Error(reason));
      blame(key, fault, reason);
    };
    /** A frame that has begun must end in time: a peer that trickles bytes holds memory for nothing. */
    const watchArrival = (): void => {
      cancelArrival?.();
      cancelArrival = undefined;
      if (!assembler.isWithin || streams.get(key) !== stream) return;
      cancelArrival = clock.at(clock.monotonicMs() + FRAME_ARRIVAL_MS_MAX, () => end('stalled', 'ends no message'));
    };
    stream.addEventListener('close', () => {
      cancelArrival?.();
      if (streams.get(key) === stream) streams.delete(key);
    });
    stream.addEventListener('message', ({ data }) => {
      sleep.look();
      if (streams.get(key) !== stream) return;
      try {
        let whole = 0;
        for (const message of assembler.push(data.subarray())) {
          whole += 1;
          if (!receive(key, message)) return end('flood', 'sends far more than a validator has to say');
        }
        if (whole > 0 || !cancelArrival) watchArrival();
      } catch (error) {
        if (!(error instanceof FrameTooLargeError)) throw error;
        end('oversized', error.message);
      }
    });
  };

  return {
    onStream: (stream, connection) => {
      const key = keyOf(connection.remotePeer);
      if (key === undefined || !isMember(key)) {
        stream.abort(new Error('consensus is spoken among members only'));
        if (key !== undefined) blame(key, 'excess', 'speaks consensus and is no member');
        return;
      }
      const older = streams.get(key);
      if (older) blame(key, 'excess', 'opens one stream after another');
      streams.set(key, stream);
      older?.abort(new Error('replaced by a newer stream of the same peer'));
      listen(key, stream);
    },
    deliver: (key, message) => {
      sleep.look();
      if (!receive(key, message)) blame(key, 'flood', 'has far more relayed than a validator has to say');
    },
    stop: sleep.stop,
  };
}
