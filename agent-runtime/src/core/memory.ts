/**
 * What an agent remembers between two looks at the chain: which duties failed and when to try again, and what its
 * sealed votes hide. All of it may be lost: it saves gas and thinking, and nothing depends on it.
 */
import type { Hash, TimestampMs } from '@dao-gov/node/protocol';
import { MEMORY_ENTRIES_MAX, RETRY_AFTER_MS, RETRY_AFTER_MS_MAX } from './constants.ts';

interface Trouble {
  readonly failures: number;
  /** Block time before which the duty rests. */
  readonly notBeforeMs: TimestampMs;
  readonly failure: { readonly code: string; readonly detail: string } | undefined;
}

export class Memory<Ballot> {
  readonly #troubles = new Map<string, Trouble>();
  readonly #ballots = new Map<Hash, Ballot>();
  readonly #seen = new Map<Hash, true>();

  readonly ballots = {
    get: (proposalId: Hash): Ballot | undefined => this.#ballots.get(proposalId),
    set: (proposalId: Hash, ballot: Ballot): void => bounded(this.#ballots, proposalId, ballot),
  };

  isTime(duty: string, nowMs: TimestampMs): boolean {
    return (this.#troubles.get(duty)?.notBeforeMs ?? 0) <= nowMs;
  }

  failureOf(duty: string): Trouble['failure'] {
    return this.#troubles.get(duty)?.failure;
  }

  fail(duty: string, nowMs: TimestampMs, failure: NonNullable<Trouble['failure']>): void {
    const failures = (this.#troubles.get(duty)?.failures ?? 0) + 1;
    const restMs = Math.min(RETRY_AFTER_MS_MAX, RETRY_AFTER_MS * 2 ** (failures - 1));
    bounded(this.#troubles, duty, { failures, notBeforeMs: nowMs + restMs, failure });
  }

  /** There is nothing to do yet: not before this block time. */
  rest(duty: string, untilMs: TimestampMs): void {
    bounded(this.#troubles, duty, { failures: 0, notBeforeMs: untilMs, failure: undefined });
  }

  /** The agent has looked, and has nothing to say: not again. */
  decline(duty: string): void {
    bounded(this.#troubles, duty, { failures: 0, notBeforeMs: Number.POSITIVE_INFINITY, failure: undefined });
  }

  /** True once for every alert. */
  isNew(alertId: Hash): boolean {
    if (this.#seen.has(alertId)) return false;
    bounded(this.#seen, alertId, true);
    return true;
  }

  forget(duty: string): void {
    this.#troubles.delete(duty);
  }

  clear(): void {
    this.#troubles.clear();
    this.#ballots.clear();
    this.#seen.clear();
  }
}

function bounded<K, V>(map: Map<K, V>, key: K, value: V): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.keys().next();
  if (map.size > MEMORY_ENTRIES_MAX && oldest.done === false) map.delete(oldest.value);
}
