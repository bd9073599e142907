/**
 * The two SSZ roots of a transaction, what is signed and what names it, from one pass over its fields. They differ in
 * the signature alone: both are trees of sixteen chunks (nine fields, or ten), and fifteen of the sixteen are the same.
 * Hashing each container for itself was the largest part of admitting a transaction after its signature.
 */
import { digest64, zeroHash } from '@chainsafe/persistent-merkle-tree';
import { fromHex, utf8Bytes } from './bytes.ts';
import { TransactionSsz } from './ssz.ts';
import type { Hex, UnsignedTransaction } from './types.ts';

export interface TransactionRoots {
  /** Root of the unsigned container. */
  readonly unsigned: Uint8Array;
  /** Root of the container with this signature. */
  readonly signedBy: (signature: Hex) => Uint8Array;
}

const { fields } = TransactionSsz;

/** Roots of the few short texts that most transactions share: the chain's id, the names of calls. */
const TEXTS_MAX = 256;

function textRoots(type: { hashTreeRoot(value: Uint8Array): Uint8Array }): (text: string) => Uint8Array {
  const known = new Map<string, Uint8Array>();
  return (text) => {
    const root = known.get(text) ?? type.hashTreeRoot(utf8Bytes(text));
    if (known.size >= TEXTS_MAX) known.clear();
    known.set(text, root);
    return root;
  };
}

const chainIdRoot = textRoots(fields.chainId);
const typeRoot = textRoots(fields.type);
const noEvidenceRoot = fields.evidence.hashTreeRoot([]);

/** Field roots of nonce and amounts: the chunk itself. */
const uint64 = (value: number): Uint8Array => fields.nonce.hashTreeRoot(value);

export function transactionRoots(tx: UnsignedTransaction): TransactionRoots {
  const evidence =
    tx.evidence.length === 0
      ? noEvidenceRoot
      : fields.evidence.hashTreeRoot(tx.evidence.map((one) => fromHex(one, 32)));
  const left = digest64(
    digest64(
      digest64(chainIdRoot(tx.chainId), typeRoot(tx.type)),
      digest64(
        fields.sender.hashTreeRoot(fromHex(tx.sender, 20)),
        fields.publicKey.hashTreeRoot(fromHex(tx.publicKey, 33)),
      ),
    ),
    digest64(
      digest64(uint64(tx.nonce), uint64(tx.gasPrice)),
      digest64(uint64(tx.gasLimit), fields.args.hashTreeRoot(utf8Bytes(tx.args))),
    ),
  );
  const rootWith = (tenth: Uint8Array): Uint8Array =>
    digest64(left, digest64(digest64(digest64(evidence, tenth), zeroHash(1)), zeroHash(2)));
  return {
    unsigned: rootWith(zeroHash(0)),
    signedBy: (signature) => rootWith(fields.signature.hashTreeRoot(fromHex(signature, 64))),
  };
}
