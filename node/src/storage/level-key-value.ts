/** The database on disk: LevelDB, whose batches are atomic and whose process lock keeps a second node out. */
import { join } from 'node:path';
import { Level } from 'level';
import { StoreError } from '../ports/store.ts';
import { corruptStore, diskFault } from './errors.ts';
import { diskFiles, type Files } from './files.ts';
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
  if (error instanceof StoreError) return error;
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  switch (levelCode(error)) {
    case 'LEVEL_LOCKED':
      return new StoreError(
        'LOCKED',
        `another process uses ${directory}; stop it, or give this node its own directory`,
        { path: directory },
      );
    case 'LEVEL_CORRUPTION':
      return corruptStore(directory, reason);
    default:
      return diskFault(directory, reason);
  }
}

/** The manifest that LevelDB writes before anything else. */
const FIRST_MANIFEST = 'MANIFEST-000001';

/**
 * Comes before the binding looks. LevelDB takes a database without its CURRENT file for a new one, and one without its
 * newest log for an older one: chain and state would be gone without a word. Only the first moments of a new database
 * look like that.
 * @throws StoreError CORRUPT
 */
async function assertComplete(files: Files, directory: string): Promise<void> {
  const names = await files.list(directory);
  const lost = (name: string): StoreError => corruptStore(directory, `its ${name} is missing`);
  const current = await files.read(join(directory, 'CURRENT'));
  const logs = names.some((name) => name.endsWith('.log'));
  const begun = logs || names.some((name) => /\.(ldb|sst)$|^MANIFEST-/.test(name) && name !== FIRST_MANIFEST);
  if (!current) {
    if (begun) throw lost('file CURRENT');
    return;
  }
  const manifest = new TextDecoder().decode(current).trim();
  if (!names.includes(manifest)) throw lost(`file ${manifest}`);
  if (begun && !logs) throw lost('newest .log file');
}

/** The binding answers with a Buffer, whose `slice` shares memory where everyone expects a copy. */
const plain = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);

async function openDatabase(files: Files, directory: string): Promise<Level<string, Uint8Array>> {
  await assertComplete(files, directory);
  // The constructor begins to open.
  const database = new Level<string, Uint8Array>(directory, { keyEncoding: 'utf8', valueEncoding: 'view' });
  await database.open();
  return database;
}

/**
 * Opens or creates the database in a directory.
 * @throws StoreError LOCKED while another process has it open, CORRUPT, and as `diskFault` when the disk refuses
 */
export async function openLevelKeyValue(directory: string, files: Files = diskFiles): Promise<KeyValue> {
  const database = await openDatabase(files, directory).catch((error: unknown) => {
    throw openFault(directory, error);
  });
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
        throw diskFault(directory, error);
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
