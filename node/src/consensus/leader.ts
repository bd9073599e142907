import type { Validator } from '../protocol/types.ts';

/** Turns a validator may have in one cycle: bounds the schedule's memory, and the resolution of its weights. */
const TURNS_MAX = 64;

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

/** Powers as small whole turns: divided by their common divisor, or scaled down to the bound where that is not enough. */
function turnsOf(validators: readonly Validator[]): number[] {
  const common = validators.reduce((value, { power }) => divisor(value, power), 0);
  const exact = validators.map(({ power }) => power / common);
  const largest = Math.max(...exact);
  if (largest <= TURNS_MAX) return exact;
  return exact.map((turns) => Math.max(1, Math.floor((turns * TURNS_MAX) / largest)));
}

/**
 * The leaders of one cycle by smooth weighted round-robin (nginx's rule): everyone's credit grows by its turns, the
 * richest leads (the lower index on a tie) and pays the total. Equal stakes give the plain rotation.
 */
export function leaderCycle(validators: readonly Validator[]): readonly number[] {
  const turns = turnsOf(validators);
  const total = turns.reduce((sum, value) => sum + value, 0);
  const credit = turns.map(() => 0);
  const cycle: number[] = [];
  for (let step = 0; step < total; step += 1) {
    let richest = 0;
    turns.forEach((turn, index) => {
      credit[index] = (credit[index] as number) + turn; // same length as `turns`
      if ((credit[index] as number) > (credit[richest] as number)) richest = index;
    });
    credit[richest] = (credit[richest] as number) - total;
    cycle.push(richest);
  }
  return cycle;
}

/** Index of the leader of a view: a function of epoch and view alone, so all nodes agree without speaking. */
export function leaderOf(cycle: readonly number[], epoch: number, view: number): number {
  return cycle[(epoch + view - 1) % cycle.length] as number; // the cycle is never empty
}
