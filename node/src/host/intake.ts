/** How a transaction gets into the pool, from this node's own callers and from gossip. */
import type { ChainStore, GossipVerdict } from '../ports/index.ts';
import { EVIDENCE_BLOB_BYTES_MAX } from '../protocol/constants.ts';
import type { Verifier } from '../protocol/crypto/verifier.ts';
import { type AdmissionCode, AdmissionError, DecodeError } from '../protocol/errors.ts';
import { evidenceHash, transactionHash } from '../protocol/hashing.ts';
import type { Hash } from '../protocol/types.ts';
import { decodeEnvelope, type TransactionEnvelope } from '../protocol/wire.ts';
import { checkStateless } from '../vm/index.ts';
import type { Mempool } from './mempool.ts';

/** What nobody passes on in good faith. Everything else a well-meaning peer may simply have heard earlier or later. */
const HELD_AGAINST_PEER: ReadonlySet<AdmissionCode> = new Set<AdmissionCode>([
  'TX_MALFORMED',
  'TX_BAD_SIGNATURE',
  'TX_SENDER_MISMATCH',
  'TX_WRONG_CHAIN',
  'TX_EVIDENCE_MISMATCH',
]);

export interface IntakeDependencies {
  readonly chainId: string;
  readonly verifier: Verifier;
  readonly store: ChainStore;
  readonly pool: Mempool;
  readonly onAdmitted: () => void;
}

/** The blobs of an envelope by their hash. @throws AdmissionError TX_EVIDENCE_*, TX_TOO_LARGE */
function namedBlobs({ transaction, blobs }: TransactionEnvelope): ReadonlyMap<Hash, Uint8Array> {
  const { evidence } = transaction;
  if (blobs.length !== evidence.length) {
    throw new AdmissionError('TX_EVIDENCE_MISSING', `${evidence.length} blobs named, ${blobs.length} sent`);
  }
  const named = new Map(evidence.map((hash, index) => [hash, blobs[index] as Uint8Array])); // same length
  for (const [hash, blob] of named) {
    if (blob.length > EVIDENCE_BLOB_BYTES_MAX) {
      throw new AdmissionError(
        'TX_TOO_LARGE',
        `an evidence blob has ${blob.length} bytes, ${EVIDENCE_BLOB_BYTES_MAX} are allowed`,
      );
    }
    if (evidenceHash(blob) !== hash) throw new AdmissionError('TX_EVIDENCE_MISMATCH', `a blob is not ${hash}`);
  }
  return named;
}

/** Checks an envelope and puts it into the pool. @throws AdmissionError */
export async function admit(deps: IntakeDependencies, envelope: TransactionEnvelope): Promise<Hash> {
  const { transaction } = envelope;
  const hash = transactionHash(transaction);
  if (deps.pool.get(hash)) throw new AdmissionError('TX_KNOWN', 'it is waiting already');
  checkStateless(transaction, deps.chainId, deps.verifier);
  try {
    deps.pool.add({ hash, transaction, blobs: namedBlobs(envelope) });
  } catch (error) {
    // What is final already has a used nonce: only then is the disk worth asking.
    const used = error instanceof AdmissionError && error.code === 'TX_NONCE_USED';
    if (used && (await deps.store.placeOf(hash))) throw new AdmissionError('TX_KNOWN', 'it is in a final block');
    throw error;
  }
  deps.onAdmitted();
  return hash;
}

/** Judges what a peer gossips. */
export async function admitGossip(deps: IntakeDependencies, bytes: Uint8Array): Promise<GossipVerdict> {
  try {
    await admit(deps, decodeEnvelope(bytes));
    return 'accept';
  } catch (error) {
    if (error instanceof DecodeError) return 'reject';
    if (!(error instanceof AdmissionError)) throw error;
    return HELD_AGAINST_PEER.has(error.code) ? 'reject' : 'ignore';
  }
}
