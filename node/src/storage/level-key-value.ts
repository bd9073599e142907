/** The database on disk: LevelDB, whose batches are atomic and whose process lock keeps a second node out. */
import { Level } from 'level';
import { StoreError } from '../ports/store.ts';
import { corruptStore, writeFailed } from './errors.ts';
import type { KeyValue } from './key-value.ts';

/** The binding's code lies in the cause, the outer one only says that opening failed. */
function levelCode(error: unknown): string {
  for (let current = error; current instanceof Error; current = current.cause) {
    const code = (current as { readonly code?: unknown }).code;
    if (code === 'LEVEL_LOCKED' || code === 'LEVEL_CORRUPTION') return code;
  }
  return '';
}

function openFault(directory: string, error: unknown): StoreError {
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  switch (levelCode(error)) {
    case 'LEVEL_LOCKED':
      return new StoreError(
        'LOCKED',
        `another process uses ${directory}; stop it, or give this node its own directory`,
      );
    case 'LEVEL_CORRUPTION':
      return corruptStore(directory, reason);
    default:
      return writeFailed(directory, reason);
  }
}

/** The binding answers with a Buffer, whose `slice` shares memory where everyone expects a copy. */
const plain = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * Opens or creates the database in a directory.
 * @throws StoreError LOCKED while another process has it open, CORRUPT, WRITE_FAILED when the disk refuses
 */
export async function openLevelKeyValue(directory: string): Promise<KeyValue> {
  const database = new Level<string, Uint8Array>(directory, { keyEncoding: 'utf8', valueEncoding: 'view' });
  try {
    await database.open();
  } catch (error) {
    throw openFault(directory, error);
  }
  /** Reading fails only when the files are damaged or gone. */
  const reading = async <T>(read: Promise<T>): Promise<T> => {
    try {
      return await read;
    } catch (error) {
      throw corruptStore(directory, error);
    }
  };
  return {
    location: directory,
    get: async (key) => {
      const bytes = await reading<Uint8Array | undefined>(database.get(key));
      return bytes && plain(bytes);
    },
    has: (key) => reading(database.has(key)),
    batch: async (operations, { sync }) => {
      try {
        await database.batch([...operations], { sync });
      } catch (error) {
        throw writeFailed(directory, error);
      }
    },
    iterate: async function* ({ from, to, reverse = false }) {
      try {
        for await (const [key, bytes] of database.iterator({ gte: from, lt: to, reverse })) yield [key, plain(bytes)];
      } catch (error) {
        throw corruptStore(directory, error);
      }
    },
    close: () => database.close(),
  };
}
