/**
 * What members tell their followers: where the chain stands, over one long-lived stream that the member opens. A
 * follower asks for the blocks by itself; this only spares it asking when there are none. How many followers there are
 * is bounded at the gate.
 */
import type { Connection, Stream, StreamHandler } from '@libp2p/interface';
import type { Clock } from '../ports/clock.ts';
import type { NodeKey } from '../ports/network.ts';
import { type ConsensusLink, consensusLink } from './consensus-link.ts';
import { ANNOUNCEMENT_BYTES_MAX, ANNOUNCEMENTS_PER_SECOND, RATE_BURST_SECONDS } from './constants.ts';
import { encodeFrame, frameAssembler } from './frame.ts';
import { keyOf } from './identity.ts';
import type { Tally } from './tally.ts';
import { tokenBucket } from './token-bucket.ts';

export interface FollowerLinks {
  attach(key: NodeKey, connection: Connection): void;
  detach(key: NodeKey): void;
  /** Best effort to all that are attached. */
  announce(bytes: Uint8Array): void;
  stop(): void;
}

export interface FollowerLinksOptions {
  readonly protocol: string;
  readonly isFollower: (key: NodeKey) => boolean;
  readonly tally: Tally;
  readonly clock: Clock;
  readonly random: () => number;
}

/** The sending half, at a member: the same kind of stream and queue as consensus has between members. */
export function followerLinks({ isFollower, ...options }: FollowerLinksOptions): FollowerLinks {
  const links = new Map<NodeKey, ConsensusLink>();
  const detach = (key: NodeKey): void => {
    links.get(key)?.detach();
    links.delete(key);
  };
  return {
    attach(key, connection) {
      if (!isFollower(key)) return;
      const link = consensusLink(options);
      links.set(key, link);
      link.attach(connection);
    },
    detach,
    announce(bytes) {
      if (links.size === 0) return;
      const frame = encodeFrame(bytes);
      for (const link of links.values()) link.send(frame);
    },
    stop() {
      for (const key of [...links.keys()]) detach(key);
    },
  };
}

export interface AnnouncementInboxOptions {
  readonly isMember: (key: NodeKey) => boolean;
  readonly onMessage: (from: NodeKey, bytes: Uint8Array) => void;
  readonly tally: Tally;
  readonly clock: Clock;
}

/**
 * The receiving half, at a follower: one stream a member. What comes too fast is dropped, and what is malformed ends
 * the stream.
 */
export function announcementInbox({ isMember, onMessage, tally, clock }: AnnouncementInboxOptions): StreamHandler {
  const streams = new Map<NodeKey, Stream>();
  const burst = ANNOUNCEMENTS_PER_SECOND * RATE_BURST_SECONDS;
  return (stream, connection) => {
    const key = keyOf(connection.remotePeer);
    if (key === undefined || !isMember(key)) {
      stream.abort(new Error('only members announce'));
      return;
    }
    streams.get(key)?.abort(new Error('replaced by a newer stream of the same peer'));
    streams.set(key, stream);
    stream.addEventListener('close', () => {
      if (streams.get(key) === stream) streams.delete(key);
    });
    const rate = tokenBucket({ perSecond: ANNOUNCEMENTS_PER_SECOND, burst, debtMax: Number.POSITIVE_INFINITY });
    const assembler = frameAssembler(ANNOUNCEMENT_BYTES_MAX);
    stream.addEventListener('message', ({ data }) => {
      if (streams.get(key) !== stream) return;
      try {
        const messages = [...assembler.push(data.subarray())];
        for (const { length } of messages) tally.received(length);
        // Only the newest counts: a follower that was paused finds many at once.
        const newest = messages.at(-1);
        if (!newest) return;
        if (rate.take(1, clock.monotonicMs()) === 'pass') onMessage(key, newest);
        else tally.dropped('rate_limited');
      } catch (error) {
        streams.delete(key);
        stream.abort(error instanceof Error ? error : new Error('malformed stream'));
      }
    });
  };
}
