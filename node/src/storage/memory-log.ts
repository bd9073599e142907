/** The write-ahead log in memory, for tests and simulation. Records outlive `close` when the array is handed in. */
import type { WriteAheadLog } from '../ports/store.ts';
import { closedStore } from './errors.ts';
import { assertRecords } from './log-format.ts';

export function openMemoryLog(content: Uint8Array[] = []): WriteAheadLog {
  let closed = false;
  const usable = (): void => {
    if (closed) throw closedStore('memory log');
  };
  const copied = (records: readonly Uint8Array[]): readonly Uint8Array[] => records.map((record) => record.slice());
  return {
    location: 'memory log',
    append: async (records) => {
      usable();
      assertRecords('memory log', records);
      content.push(...copied(records));
    },
    replay: async () => {
      usable();
      return copied(content);
    },
    rewrite: async (records) => {
      usable();
      assertRecords('memory log', records);
      content.splice(0, content.length, ...copied(records));
    },
    close: async () => {
      closed = true;
    },
  };
}
