/**
 * What one peer says to another. Every message is one tag byte and one SSZ container; decoding is total: it returns a
 * value or throws a `DecodeError`, and never allocates more than the message's own length allows.
 */
import { ByteListType, ByteVectorType, ContainerType, ListCompositeType, UintNumberType } from '@chainsafe/ssz';
import { fromHex, toHex } from './bytes.ts';
import {
  BLOCK_BYTES_MAX,
  EVIDENCE_BLOB_BYTES_MAX,
  EVIDENCE_PER_TRANSACTION_MAX,
  TRANSACTION_BYTES_MAX,
} from './constants.ts';
import { DecodeError } from './errors.ts';
import {
  decodeBlock,
  decodeCertificate,
  decodeHeader,
  decodeTransaction,
  decodeVote,
  encodeBlock,
  encodeCertificate,
  encodeHeader,
  encodeTransaction,
  encodeVote,
  exactInteger,
} from './ssz.ts';
import type { Block, Certificate, FinalityProof, Hash, Header, Transaction, Vote } from './types.ts';

/** Blocks that one sync answer may hold, and certificates that one fetch may. */
export const SYNC_BLOCKS_MAX = 128;
export const FETCH_VIEWS_MAX = 256;
export const FETCH_EVIDENCE_MAX = 8;
/** Headers between a block and the descendant whose finalization makes it final. */
export const FINALITY_DESCENDANTS_MAX = 1_024;

const Uint64 = new UintNumberType(8);
const Uint16 = new UintNumberType(2);
const Bytes32 = new ByteVectorType(32);
const CertificateBytes = new ByteListType(16_384);
const HeaderBytes = new ByteListType(512);
const VoteBytes = new ByteListType(256);
const BlockBytes = new ByteListType(BLOCK_BYTES_MAX);
const BlobBytes = new ByteListType(EVIDENCE_BLOB_BYTES_MAX);

/** Over the direct streams between validators. */
export type ConsensusMessage =
  /** The leader's block with the leader's own notarize vote, which authenticates it. */
  | { readonly type: 'proposal'; readonly block: Block; readonly vote: Vote }
  | { readonly type: 'vote'; readonly vote: Vote }
  | { readonly type: 'certificate'; readonly certificate: Certificate };

/** Over gossip: a transaction with its evidence blobs, in the order of `transaction.evidence`. */
export interface TransactionEnvelope {
  readonly transaction: Transaction;
  readonly blobs: readonly Uint8Array[];
}

export type SyncRequest =
  | { readonly type: 'status' }
  /** Final blocks from `fromHeight` upwards. */
  | { readonly type: 'blocks'; readonly fromHeight: number; readonly count: number }
  /** A block that is not final yet, by hash. */
  | { readonly type: 'block'; readonly hash: Hash }
  /** Notarizations and nullifications of these views, both ends included. */
  | { readonly type: 'certificates'; readonly epoch: number; readonly fromView: number; readonly toView: number }
  | { readonly type: 'evidence'; readonly hashes: readonly Hash[] };

export type SyncResponse =
  | { readonly type: 'status'; readonly height: number; readonly hash: Hash; readonly view: number }
  /** `finality` proves the last of `blocks`; null when there are none. */
  | { readonly type: 'blocks'; readonly blocks: readonly Block[]; readonly finality: FinalityProof | null }
  | { readonly type: 'block'; readonly block: Block | null }
  | { readonly type: 'certificates'; readonly certificates: readonly Certificate[] }
  /** Only those that the peer holds. */
  | { readonly type: 'evidence'; readonly blobs: readonly Uint8Array[] };

