/** The database in memory, for tests and simulation. Content outlives `close`, as on disk, when the map is handed in. */
import type { KeyRange, KeyValue, KeyValueOperation } from './key-value.ts';

export type MemoryContent = Map<string, Uint8Array>;

const byKey = (a: readonly [string, Uint8Array], b: readonly [string, Uint8Array]): number => (a[0] < b[0] ? -1 : 1);

async function* each(entries: readonly (readonly [string, Uint8Array])[]) {
  yield* entries;
}

function entriesOf(content: MemoryContent, { from, to, reverse = false }: KeyRange) {
  const entries = [...content].filter(([key]) => key >= from && key < to).sort(byKey);
  return each(reverse ? entries.reverse() : entries);
}

export function memoryKeyValue(content: MemoryContent = new Map()): KeyValue {
  const apply = (operation: KeyValueOperation): void => {
    // Copies, as a disk would make: nobody changes what was stored through the array that he still holds.
    if (operation.type === 'put') content.set(operation.key, operation.value.slice());
    else content.delete(operation.key);
  };
  return {
    location: 'memory',
    get: async (key) => content.get(key)?.slice(),
    has: async (key) => content.has(key),
    batch: async (operations) => operations.forEach(apply),
    iterate: (range) => entriesOf(content, range),
    close: async () => {},
  };
}
