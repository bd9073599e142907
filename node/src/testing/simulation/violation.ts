/** The invariants by name. `crash` is an exception that no input may cause. */
export type Invariant =
  | 'agreement'
  | 'final-never-reverted'
  | 'one-quorum-per-view'
  | 'no-honest-double-sign'
  | 'honest-never-accused'
  | 'certificates-genuine'
  | 'final-blocks-valid'
  | 'liveness'
  | 'roots-equal'
  | 'transactions-once'
  | 'equivocation-punished'
  | 'supply-conserved'
  | 'crash';

export class Violation extends Error {
  override readonly name = 'Violation';
  readonly invariant: Invariant;

  constructor(invariant: Invariant, detail: string) {
    super(`${invariant}: ${detail}`);
    this.invariant = invariant;
  }
}