const ProposalSsz = new ContainerType({ block: BlockBytes, vote: VoteBytes });
const EnvelopeSsz = new ContainerType({
  transaction: new ByteListType(TRANSACTION_BYTES_MAX),
  blobs: new ListCompositeType(BlobBytes, EVIDENCE_PER_TRANSACTION_MAX),
});
const FinalitySsz = new ContainerType({
  descendants: new ListCompositeType(HeaderBytes, FINALITY_DESCENDANTS_MAX),
  certificate: CertificateBytes,
});
const RangeSsz = new ContainerType({ epoch: Uint64, from: Uint64, to: Uint64 });
const BlocksRequestSsz = new ContainerType({ fromHeight: Uint64, count: Uint16 });
const HashSsz = new ContainerType({ hash: Bytes32 });
const HashesSsz = new ContainerType({ hashes: new ListCompositeType(Bytes32, FETCH_EVIDENCE_MAX) });
const StatusSsz = new ContainerType({ height: Uint64, hash: Bytes32, view: Uint64 });
const BlocksSsz = new ContainerType({
  blocks: new ListCompositeType(BlockBytes, SYNC_BLOCKS_MAX),
  finality: new ListCompositeType(new ByteListType(FINALITY_DESCENDANTS_MAX * 512), 1),
});
const MaybeBlockSsz = new ContainerType({ block: new ListCompositeType(BlockBytes, 1) });
const CertificatesSsz = new ContainerType({
  certificates: new ListCompositeType(CertificateBytes, FETCH_VIEWS_MAX * 2),
});
const BlobsSsz = new ContainerType({ blobs: new ListCompositeType(BlobBytes, FETCH_EVIDENCE_MAX) });

function tagged(tag: number, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(body.length + 1);
  bytes[0] = tag;
  bytes.set(body, 1);
  return bytes;
}

/** Splits tag and body and turns any fault of the library into a `DecodeError`. */
function untagged<T>(where: string, bytes: Uint8Array, decode: (tag: number, body: Uint8Array) => T): T {
  const tag = bytes[0];
  if (tag === undefined) throw new DecodeError(where, 'is empty');
  try {
    return decode(tag, bytes.subarray(1));
  } catch (error) {
    if (error instanceof DecodeError) throw error;
    throw new DecodeError(where, error instanceof Error ? error.message : 'malformed');
  }
}

/** The proofs of a synced range overlap: each of its headers stands in the proof of every block before it. */
const encodedHeaders = new WeakMap<Header, Uint8Array>();
function encodeHeaderOnce(header: Header): Uint8Array {
  const bytes = encodedHeaders.get(header) ?? encodeHeader(header);
  encodedHeaders.set(header, bytes);
  return bytes;
}

export function encodeFinality(proof: FinalityProof): Uint8Array {
  return FinalitySsz.serialize({
    descendants: proof.descendants.map(encodeHeaderOnce),
    certificate: encodeCertificate(proof.certificate),
  });
}
/** @throws DecodeError */
export function decodeFinality(bytes: Uint8Array): FinalityProof {
  return untagged('finality', tagged(0, bytes), (_tag, body) => {
    const raw = FinalitySsz.deserialize(body);
    return { descendants: raw.descendants.map(decodeHeader), certificate: decodeCertificate(raw.certificate) };
  });
}

export function encodeConsensusMessage(message: ConsensusMessage): Uint8Array {
  switch (message.type) {
    case 'proposal':
      return tagged(1, ProposalSsz.serialize({ block: encodeBlock(message.block), vote: encodeVote(message.vote) }));
    case 'vote':
      return tagged(2, encodeVote(message.vote));
    case 'certificate':
      return tagged(3, encodeCertificate(message.certificate));
  }
}
/** @throws DecodeError */
export function decodeConsensusMessage(bytes: Uint8Array): ConsensusMessage {
  return untagged('consensus message', bytes, (tag, body) => {
    switch (tag) {
      case 1: {
        const raw = ProposalSsz.deserialize(body);
        return { type: 'proposal', block: decodeBlock(raw.block), vote: decodeVote(raw.vote) };
      }
      case 2:
        return { type: 'vote', vote: decodeVote(body) };
      case 3:
        return { type: 'certificate', certificate: decodeCertificate(body) };
      default:
        throw new DecodeError('consensus message', `unknown tag ${tag}`);
    }
  });
}

export function encodeEnvelope(envelope: TransactionEnvelope): Uint8Array {
  return EnvelopeSsz.serialize({
    transaction: encodeTransaction(envelope.transaction),
    blobs: [...envelope.blobs],
  });
}
/** @throws DecodeError */
export function decodeEnvelope(bytes: Uint8Array): TransactionEnvelope {
  return untagged('transaction envelope', tagged(0, bytes), (_tag, body) => {
    const raw = EnvelopeSsz.deserialize(body);
    return { transaction: decodeTransaction(raw.transaction), blobs: raw.blobs };
  });
}

