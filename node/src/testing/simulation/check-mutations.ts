/**
 * Whether the simulation notices broken rules, by what they lead to: the check that a believed certificate is genuine
 * states the broken rules themselves, so it is off here.
 */
import { simulateCores } from './core-simulation.ts';
import { MUTATIONS, type Mutation } from './mutations.ts';
import type { Invariant } from './violation.ts';

export interface MutationResult {
  readonly name: string;
  readonly breaks: string;
  /** The seed that noticed and the invariant that failed; null when none did within `seedsMax`. */
  readonly caught: { readonly seed: number; readonly invariant: Invariant; readonly detail: string } | null;
  readonly seedsMax: number;
}

/** Seeds start at 1, whatever was simulated before: a mutation is caught by the same seed every time. */
export function checkMutation(mutation: Mutation): MutationResult {
  const { name, breaks, seedsMax } = mutation;
  for (let seed = 1; seed <= seedsMax; seed += 1) {
    const { violation } = simulateCores({ seed }, mutation);
    if (!violation) continue;
    return { name, breaks, seedsMax, caught: { seed, invariant: violation.invariant, detail: violation.message } };
  }
  return { name, breaks, seedsMax, caught: null };
}

export const mutationNames: readonly string[] = MUTATIONS.map(({ name }) => name);

/** @throws RangeError for a name that is not on the list */
export function checkMutationNamed(name: string): MutationResult {
  const mutation = MUTATIONS.find((one) => one.name === name);
  if (!mutation) throw new RangeError(`no mutation ${name}`);
  return checkMutation(mutation);
}
