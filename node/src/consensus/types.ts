/** The closed unions of the core: what goes in, what comes out, and what it remembers in between. */
import type { Block, Certificate, Hash, Header, ValidatorSet, Vote, VoteSubject } from '../protocol/types.ts';
import type { ConsensusMessage } from '../protocol/wire.ts';

/** Where the chain stands for consensus: the newest final block. The genesis block has view 0. */
export interface Anchor {
  readonly hash: Hash;
  readonly height: number;
  readonly view: number;
}

export interface ConsensusConfig {
  readonly epoch: number;
  readonly validators: ValidatorSet;
  /** Height of the epoch's last block. Blocks above it are tails. */
  readonly lastHeight: number;
  /** Own index in the set; null for a node that only follows. */
  readonly self: number | null;
  /** How long a leader may be silent once there is a reason to lead. All timers stretch where leaders take longer. */
  readonly leaderTimeoutMs: number;
  /** How long a view may last once there is a reason for it to end. */
  readonly advanceTimeoutMs: number;
  /** Pause between resends while a view does not end. */
  readonly resendMs: number;
  /** Verifies a vote's signature. Pure; injected because native and portable implementations differ in speed only. */
  readonly verify: (subject: VoteSubject, validator: number, signature: string) => boolean;
  /** Signs as this validator. Deterministic (RFC 8032). */
  readonly sign: (subject: VoteSubject) => string;
}

/** Durable records. A vote's record is on disk before the vote leaves. */
export type LogRecord =
  | { readonly type: 'vote'; readonly vote: Vote }
  /** The body of a block that this validator notarized, so that no crash of all can lose a block that became final. */
  | { readonly type: 'block'; readonly block: Block }
  | { readonly type: 'certificate'; readonly certificate: Certificate };

export type Input =
  /** First input of all, after `restore`. */
  | { readonly type: 'start' }
  /** Time passed; sent when the wake-up that the core asked for is due. */
  | { readonly type: 'tick' }
  /** A message of a peer, by validator index; null when the sender is not a validator of this epoch. */
  | { readonly type: 'message'; readonly from: number | null; readonly message: ConsensusMessage }
  /** Whether transactions wait, and how long the chain may be quiet. */
  | { readonly type: 'work'; readonly pending: boolean; readonly heartbeatMs: number }
  /** The block that `build` asked for. */
  | { readonly type: 'built'; readonly view: number; readonly block: Block }
  | { readonly type: 'validated'; readonly hash: Hash; readonly valid: boolean }
  /** A body that was fetched by its hash. */
  | { readonly type: 'block'; readonly block: Block }
  /** Sync moved the final tip past what the core had. */
  | { readonly type: 'synced'; readonly anchor: Anchor };

export type Effect =
  /** Must be durable before any later effect of the same list is performed. */
  | { readonly type: 'persist'; readonly records: readonly LogRecord[] }
  | { readonly type: 'broadcast'; readonly message: ConsensusMessage }
  | { readonly type: 'send'; readonly to: number; readonly message: ConsensusMessage }
  | { readonly type: 'build'; readonly view: number; readonly parent: Hash }
  | { readonly type: 'validate'; readonly block: Block; readonly hash: Hash; readonly from: number }
  /** Blocks that became final, oldest first, with the tails after them and the certificate of the last of all. */
  | {
      readonly type: 'finalize';
      readonly blocks: readonly Block[];
      readonly tails: readonly Header[];
      readonly certificate: Certificate;
    }
  | { readonly type: 'fetchBlock'; readonly hash: Hash; readonly from: number | null }
  | {
      readonly type: 'fetchCertificates';
      readonly fromView: number;
      readonly toView: number;
      readonly from: number | null;
    }
  /** A finalization that cannot be linked to the final tip: range sync is needed. */
  | { readonly type: 'behind'; readonly certificate: Certificate }
  /** Two signed messages of one validator that no honest one signs together. */
  | { readonly type: 'accuse'; readonly first: Vote; readonly second: Vote }
  /** Wake me with `tick` at this monotonic time; replaces the earlier request. */
  | { readonly type: 'wake'; readonly atMs: number };

export interface Proposal {
  readonly hash: Hash;
  readonly block: Block;
  readonly vote: Vote;
  readonly receivedAtMs: number;
  /** 'waiting' for a parent or a certificate, 'checking' at the host. */
  status: 'waiting' | 'checking' | 'valid' | 'invalid';
}

/** What is known of one view. */
export interface Round {
  readonly view: number;
  readonly leader: number;
  proposal: Proposal | null;
  /** Verified votes by kind and block, by validator. */
  readonly notarizes: Map<Hash, Map<number, Vote>>;
  readonly finalizes: Map<Hash, Map<number, Vote>>;
  readonly nullifies: Map<number, Vote>;
  notarization: Certificate | null;
  nullification: Certificate | null;
  /** Own votes; what the log restores. */
  readonly own: { notarize: Vote | null; nullify: Vote | null; finalize: Vote | null };
  /** Validators of whom two contradicting votes were seen: more of theirs are not looked at. */
  readonly accused: Set<number>;
  buildAsked: boolean;
  /** When its block was due, for a view that this validator gave up; null until then. */
  dueAtMs: number | null;
}

export interface ValidatorActivity {
  /** Highest view of which a signed message was seen. */
  signedView: number;
  /** Last own turn that ended without a proposal; 0 for none. */
  missedView: number;
}

export interface ConsensusState {
  readonly config: ConsensusConfig;
  readonly cycle: readonly number[];
  readonly quorum: number;
  readonly honest: number;
  anchor: Anchor;
  view: number;
  enteredAtMs: number;
  /** How long after that the next block waits for more transactions. */
  pauseMs: number;
  /** What led into the current view; null in the first and after a sync. */
  entry: Certificate | null;
  readonly rounds: Map<number, Round>;
  /** Bodies above the anchor. */
  readonly blocks: Map<Hash, Block>;
  readonly activity: readonly ValidatorActivity[];
  /** Highest finalization that could not be linked yet. */
  unlinked: Certificate | null;
  pendingSinceMs: number | null;
  heartbeatMs: number;
  /** When the newest notarization was seen: heartbeats count from it. */
  progressAtMs: number;
  resentAtMs: number;
  /** Smoothed time that leaders take from the reason for a block to its proposal. */
  readonly promptness: { meanMs: number; deviationMs: number };
  /** Fetches asked for, by key, with their time: nothing is asked for twice within the resend pause. */
  readonly asked: Map<string, number>;
}

export type { Header };
