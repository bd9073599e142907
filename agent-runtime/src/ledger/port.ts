/**
 * The chain as an agent sees it. Every read shows final state only: an agent never acts on what may still go away.
 * Reads are single records, so two of them may stem from different blocks; the contracts check everything again.
 */
import type {
  AccountRecord,
  Address,
  AlertRecord,
  Amount,
  ChallengeRecord,
  ErrorCode,
  Hash,
  IncidentRecord,
  MotionRecord,
  Params,
  ProposalRecord,
  TimestampMs,
  Transaction,
  TreasuryRecord,
  VoteRecord,
} from '@dao-gov/node/protocol';

/** The newest final block. */
export interface ChainTip {
  readonly height: number;
  /** Block time: what all deadlines are measured in. */
  readonly timestampMs: TimestampMs;
}

export interface LedgerEvent {
  readonly name: string;
  readonly data: { readonly [key: string]: unknown };
}

/** What became of a transaction that is in a final block. */
export interface FinalReceipt {
  readonly transaction: Hash;
  readonly height: number;
  readonly timestampMs: TimestampMs;
  readonly status: 'success' | 'failed';
  /** A `FailureCode`; empty on success. */
  readonly reason: string;
  /** One sentence for people; empty on success. */
  readonly detail: string;
  readonly gasUsed: Amount;
  readonly events: readonly LedgerEvent[];
}

export type FinalBlockListener = (block: ChainTip) => void;

export interface Ledger {
  readonly chainId: string;
  /** The account that this ledger's reads and submissions belong to. */
  readonly address: Address;
  info(): Promise<ChainTip>;
  params(): Promise<Params>;
  account(address: Address): Promise<AccountRecord | undefined>;
  incident(incidentId: string): Promise<IncidentRecord | undefined>;
  /** Oldest first. */
  openIncidents(): Promise<readonly IncidentRecord[]>;
  /** The newest incidents, open or not, newest first. */
  recentIncidents(limit: number): Promise<readonly IncidentRecord[]>;
  /** Oldest first. */
  untriagedAlerts(): Promise<readonly AlertRecord[]>;
  proposal(proposalId: Hash): Promise<ProposalRecord | undefined>;
  challenge(challengeId: Hash): Promise<ChallengeRecord | undefined>;
  /** Being voted on, oldest first. */
  openMotions(): Promise<readonly MotionRecord[]>;
  treasury(): Promise<TreasuryRecord>;
  /** On a proposal, a challenge or a motion. */
  vote(proposalId: Hash, voter: Address): Promise<VoteRecord | undefined>;
  /** The blob behind a hash, checked against it; undefined when this node does not hold it. */
  evidence(hash: Hash): Promise<Uint8Array | undefined>;
  /**
   * Puts a signed transaction into the node's pool. @param blobs in the order of `transaction.evidence`
   * @throws AdmissionError when the node refuses it; any other error leaves open whether it was taken
   */
  submit(transaction: Transaction, blobs: readonly Uint8Array[]): Promise<Hash>;
  receipt(transaction: Hash): Promise<FinalReceipt | undefined>;
  /** Calls back after every final block; blocks that follow each other quickly may be told as one. */
  subscribe(listener: FinalBlockListener): () => void;
}

/** A ledger that cannot answer. `code` is the node's own, or UNREACHABLE when there was no answer to read. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
  readonly code: ErrorCode | 'UNREACHABLE' | 'UNREADABLE';

  constructor(code: LedgerError['code'], detail: string, options?: ErrorOptions) {
    super(`${code}: ${detail}`, options);
    this.code = code;
  }
}
