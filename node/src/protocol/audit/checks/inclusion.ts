/** Each transaction was signed by its sender and stands, with its receipt, in a final block; its evidence is here. */
import { fromHex } from '../../bytes.ts';
import type { Verifier } from '../../crypto/verifier.ts';
import { addressOf, evidenceHash, receiptHash, transactionHash, transactionSigningRoot } from '../../hashing.ts';
import { verifyListItem } from '../../merkle/list.ts';
import { BLOCK_LIST_LIMIT } from '../../ssz.ts';
import { ZERO_HASH } from '../../types.ts';
import { fromBase64 } from '../base64.ts';
import type { AuditBundle, BundleStep } from '../bundle.ts';
import { check } from '../errors.ts';
import { touches } from '../relevance.ts';
import type { Headers } from './finality.ts';

const placeOf = ({ height, index }: Pick<BundleStep, 'height' | 'index'>): string =>
  `transaction ${index} of block ${height}`;

/** @throws CheckError */
export function checkSignatures({ chainId, steps }: AuditBundle, verifier: Verifier): void {
  for (const step of steps) {
    const { transaction } = step;
    const { publicKey, sender, signature } = transaction;
    const where = placeOf(step);
    check(transaction.chainId === chainId, `${where} is of another chain`);
    check(addressOf(fromHex(publicKey, 33)) === sender, `${where} has a sender that is not its key's`);
    const signed = verifier.wallet(publicKey, transactionSigningRoot(transaction), signature);
    check(signed, `${where} has a wrong signature`);
  }
}

/** @throws CheckError */
export function checkInclusion({ steps, systemReceipts, incidentId }: AuditBundle, headers: Headers): void {
  let previous = { height: 0, index: 0 };
  for (const step of steps) {
    const { height, index, transaction, receipt, transactionProof, receiptProof } = step;
    const where = placeOf(step);
    const header = headers.get(height);
    check(header !== undefined, `the header of ${where} is missing`);
    const later = height > previous.height || (height === previous.height && index > previous.index);
    check(later, `${where} is out of order, or stands here twice`);
    previous = { height, index };
    const hash = transactionHash(transaction);
    check(transactionProof.index === index && receiptProof.index === index, `${where} is proven at another place`);
    const included = verifyListItem(hash, transactionProof, header.transactionsRoot, BLOCK_LIST_LIMIT);
    check(included, `${where} is not in its block`);
    check(receipt.transaction === hash, `the receipt of ${where} is of another transaction`);
    const received = verifyListItem(receiptHash(receipt), receiptProof, header.receiptsRoot, BLOCK_LIST_LIMIT);
    check(received, `the receipt of ${where} is not in its block`);
    check(receipt.status === 'success', `${where} failed, so it is no step`);
  }
  let last = 0;
  for (const { height, receipt, receiptProof } of systemReceipts) {
    const header = headers.get(height);
    check(header !== undefined, `the header of height ${height} is missing`);
    check(height > last, `the own receipt of block ${height} is out of order, or stands here twice`);
    last = height;
    check(receipt.transaction === ZERO_HASH, `the own receipt of block ${height} is of a transaction`);
    const received = verifyListItem(receiptHash(receipt), receiptProof, header.receiptsRoot, BLOCK_LIST_LIMIT);
    check(received, `the own receipt of block ${height} is not in its block`);
    check(touches(receipt, incidentId), `the own receipt of block ${height} is not about this incident`);
  }
}

/** Exactly the evidence that the transactions refer to, each blob with its hash. @throws CheckError */
export function checkEvidence({ steps, blobs }: AuditBundle): void {
  const wanted = new Set(steps.flatMap(({ transaction }) => transaction.evidence));
  let previous = '';
  for (const { hash, base64 } of blobs) {
    check(hash > previous, `the evidence ${hash} is out of order, or stands here twice`);
    previous = hash;
    check(wanted.delete(hash), `no transaction refers to the evidence ${hash}`);
    check(evidenceHash(fromBase64(base64)) === hash, `the evidence ${hash} has other content`);
  }
  const [missing] = wanted;
  check(missing === undefined, `the evidence ${missing} is missing`);
}
