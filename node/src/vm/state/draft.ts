/**
 * A state in the making: an overlay over an immutable one, with nested checkpoints. A transaction runs inside a
 * checkpoint, so that failing costs nothing but dropping a map.
 */
import { canonicalText } from '../../protocol/canonical.ts';
import type { StateRecords } from '../../protocol/records.ts';
import { InvariantError } from '../errors.ts';
import { tokensOf } from './conservation.ts';
import { deepFreeze } from './freeze.ts';
import { keyOf, type RecordId, type RecordKind, type State } from './state.ts';

/** Records by key; null for a deleted one. */
type Layer = Map<string, object | null>;

export class StateDraft {
  readonly base: State;
  /** The lowest layer holds what is kept; one more a checkpoint. Never empty. */
  readonly #layers: Layer[] = [new Map()];
  /** Reading the base hashes the key: once a record is enough. */
  readonly #reads = new Map<string, object | null>();

  constructor(base: State) {
    this.base = base;
  }

  get<K extends RecordKind>(kind: K, ...id: RecordId<K>): StateRecords[K] | undefined {
    return (this.#read(keyOf(kind, id)) ?? undefined) as StateRecords[K] | undefined;
  }

  /** A record that must be there. @throws InvariantError when it is not: the chain is then broken, not the call */
  must<K extends RecordKind>(kind: K, ...id: RecordId<K>): StateRecords[K] {
    const record = this.get(kind, ...id);
    if (record === undefined) throw new InvariantError(`no record ${keyOf(kind, id)}`);
    return record;
  }

  set<K extends RecordKind>(kind: K, record: StateRecords[K], ...id: RecordId<K>): void {
    this.#top().set(keyOf(kind, id), deepFreeze(record));
  }

  delete<K extends RecordKind>(kind: K, ...id: RecordId<K>): void {
    this.#top().set(keyOf(kind, id), null);
  }

  /** Everything from here on can be dropped by `rollback` or kept by `commit`. Checkpoints nest. */
  checkpoint(): void {
    this.#layers.push(new Map());
  }

  rollback(): void {
    this.#close();
  }

  commit(): void {
    const layer = this.#close();
    for (const [key, record] of layer) this.#top().set(key, record);
  }

  /** Canonical texts of the records that differ from the base, in key order; null for a deleted one. */
  changes(): ReadonlyMap<string, string | null> {
    const texts = [...this.#kept()].map(([key, record]) => [key, record && canonicalText(record)] as const);
    const changed = texts.filter(([key, value]) => value !== (this.base.value(key) ?? null));
    return new Map(changed.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Tokens that the dirty records hold more than before; 0 unless the machine made or lost some. */
  tokenDelta(): number {
    let delta = 0;
    for (const [key, record] of this.#kept())
      delta += tokensOf(key, record) - tokensOf(key, this.base.record(key) ?? null);
    return delta;
  }

  #read(key: string): object | null {
    for (let index = this.#layers.length - 1; index >= 0; index -= 1) {
      const record = this.#layers[index]?.get(key);
      if (record !== undefined) return record;
    }
    const known = this.#reads.get(key);
    if (known !== undefined) return known;
    const record = (this.base.record(key) ?? null) as object | null;
    this.#reads.set(key, record);
    return record;
  }

  #top(): Layer {
    return this.#layers.at(-1) as Layer; // never empty
  }

  #kept(): Layer {
    if (this.#layers.length !== 1) throw new InvariantError('a checkpoint is still open');
    return this.#top();
  }

  #close(): Layer {
    if (this.#layers.length === 1) throw new InvariantError('no checkpoint is open');
    return this.#layers.pop() as Layer; // longer than one
  }
}
