/** How a duty is done: a procedure decides, gathers the evidence, and gives back the intent. It signs nothing. */
import type {
  AccountRecord,
  Address,
  Amount,
  Hash,
  Params,
  PastCase,
  Role,
  TimestampMs,
  VoteOption,
} from '@dao-gov/node/protocol';
import type { Bilingual, Findings, MetricSeries, TelemetryWindow, View } from '../../analysis/index.ts';
import type { Duty } from '../../core/duties.ts';
import type { Newer } from '../../core/duty-telemetry.ts';
import type { Intent } from '../../core/intent.ts';
import type { AgentPolicy } from '../../core/policy.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Purpose, ReasonedOf, ReasoningTask } from '../../reasoners/reasoner.ts';

export interface ProcedureContext {
  readonly address: Address;
  readonly role: Role;
  /** The role's own way of looking at findings. */
  readonly view: View;
  readonly ledger: Ledger;
  readonly params: Params;
  readonly policy: AgentPolicy;
  /** Time of the newest final block. */
  readonly nowMs: TimestampMs;
  /** The agent's own analysis; of a disputed claim, over newer telemetry too where there is any. @throws AnalystError */
  findings(): Promise<Findings>;
  /** What the source holds by now beyond the first analysis. @throws AnalystError */
  newer(): Promise<Newer>;
  /** What is observed at the alerting node in this window. @throws AnalystError */
  observe(window: TelemetryWindow): Promise<readonly MetricSeries[]>;
  /** Earlier incidents of the chain alike. */
  pastCases(): Promise<readonly PastCase[]>;
  /** Asks the reasoner, and refuses what is not founded in data. @throws AnalystError, GroundingError */
  decide<P extends Purpose>(purpose: P, details?: Pick<ReasoningTask, 'motion'>): Promise<ReasonedOf<P>>;
  /** A thought for the transcript. */
  note(thought: Bilingual): void;
  /** The transcript's last word, where no reasoner says it. */
  conclude(answer: Bilingual): void;
  /** The transcript of the duty so far, as a blob. */
  transcript(): Uint8Array;
  /** Stakes by the agent's tier, and at least this. @returns the account afterwards @throws DutyError */
  autoStake(required: Amount): Promise<AccountRecord>;
  saltOf(proposalId: Hash): Hash;
  /** What was decided when a vote was sealed, if this process still knows it; and where that is kept. */
  readonly ballots: BallotMemory;
}

/** A sealed vote's other half: it follows with the reveal, because a commitment must not betray the vote. */
export interface Ballot {
  readonly option: VoteOption;
  readonly reason: Bilingual;
  readonly transcript: Uint8Array;
}

export interface BallotMemory {
  get(proposalId: Hash): Ballot | undefined;
  set(proposalId: Hash, ballot: Ballot): void;
}

/**
 * `declined`: there is nothing that this agent could honestly submit; the ring goes on without it.
 * `later`: not yet; it looks again after so many milliseconds of block time.
 */
export type Prepared =
  | { readonly intent: Intent }
  | { readonly declined: Bilingual }
  | { readonly later: Bilingual; readonly restMs: number };

export type DutyOf<K extends Duty['kind']> = Extract<Duty, { readonly kind: K }>;
export type StepDuty = Extract<Duty, { readonly rejectedCauses: readonly string[] }>;

export type Procedure<D extends Duty> = (duty: D, context: ProcedureContext) => Promise<Prepared>;

/** A duty that cannot be done now. `code` is the chain's or the executor's. */
export class DutyError extends Error {
  override readonly name = 'DutyError';
  readonly code: string;

  constructor(code: string, detail: string) {
    super(detail);
    this.code = code;
  }
}

/** A decision that names what is in no data: it is refused before it reaches the chain. */
export class GroundingError extends Error {
  override readonly name = 'GroundingError';
  readonly code = 'NOT_GROUNDED';
}
