/**
 * The network as the host sees it: bytes to and from nodes that are named by their ed25519 key (which noise has
 * proven). Sending never blocks and never throws: what cannot be sent is dropped and counted, because consensus
 * resends and sync asks again.
 */
import type { ValidatorKey } from '../protocol/types.ts';

export type NodeKey = ValidatorKey;

export interface PeerInfo {
  readonly key: NodeKey;
  /** Where it was reached, for people. */
  readonly address: string;
  readonly direction: 'inbound' | 'outbound';
  readonly connectedAtMs: number;
}

export type GossipVerdict = 'accept' | 'ignore' | 'reject';

/** What the host found wrong with the content of a peer's message; the network knows its own limits itself. */
export type PeerFault =
  /** Bytes that no decoder accepts. */
  | 'malformed'
  /** A signature that does not hold, or a message in the name of another. */
  | 'invalid';

export interface NetworkHandlers {
  /** A message on the direct stream of a validator. */
  readonly onConsensus: (from: NodeKey, bytes: Uint8Array) => void;
  /** A gossiped transaction envelope; `reject` counts against the peer that forwarded it. */
  readonly onTransaction: (from: NodeKey, bytes: Uint8Array) => Promise<GossipVerdict>;
  /** A member tells where its chain stands. Only followers are told. */
  readonly onAnnouncement: (from: NodeKey, bytes: Uint8Array) => void;
  /** Answers a sync request. A thrown error closes the stream without an answer. */
  readonly onSyncRequest: (from: NodeKey, bytes: Uint8Array) => Promise<Uint8Array>;
  readonly onPeerConnected: (key: NodeKey) => void;
  readonly onPeerDisconnected: (key: NodeKey) => void;
}

export interface NetworkCounters {
  readonly messagesSent: number;
  readonly bytesSent: number;
  readonly messagesReceived: number;
  readonly bytesReceived: number;
  readonly dropped: number;
}

export interface Network {
  readonly self: NodeKey;
  start(handlers: NetworkHandlers): Promise<void>;
  stop(): Promise<void>;
  peers(): readonly PeerInfo[];
  /** Best effort, in order, to one validator's direct stream. */
  sendConsensus(to: NodeKey, bytes: Uint8Array): void;
  /** Best effort to all other validators. */
  broadcastConsensus(bytes: Uint8Array): void;
  /** Best effort to the attached followers: nodes that are no members, whom consensus tells nothing. */
  announce(bytes: Uint8Array): void;
  /** Gossips a transaction envelope. Publishing the same bytes again is quietly ignored. */
  publishTransaction(bytes: Uint8Array): void;
  /** @throws NetworkError when the peer is unknown, slow, or closes the stream */
  requestSync(to: NodeKey, bytes: Uint8Array, timeoutMs: number): Promise<Uint8Array>;
  counters(): NetworkCounters;
  /** Holds a fault against the peer that sent it; enough of them cut it off. Absent where nobody can be cut off. */
  blame?(key: NodeKey, fault: PeerFault): void;
}

export type NetworkErrorCode = 'PEER_UNKNOWN' | 'PEER_TIMEOUT' | 'PEER_CLOSED' | 'MESSAGE_TOO_LARGE' | 'NOT_STARTED';

export class NetworkError extends Error {
  override readonly name = 'NetworkError';
  readonly code: NetworkErrorCode;

  constructor(code: NetworkErrorCode, detail: string) {
    super(`${code}: ${detail}`);
    this.code = code;
  }
}
