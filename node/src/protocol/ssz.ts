/**
 * SSZ schemas of everything that is hashed, signed or sent (Ethereum consensus-specs, simple-serialize), and the
 * conversion between them and the protocol's values. Field order is part of the protocol: the frozen vectors hold it.
 */
import {
  BitArray,
  BitListType,
  ByteListType,
  ByteVectorType,
  ContainerType,
  ListCompositeType,
  UintNumberType,
  type ValueOf,
} from '@chainsafe/ssz';
import { fromHex, textOf, toHex, utf8Bytes } from './bytes.ts';
import { canonicalBytes, parseCanonical } from './canonical.ts';
import {
  CALL_ARGS_BYTES_MAX,
  CHAIN_ID_LENGTH_MAX,
  EVENT_BYTES_MAX,
  EVENTS_PER_RECEIPT_MAX,
  EVIDENCE_PER_TRANSACTION_MAX,
  INTEGER_MAX,
  TRANSACTIONS_PER_BLOCK_MAX,
  VALIDATORS_MAX,
} from './constants.ts';
import { DecodeError, FAILURE_CODES, type FailureCode } from './errors.ts';
import {
  type Block,
  type Certificate,
  type ContractEvent,
  type Header,
  type Receipt,
  type Transaction,
  type UnsignedTransaction,
  type Validator,
  VOTE_KINDS,
  type Vote,
  type VoteKind,
  type VoteSubject,
} from './types.ts';

const Uint64 = new UintNumberType(8);
const Uint8 = new UintNumberType(1);
const Uint16 = new UintNumberType(2);
export const Bytes20 = new ByteVectorType(20);
export const Bytes32 = new ByteVectorType(32);
const Bytes33 = new ByteVectorType(33);
const Bytes64 = new ByteVectorType(64);
const ShortText = new ByteListType(64);

export const UnsignedTransactionSsz = new ContainerType({
  chainId: new ByteListType(CHAIN_ID_LENGTH_MAX),
  type: ShortText,
  sender: Bytes20,
  publicKey: Bytes33,
  nonce: Uint64,
  gasPrice: Uint64,
  gasLimit: Uint64,
  args: new ByteListType(CALL_ARGS_BYTES_MAX),
  evidence: new ListCompositeType(Bytes32, EVIDENCE_PER_TRANSACTION_MAX),
});
export const TransactionSsz = new ContainerType({ ...UnsignedTransactionSsz.fields, signature: Bytes64 });

const EventSsz = new ContainerType({ name: ShortText, data: new ByteListType(EVENT_BYTES_MAX) });
export const ReceiptSsz = new ContainerType({
  transaction: Bytes32,
  status: Uint8,
  reason: ShortText,
  detail: new ByteListType(512),
  gasUsed: Uint64,
  events: new ListCompositeType(EventSsz, EVENTS_PER_RECEIPT_MAX),
});

export const HeaderSsz = new ContainerType({
  height: Uint64,
  view: Uint64,
  epoch: Uint64,
  parentHash: Bytes32,
  timestampMs: Uint64,
  proposer: Bytes32,
  transactionsRoot: Bytes32,
  receiptsRoot: Bytes32,
  stateRoot: Bytes32,
  evidenceRoot: Bytes32,
  validatorSetHash: Bytes32,
});
export const BlockSsz = new ContainerType({
  header: HeaderSsz,
  transactions: new ListCompositeType(TransactionSsz, TRANSACTIONS_PER_BLOCK_MAX),
});

const ValidatorSsz = new ContainerType({ key: Bytes32, power: Uint64 });
export const ValidatorSetSsz = new ContainerType({
  epoch: Uint64,
  validators: new ListCompositeType(ValidatorSsz, VALIDATORS_MAX),
});

export const VoteSubjectSsz = new ContainerType({ epoch: Uint64, view: Uint64, block: Bytes32 });
export const VoteSsz = new ContainerType({
  kind: Uint8,
  epoch: Uint64,
  view: Uint64,
  block: Bytes32,
  validator: Uint16,
  signature: Bytes64,
});
export const CertificateSsz = new ContainerType({
  kind: Uint8,
  epoch: Uint64,
  view: Uint64,
  block: Bytes32,
  signers: new BitListType(VALIDATORS_MAX),
  signatures: new ListCompositeType(Bytes64, VALIDATORS_MAX),
});

/** Root of a list of 32-byte leaves, such as the hashes of a block's transactions or receipts. */
export const BLOCK_LIST_LIMIT = 1_024;
export const EVIDENCE_LIST_LIMIT = 2_048;

/** Beyond exact integers two numbers look the same, and counting up from one never ends. @throws DecodeError */
export function exactInteger(where: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 0 || value > INTEGER_MAX) throw new DecodeError(where, 'out of range');
  return value;
}

