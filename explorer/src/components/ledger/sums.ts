/** What accounts got and lost in sum, over any choice of events. */
import type { LedgerEvent, Movement } from './movements.ts';
import { movementsOf } from './movements.ts';

export interface Sums {
  readonly paid: number;
  /** Negative, as `slashed`. */
  readonly fined: number;
  readonly slashed: number;
  /** In escrow, and neither paid out nor taken back. */
  readonly held: number;
  readonly reputation: number;
  /** Without what is held. */
  readonly net: number;
}

const NOTHING: Sums = { paid: 0, fined: 0, slashed: 0, held: 0, reputation: 0, net: 0 };

/** Paid out of escrow: what was held before is held no longer. */
const OUT_OF_ESCROW: ReadonlySet<string> = new Set(['Reward', 'Bounty', 'GasRebate']);
/** The claim fell, or its incident ended without it: its escrow goes back to the treasury. */
const TAKEN_BACK: ReadonlySet<string> = new Set(['ClaimOverturned', 'IncidentInconclusive']);

function plus(sums: Sums, { cause, tokens, reputation }: Movement): Sums {
  const net = cause === 'held' ? 0 : tokens;
  return {
    ...sums,
    [cause]: sums[cause] + tokens,
    reputation: sums.reputation + reputation,
    net: sums.net + net,
  };
}

/** What is held for each group, by the incident that may still lose it. */
class Escrow {
  readonly #held = new Map<string, Map<string, number>>();

  add(incident: string, group: string, tokens: number): void {
    const groups = this.#held.get(incident) ?? new Map<string, number>();
    groups.set(group, Math.max(0, (groups.get(group) ?? 0) + tokens));
    this.#held.set(incident, groups);
  }

  takeBack(incident: string): void {
    this.#held.delete(incident);
  }

  of(group: string): number {
    return [...this.#held.values()].reduce((sum, groups) => sum + (groups.get(group) ?? 0), 0);
  }
}

/**
 * Sums of events by group.
 *
 * @param events in the order in which they happened, the oldest first
 * @param groupOf the group of a movement; undefined leaves it out
 */
export function sumsBy<E extends LedgerEvent>(
  events: readonly E[],
  groupOf: (event: E, movement: Movement) => string | undefined,
): ReadonlyMap<string, Sums> {
  const sums = new Map<string, Sums>();
  const escrow = new Escrow();
  for (const event of events) {
    const incident = String(event.data.incidentId ?? '');
    if (TAKEN_BACK.has(event.name)) escrow.takeBack(incident);
    for (const movement of movementsOf(event)) {
      const group = groupOf(event, movement);
      if (group === undefined) continue;
      sums.set(group, plus(sums.get(group) ?? NOTHING, movement));
      if (movement.cause === 'held') escrow.add(incident, group, movement.tokens);
      if (OUT_OF_ESCROW.has(event.name)) escrow.add(incident, group, -movement.tokens);
    }
  }
  return new Map([...sums].map(([group, one]) => [group, { ...one, held: escrow.of(group) }]));
}
