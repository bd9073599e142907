/** The world state behind one state root. Immutable: keep it, and it stays what it was. */

import type { StateProof } from '../../protocol/merkle/state.ts';
import { type StateRecords, stateKeys } from '../../protocol/records.ts';
import type { Address, Hash } from '../../protocol/types.ts';
import { Trie } from './trie.ts';

export type RecordKind = keyof StateRecords;
/** What names one record of a kind, such as the address of an account; nothing for the single ones. */
export type RecordId<K extends RecordKind> = Parameters<(typeof stateKeys)[K]>;

/** Key of a record in the state tree. */
export function keyOf<K extends RecordKind>(kind: K, id: RecordId<K>): string {
  // The tuple is the parameter list of exactly this function; TypeScript does not correlate the two by itself.
  return (stateKeys[kind] as (...id: readonly string[]) => string)(...id);
}

const ACCOUNT_PREFIX = 'account/';

export class State {
  static readonly empty = new State(Trie.empty);
  readonly #trie: Trie;
  #agents: readonly Address[] | undefined;

  private constructor(trie: Trie, agents?: readonly Address[]) {
    this.#trie = trie;
    this.#agents = agents;
  }

  /** The state that holds exactly these records. @param entries canonical JSON texts by key, in any order */
  static of(entries: Iterable<readonly [key: string, value: string]>): State {
    return new State(Trie.of(entries));
  }

  /** The record, frozen; undefined when there is none. */
  get<K extends RecordKind>(kind: K, ...id: RecordId<K>): StateRecords[K] | undefined {
    return this.record(keyOf(kind, id)) as StateRecords[K] | undefined;
  }

  /** The frozen record under a raw key. */
  record(key: string): unknown {
    return this.#trie.get(key)?.record;
  }

  /** The canonical text under a raw key. */
  value(key: string): string | undefined {
    return this.#trie.get(key)?.value;
  }

  /** Key and canonical JSON text of every record whose key starts with `prefix`, in key order. */
  entries(prefix: string): readonly (readonly [key: string, value: string])[] {
    const found: [string, string][] = [];
    for (const leaf of this.#trie.leaves()) if (leaf.key.startsWith(prefix)) found.push([leaf.key, leaf.value]);
    return found.sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** Addresses of the accounts that belong to agents, in order. Looked for once; states made from this one know them. */
  agents(): readonly Address[] {
    this.#agents ??= this.entries(ACCOUNT_PREFIX)
      .filter(([key]) => isAgent(this.#trie, key))
      .map(([key]) => addressIn(key));
    return this.#agents;
  }

  root(): Hash {
    return this.#trie.root();
  }

  prove(key: string): StateProof {
    return this.#trie.prove(key);
  }

  /** The state after these changes: canonical texts by key, null for a deleted record. */
  with(changes: Iterable<readonly [key: string, value: string | null]>): State {
    let trie = this.#trie;
    let agents = this.#agents;
    for (const [key, value] of changes) {
      trie = value === null ? trie.delete(key) : trie.set(key, value);
      if (agents && key.startsWith(ACCOUNT_PREFIX) && isAgent(trie, key) !== agents.includes(addressIn(key))) {
        agents = undefined;
      }
    }
    return trie === this.#trie ? this : new State(trie, agents);
  }
}

const addressIn = (key: string): Address => key.slice(ACCOUNT_PREFIX.length);

const isAgent = (trie: Trie, key: string): boolean =>
  ((trie.get(key)?.record as StateRecords['account'] | undefined)?.agent ?? null) !== null;

/** The state that holds exactly these records. @param entries canonical JSON texts by key, in any order */
export const stateOf = (entries: Iterable<readonly [key: string, value: string]>): State => State.of(entries);
