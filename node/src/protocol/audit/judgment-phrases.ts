import type { SopState } from '../records.ts';
import type { Step } from '../roles.ts';
import type { Hash } from '../types.ts';
import type { Verdict, VerdictMovement } from './bundle.ts';

/** Everything that a judgment says, in one language. Texts that go in are cleaned and formatted already. */
export interface Phrases {
  title(incidentId: string, title: string): string;
  finished(state: string, at: string, height: number): string;
  unfinished(state: string, height: number, at: string): string;
  alert(alert: {
    readonly metric: string;
    readonly node: string;
    readonly source: string;
    readonly at: string;
    readonly priority: string;
  }): string;
  observers(people: readonly string[]): string;
  readonly procedure: string;
  step(step: {
    readonly number: number;
    readonly step: string;
    readonly by: string;
    readonly at: string;
    readonly height: number;
    readonly transaction: Hash;
    readonly evidence: readonly Hash[];
    readonly summary: string;
  }): string;
  readonly noClaim: string;
  claim(claim: {
    readonly round: number;
    readonly proposer: string;
    readonly rootCause: string;
    readonly faultKind: string;
    readonly probability: string;
    readonly stake: number;
    readonly reason: string;
    readonly cites: readonly Hash[];
  }): string;
  vote(who: string, option: string, weight: string, stake: number, reason: string): string;
  sealedVote(who: string, weight: string, stake: number): string;
  noVote(who: string, weight: string): string;
  readonly undecided: string;
  decision(decision: {
    readonly passed: boolean;
    readonly height: number;
    readonly at: string;
    readonly weightFor: string;
    readonly weightAgainst: string;
    readonly weightAbstain: string;
    readonly eligible: string;
    readonly support: string;
    readonly participation: string;
  }): string;
  overturned(round: number, by: string): string;
  withheld(who: string): string;
  challenge(challenge: {
    readonly round: number;
    readonly challenger: string;
    readonly bond: number;
    readonly reason: string;
    readonly newEvidence: readonly Hash[];
  }): string;
  readonly challengeOpen: string;
  challengeResult(result: 'upheld' | 'failed' | 'undecided', by: string): string;
  report(who: string, recovered: boolean, metrics: Hash, at: string): string;
  readonly noRootCause: string;
  rootCause(node: string, faultKind: string): string;
  readonly money: string;
  movement(kind: string, who: string, amount: number, reputation: number, reason: string, height: number): string;
  totals(totals: Verdict['totals']): string;
  readonly states: Readonly<Record<SopState, string>>;
  readonly steps: Readonly<Record<Step, string>>;
  readonly options: Readonly<Record<'For' | 'Against' | 'Abstain', string>>;
  readonly movements: Readonly<Record<VerdictMovement['kind'], string>>;
  /** What decided: a vote, a challenge, or the measured outcome. */
  readonly deciders: Readonly<Record<'vote' | 'challenge' | 'outcome', string>>;
  /** By the code in the event; an unknown code stands for itself. */
  readonly reasons: Readonly<Record<string, string>>;
}