type RawUnsigned = ValueOf<typeof UnsignedTransactionSsz>;

const rawUnsigned = (tx: UnsignedTransaction): RawUnsigned => ({
  chainId: utf8Bytes(tx.chainId),
  type: utf8Bytes(tx.type),
  sender: fromHex(tx.sender, 20),
  publicKey: fromHex(tx.publicKey, 33),
  nonce: tx.nonce,
  gasPrice: tx.gasPrice,
  gasLimit: tx.gasLimit,
  args: utf8Bytes(tx.args),
  evidence: tx.evidence.map((hash) => fromHex(hash, 32)),
});

const rawTransaction = (tx: Transaction): ValueOf<typeof TransactionSsz> => ({
  ...rawUnsigned(tx),
  signature: fromHex(tx.signature, 64),
});

const cookTransaction = (raw: ValueOf<typeof TransactionSsz>): Transaction => ({
  chainId: textOf(raw.chainId),
  type: textOf(raw.type),
  sender: toHex(raw.sender),
  publicKey: toHex(raw.publicKey),
  nonce: exactInteger('nonce', raw.nonce),
  gasPrice: exactInteger('gasPrice', raw.gasPrice),
  gasLimit: exactInteger('gasLimit', raw.gasLimit),
  args: textOf(raw.args),
  evidence: raw.evidence.map(toHex),
  signature: toHex(raw.signature),
});

const rawHeader = (header: Header): ValueOf<typeof HeaderSsz> => ({
  height: header.height,
  view: header.view,
  epoch: header.epoch,
  parentHash: fromHex(header.parentHash, 32),
  timestampMs: header.timestampMs,
  proposer: fromHex(header.proposer, 32),
  transactionsRoot: fromHex(header.transactionsRoot, 32),
  receiptsRoot: fromHex(header.receiptsRoot, 32),
  stateRoot: fromHex(header.stateRoot, 32),
  evidenceRoot: fromHex(header.evidenceRoot, 32),
  validatorSetHash: fromHex(header.validatorSetHash, 32),
});

const cookHeader = (raw: ValueOf<typeof HeaderSsz>): Header => ({
  height: exactInteger('height', raw.height),
  view: exactInteger('view', raw.view),
  epoch: exactInteger('epoch', raw.epoch),
  parentHash: toHex(raw.parentHash),
  timestampMs: exactInteger('timestampMs', raw.timestampMs),
  proposer: toHex(raw.proposer),
  transactionsRoot: toHex(raw.transactionsRoot),
  receiptsRoot: toHex(raw.receiptsRoot),
  stateRoot: toHex(raw.stateRoot),
  evidenceRoot: toHex(raw.evidenceRoot),
  validatorSetHash: toHex(raw.validatorSetHash),
});

const rawEvent = (event: ContractEvent) => ({ name: utf8Bytes(event.name), data: canonicalBytes(event.data) });

const rawReceipt = (receipt: Receipt): ValueOf<typeof ReceiptSsz> => ({
  transaction: fromHex(receipt.transaction, 32),
  status: receipt.status === 'success' ? 1 : 0,
  reason: utf8Bytes(receipt.reason),
  detail: utf8Bytes(receipt.detail),
  gasUsed: receipt.gasUsed,
  events: receipt.events.map(rawEvent),
});

function cookEvent({ name, data }: ValueOf<typeof EventSsz>): ContractEvent {
  const value = parseCanonical(data);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new DecodeError('event.data', 'is no object');
  }
  return { name: textOf(name), data: value as ContractEvent['data'] };
}

function cookReceipt(raw: ValueOf<typeof ReceiptSsz>): Receipt {
  const reason = textOf(raw.reason);
  if (raw.status > 1) throw new DecodeError('receipt.status', 'is neither 0 nor 1');
  if (reason !== '' && !FAILURE_CODES.includes(reason as FailureCode)) {
    throw new DecodeError('receipt.reason', 'unknown code');
  }
  return {
    transaction: toHex(raw.transaction),
    status: raw.status === 1 ? 'success' : 'failed',
    reason: reason as FailureCode | '',
    detail: textOf(raw.detail),
    gasUsed: exactInteger('gasUsed', raw.gasUsed),
    events: raw.events.map(cookEvent),
  };
}

const kindIndex = (kind: VoteKind): number => VOTE_KINDS.indexOf(kind);

function kindOf(index: number): VoteKind {
  const kind = VOTE_KINDS[index];
  if (kind === undefined) throw new DecodeError('vote.kind', `${index} is unknown`);
  return kind;
}