export function encodeSyncRequest(request: SyncRequest): Uint8Array {
  switch (request.type) {
    case 'status':
      return tagged(1, new Uint8Array());
    case 'blocks':
      return tagged(2, BlocksRequestSsz.serialize({ fromHeight: request.fromHeight, count: request.count }));
    case 'block':
      return tagged(3, HashSsz.serialize({ hash: fromHex(request.hash, 32) }));
    case 'certificates':
      return tagged(4, RangeSsz.serialize({ epoch: request.epoch, from: request.fromView, to: request.toView }));
    case 'evidence':
      return tagged(5, HashesSsz.serialize({ hashes: request.hashes.map((hash) => fromHex(hash, 32)) }));
  }
}
/** @throws DecodeError */
export function decodeSyncRequest(bytes: Uint8Array): SyncRequest {
  return untagged('sync request', bytes, (tag, body): SyncRequest => {
    switch (tag) {
      case 1:
        if (body.length > 0) throw new DecodeError('sync request', 'a status request has no body');
        return { type: 'status' };
      case 2: {
        const { fromHeight, count } = BlocksRequestSsz.deserialize(body);
        return { type: 'blocks', fromHeight: exactInteger('fromHeight', fromHeight), count };
      }
      case 3:
        return { type: 'block', hash: toHex(HashSsz.deserialize(body).hash) };
      case 4: {
        const { epoch, from, to } = RangeSsz.deserialize(body);
        return {
          type: 'certificates',
          epoch: exactInteger('epoch', epoch),
          fromView: exactInteger('fromView', from),
          toView: exactInteger('toView', to),
        };
      }
      case 5:
        return { type: 'evidence', hashes: HashesSsz.deserialize(body).hashes.map(toHex) };
      default:
        throw new DecodeError('sync request', `unknown tag ${tag}`);
    }
  });
}

/** The answer of type `blocks` out of blocks that are encoded already, as a store has them. */
export function encodeBlocksResponse(blocks: readonly Uint8Array[], finality: FinalityProof | null): Uint8Array {
  return tagged(2, BlocksSsz.serialize({ blocks: [...blocks], finality: finality ? [encodeFinality(finality)] : [] }));
}

export function encodeSyncResponse(response: SyncResponse): Uint8Array {
  switch (response.type) {
    case 'status':
      return tagged(
        1,
        StatusSsz.serialize({ height: response.height, hash: fromHex(response.hash, 32), view: response.view }),
      );
    case 'blocks':
      return encodeBlocksResponse(response.blocks.map(encodeBlock), response.finality);
    case 'block':
      return tagged(3, MaybeBlockSsz.serialize({ block: response.block ? [encodeBlock(response.block)] : [] }));
    case 'certificates':
      return tagged(4, CertificatesSsz.serialize({ certificates: response.certificates.map(encodeCertificate) }));
    case 'evidence':
      return tagged(5, BlobsSsz.serialize({ blobs: [...response.blobs] }));
  }
}
/** @throws DecodeError */
export function decodeSyncResponse(bytes: Uint8Array): SyncResponse {
  return untagged('sync response', bytes, (tag, body): SyncResponse => {
    switch (tag) {
      case 1: {
        const { height, hash, view } = StatusSsz.deserialize(body);
        return {
          type: 'status',
          height: exactInteger('height', height),
          hash: toHex(hash),
          view: exactInteger('view', view),
        };
      }
      case 2: {
        const raw = BlocksSsz.deserialize(body);
        const finality = raw.finality[0];
        return {
          type: 'blocks',
          blocks: raw.blocks.map(decodeBlock),
          finality: finality ? decodeFinality(finality) : null,
        };
      }
      case 3: {
        const block = MaybeBlockSsz.deserialize(body).block[0];
        return { type: 'block', block: block ? decodeBlock(block) : null };
      }
      case 4:
        return {
          type: 'certificates',
          certificates: CertificatesSsz.deserialize(body).certificates.map(decodeCertificate),
        };
      case 5:
        return { type: 'evidence', blobs: BlobsSsz.deserialize(body).blobs };
      default:
        throw new DecodeError('sync response', `unknown tag ${tag}`);
    }
  });
}
