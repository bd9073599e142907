/**
 * The protocol's values as every room sees them. Bytes are lowercase hex strings without prefix: they print, compare
 * and key a map as they are; `ssz.ts` turns them into bytes where something is hashed, signed or sent.
 */

import type { Json } from './canonical.ts';
import type { FailureCode } from './errors.ts';

/** Lowercase hex without prefix. */
export type Hex = string;
/** 32 bytes. */
export type Hash = Hex;
/** 20 bytes: the end of SHA-256 over the compressed wallet key. */
export type Address = Hex;
/** 32 bytes, ed25519: a validator's consensus key, which is also its node's network identity. */
export type ValidatorKey = Hex;
/** Non-negative safe integer. */
export type Amount = number;
/** Milliseconds since the Unix epoch, as headers state them. */
export type TimestampMs = number;

export interface UnsignedTransaction {
  readonly chainId: string;
  /** A `CallType`; kept as a string because bytes from a peer may name anything. */
  readonly type: string;
  readonly sender: Address;
  /** Compressed secp256k1 key, 33 bytes. */
  readonly publicKey: Hex;
  readonly nonce: number;
  readonly gasPrice: Amount;
  readonly gasLimit: Amount;
  /** Canonical JSON text of the call's arguments. */
  readonly args: string;
  /** SHA-256 of each evidence blob that travels with the transaction. */
  readonly evidence: readonly Hash[];
}

export interface Transaction extends UnsignedTransaction {
  /** ECDSA over the signing root, low-S, compact, 64 bytes. */
  readonly signature: Hex;
}

export interface ContractEvent {
  readonly name: string;
  readonly data: { readonly [key: string]: Json };
}

export interface Receipt {
  /** Hash of the transaction; 64 zeros on the block's own receipt (deadlines and settlements), which comes last. */
  readonly transaction: Hash;
  readonly status: 'success' | 'failed';
  /** Empty on success. */
  readonly reason: FailureCode | '';
  /** One sentence for people; empty on success. */
  readonly detail: string;
  readonly gasUsed: Amount;
  readonly events: readonly ContractEvent[];
}

export interface Header {
  readonly height: number;
  readonly view: number;
  readonly epoch: number;
  readonly parentHash: Hash;
  readonly timestampMs: TimestampMs;
  readonly proposer: ValidatorKey;
  readonly transactionsRoot: Hash;
  readonly receiptsRoot: Hash;
  readonly stateRoot: Hash;
  /** Root over the hashes of all evidence blobs of the block, in transaction order. */
  readonly evidenceRoot: Hash;
  /** Hash of the validator set that certifies this block. */
  readonly validatorSetHash: Hash;
}

export interface Block {
  readonly header: Header;
  readonly transactions: readonly Transaction[];
}

export interface Validator {
  readonly key: ValidatorKey;
  /** Voting power in consensus: the bond, capped (see `power.ts`). */
  readonly power: number;
}

/** The validators of one epoch in their fixed order: an index into it is what the signer bitmap means. */
export interface ValidatorSet {
  readonly epoch: number;
  readonly validators: readonly Validator[];
}

export const VOTE_KINDS = ['notarize', 'nullify', 'finalize'] as const;
export type VoteKind = (typeof VOTE_KINDS)[number];

/** What a validator signs. `block` is 64 zeros on nullify. */
export interface VoteSubject {
  readonly kind: VoteKind;
  readonly epoch: number;
  readonly view: number;
  readonly block: Hash;
}

export interface Vote extends VoteSubject {
  /** Index into the epoch's validator set. */
  readonly validator: number;
  /** ed25519, 64 bytes. */
  readonly signature: Hex;
}

/** A quorum of votes of one kind on one subject: notarization, nullification or finalization. */
export interface Certificate extends VoteSubject {
  /** Indices into the epoch's validator set, strictly ascending. */
  readonly signers: readonly number[];
  /** One signature a signer, in the same order. */
  readonly signatures: readonly Hex[];
}

/**
 * Why a block is final: a finalization of the block itself, or of a descendant together with the headers between
 * (child first, the finalized one last).
 */
export interface FinalityProof {
  readonly descendants: readonly Header[];
  readonly certificate: Certificate;
}

export const ZERO_HASH: Hash = '0'.repeat(64);