const rawCertificate = (certificate: Certificate): ValueOf<typeof CertificateSsz> => {
  const size = (certificate.signers.at(-1) ?? -1) + 1;
  return {
    kind: kindIndex(certificate.kind),
    epoch: certificate.epoch,
    view: certificate.view,
    block: fromHex(certificate.block, 32),
    signers: BitArray.fromBoolArray(Array.from({ length: size }, (_, index) => certificate.signers.includes(index))),
    signatures: certificate.signatures.map((signature) => fromHex(signature, 64)),
  };
};

function cookCertificate(raw: ValueOf<typeof CertificateSsz>): Certificate {
  const signers = raw.signers.getTrueBitIndexes();
  // The list ends with its last signer: zeros behind it would be a second spelling of the same certificate.
  if (raw.signers.bitLen !== (signers.at(-1) ?? -1) + 1)
    throw new DecodeError('certificate.signers', 'ends with zeros');
  return {
    kind: kindOf(raw.kind),
    epoch: exactInteger('epoch', raw.epoch),
    view: exactInteger('view', raw.view),
    block: toHex(raw.block),
    signers,
    signatures: raw.signatures.map(toHex),
  };
}

/** Any decoding fault of the library comes out as one typed error. */
function decoding<T>(where: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof DecodeError) throw error;
    throw new DecodeError(where, error instanceof Error ? error.message : 'malformed');
  }
}

export const encodeTransaction = (tx: Transaction): Uint8Array => TransactionSsz.serialize(rawTransaction(tx));
/** @throws DecodeError */
export const decodeTransaction = (bytes: Uint8Array): Transaction =>
  decoding('transaction', () => cookTransaction(TransactionSsz.deserialize(bytes)));

export const encodeHeader = (header: Header): Uint8Array => HeaderSsz.serialize(rawHeader(header));
/** @throws DecodeError */
export const decodeHeader = (bytes: Uint8Array): Header =>
  decoding('header', () => cookHeader(HeaderSsz.deserialize(bytes)));

export const encodeBlock = (block: Block): Uint8Array =>
  BlockSsz.serialize({ header: rawHeader(block.header), transactions: block.transactions.map(rawTransaction) });
/** @throws DecodeError */
export const decodeBlock = (bytes: Uint8Array): Block =>
  decoding('block', () => {
    const raw = BlockSsz.deserialize(bytes);
    return { header: cookHeader(raw.header), transactions: raw.transactions.map(cookTransaction) };
  });

/** The header of an encoded block, which stands first. @throws DecodeError */
export const decodeBlockHeader = (block: Uint8Array): Header =>
  decodeHeader(block.subarray(0, HeaderSsz.fixedSize ?? 0)); // all its fields are of fixed size

export const encodeReceipt = (receipt: Receipt): Uint8Array => ReceiptSsz.serialize(rawReceipt(receipt));
/** @throws DecodeError */
export const decodeReceipt = (bytes: Uint8Array): Receipt =>
  decoding('receipt', () => cookReceipt(ReceiptSsz.deserialize(bytes)));

export const encodeVote = (vote: Vote): Uint8Array =>
  VoteSsz.serialize({
    kind: kindIndex(vote.kind),
    epoch: vote.epoch,
    view: vote.view,
    block: fromHex(vote.block, 32),
    validator: vote.validator,
    signature: fromHex(vote.signature, 64),
  });
/** @throws DecodeError */
export const decodeVote = (bytes: Uint8Array): Vote =>
  decoding('vote', () => {
    const raw = VoteSsz.deserialize(bytes);
    return {
      kind: kindOf(raw.kind),
      epoch: exactInteger('epoch', raw.epoch),
      view: exactInteger('view', raw.view),
      block: toHex(raw.block),
      validator: raw.validator,
      signature: toHex(raw.signature),
    };
  });

export const encodeCertificate = (certificate: Certificate): Uint8Array =>
  CertificateSsz.serialize(rawCertificate(certificate));
/** @throws DecodeError */
export const decodeCertificate = (bytes: Uint8Array): Certificate =>
  decoding('certificate', () => cookCertificate(CertificateSsz.deserialize(bytes)));

export const headerRoot = (header: Header): Uint8Array => HeaderSsz.hashTreeRoot(rawHeader(header));
export const receiptRoot = (receipt: Receipt): Uint8Array => ReceiptSsz.hashTreeRoot(rawReceipt(receipt));
export const voteSubjectRoot = (subject: VoteSubject): Uint8Array =>
  VoteSubjectSsz.hashTreeRoot({ epoch: subject.epoch, view: subject.view, block: fromHex(subject.block, 32) });
export const validatorSetRoot = (epoch: number, validators: readonly Validator[]): Uint8Array =>
  ValidatorSetSsz.hashTreeRoot({
    epoch,
    validators: validators.map(({ key, power }) => ({ key: fromHex(key, 32), power })),
  });
