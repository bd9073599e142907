/**
 * The links between regions: delay with jitter, packets that are lost and sent again, and gossip that spreads as
 * gossipsub does. What crosses them is counted here.
 */
import type { NodeKey } from '../../../ports/index.ts';
import { hashBytes } from '../../../protocol/hashing.ts';
import type { Fate, MemoryMessage } from '../../memory-network.ts';
import type { Random } from '../../random.ts';

/** Share by which a way may take longer than its average: uniform from 0 to this. */
const JITTER_SHARE = 0.1;
/** Share of packets that are lost. */
const LOSS = 0.001;
/** Bytes of payload in a packet: an Ethernet frame of 1,500 without the headers of IP and TCP with timestamps. */
const PACKET_BYTES = 1_448;
/**
 * Round trips until a lost packet is missed and sent again: the probe timeout for a stream that falls silent (RFC 8985,
 * section 7.2). What follows on the stream waits, because a stream delivers in order.
 */
const PROBE_ROUND_TRIPS = 2;
/** Nodes that each node hands others' transactions on to, as the mesh of gossipsub does: D = 4. */
const MESH_OFFSETS = [1, 2] as const;
/** Publishers that are remembered; a transaction has spread long before it is forgotten. */
const PUBLISHED_MAX = 4_096;

export interface Traffic {
  messages: number;
  bytes: number;
}

export interface LinksOptions {
  readonly keys: readonly NodeKey[];
  /** Milliseconds of one way, by places in `keys`. */
  readonly delaysMs: readonly (readonly number[])[];
  readonly random: Random;
}

export interface Links {
  readonly fate: (message: MemoryMessage) => Fate;
  /** What was sent so far. */
  readonly consensus: Readonly<Traffic>;
  readonly gossip: Readonly<Traffic>;
}

export function wideLinks({ keys, delaysMs, random }: LinksOptions): Links {
  const places = new Map(keys.map((key, place) => [key, place]));
  const publishers = new Map<string, NodeKey>();
  const consensus = { messages: 0, bytes: 0 };
  const gossip = { messages: 0, bytes: 0 };

  const travelMs = (from: number, to: number, bytes: number): number => {
    const oneWayMs = delaysMs[from]?.[to] ?? 0;
    let ms = oneWayMs * (1 + random.next() * JITTER_SHARE);
    const packets = Math.max(1, Math.ceil(bytes / PACKET_BYTES));
    if (random.chance(1 - (1 - LOSS) ** packets)) ms += PROBE_ROUND_TRIPS * 2 * oneWayMs;
    return ms;
  };
  const inMesh = (from: number, to: number): boolean =>
    MESH_OFFSETS.some((offset) => (from + offset) % keys.length === to || (to + offset) % keys.length === from);
  /** The hub hands everything on to everyone; gossipsub hands its own on to everyone and others' to its mesh. */
  const spreads = ({ from, bytes }: MemoryMessage, fromPlace: number, toPlace: number): boolean => {
    const name = hashBytes(bytes);
    const publisher = publishers.get(name) ?? from;
    if (publishers.size >= PUBLISHED_MAX) publishers.clear();
    publishers.set(name, publisher);
    return publisher === from || inMesh(fromPlace, toPlace);
  };

  return {
    consensus,
    gossip,
    fate: (message) => {
      const from = places.get(message.from) ?? 0;
      const to = places.get(message.to) ?? 0;
      const { kind, bytes } = message;
      if (kind === 'transaction' && !spreads(message, from, to)) return 'lost';
      const counted = kind === 'consensus' ? consensus : gossip;
      if (kind === 'consensus' || kind === 'transaction') {
        counted.messages += 1;
        counted.bytes += bytes.length;
      }
      return travelMs(from, to, bytes.length);
    },
  };
}
