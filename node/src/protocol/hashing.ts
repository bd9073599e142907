/**
 * Hashes and signing roots. What is signed is always `sha256(object root ‖ domain)`, where the domain binds the chain
 * id and the purpose (consensus-specs, `compute_signing_root`): a signature made for one purpose or chain is worth
 * nothing for another.
 */
import { digest64 } from '@chainsafe/persistent-merkle-tree';
import { sha256 } from '@noble/hashes/sha2.js';
import { fromHex, toHex, utf8Bytes } from './bytes.ts';
import { canonicalBytes } from './canonical.ts';
import { listRoot } from './merkle/list.ts';
import {
  BLOCK_LIST_LIMIT,
  EVIDENCE_LIST_LIMIT,
  headerRoot,
  receiptRoot,
  validatorSetRoot,
  voteSubjectRoot,
} from './ssz.ts';
import { type TransactionRoots, transactionRoots } from './transaction-roots.ts';
import type {
  Address,
  Hash,
  Header,
  Receipt,
  Transaction,
  UnsignedTransaction,
  ValidatorKey,
  ValidatorSet,
  VoteKind,
  VoteSubject,
} from './types.ts';

export type Purpose = 'transaction' | VoteKind | 'vote-commitment' | 'bond' | 'genesis';

const domains = new Map<string, Uint8Array>();

/** 32 bytes that bind a signature to a chain and a purpose. */
export function domainOf(chainId: string, purpose: Purpose): Uint8Array {
  const key = `${purpose}\n${chainId}`;
  const known = domains.get(key);
  if (known) return known;
  const domain = sha256(utf8Bytes(`dao-gov-aiops/v1\n${key}`));
  // A node knows one chain; the bound only keeps a verifier fed with foreign bundles from growing.
  if (domains.size > 64) domains.clear();
  domains.set(key, domain);
  return domain;
}

const signingRoot = (root: Uint8Array, chainId: string, purpose: Purpose): Uint8Array =>
  digest64(root, domainOf(chainId, purpose));

export const hashBytes = (bytes: Uint8Array): Hash => toHex(sha256(bytes));

/** Hash of an evidence blob: plain SHA-256, so that `sha256sum` on the saved file gives the same. */
export const evidenceHash = (blob: Uint8Array): Hash => hashBytes(blob);

export const voteSigningRoot = (chainId: string, subject: VoteSubject): Uint8Array =>
  signingRoot(voteSubjectRoot(subject), chainId, subject.kind);

/** Transactions and headers never change and are hashed again and again on their way through a node. */
function remembered<T extends object, R>(root: (value: T) => R): (value: T) => R {
  const known = new WeakMap<T, { readonly of: R }>();
  return (value) => {
    const found = known.get(value) ?? { of: root(value) };
    known.set(value, found);
    return found.of;
  };
}

const rootsOf: (tx: UnsignedTransaction) => TransactionRoots = remembered(transactionRoots);
export const transactionSigningRoot = (tx: UnsignedTransaction): Uint8Array =>
  signingRoot(rootsOf(tx).unsigned, tx.chainId, 'transaction');
export const transactionHash: (tx: Transaction) => Hash = remembered((tx) => toHex(rootsOf(tx).signedBy(tx.signature)));
export const headerHash: (header: Header) => Hash = remembered((header) => toHex(headerRoot(header)));
export const receiptHash = (receipt: Receipt): Hash => toHex(receiptRoot(receipt));
export const validatorSetHash = (set: ValidatorSet): Hash => toHex(validatorSetRoot(set.epoch, set.validators));
export const genesisHash = (genesis: { readonly chainId: string }): Hash =>
  toHex(signingRoot(sha256(canonicalBytes(genesis)), genesis.chainId, 'genesis'));

/** Address of a compressed secp256k1 key: the last 20 bytes of its SHA-256. */
export const addressOf = (publicKey: Uint8Array): Address => toHex(sha256(publicKey).subarray(12));

export const transactionsRootOf = (hashes: readonly Hash[]): Hash =>
  toHex(
    listRoot(
      hashes.map((hash) => fromHex(hash, 32)),
      BLOCK_LIST_LIMIT,
    ),
  );
export const receiptsRootOf = (hashes: readonly Hash[]): Hash =>
  toHex(
    listRoot(
      hashes.map((hash) => fromHex(hash, 32)),
      BLOCK_LIST_LIMIT,
    ),
  );
export const evidenceRootOf = (transactions: readonly Transaction[]): Hash =>
  toHex(
    listRoot(
      transactions.flatMap((tx) => tx.evidence.map((hash) => fromHex(hash, 32))),
      EVIDENCE_LIST_LIMIT,
    ),
  );

/**
 * What a sealed vote commits to. The salt (32 bytes) keeps three possible options from being guessed, and proposal
 * and voter keep a commitment from being copied.
 */
export function voteCommitment(chainId: string, proposal: Hash, voter: Address, option: string, salt: Hash): Hash {
  const payload = canonicalBytes({ option, proposal, salt, voter });
  return toHex(signingRoot(sha256(payload), chainId, 'vote-commitment'));
}

/** What a validator's key signs to be bonded by an account. */
export const bondSigningRoot = (chainId: string, validator: ValidatorKey, owner: Address): Uint8Array =>
  signingRoot(sha256(canonicalBytes({ owner, validator })), chainId, 'bond');
