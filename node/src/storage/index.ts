/**
 * Storage: the chain in LevelDB, the log of what was signed in a file, and both in memory for tests.
 * One directory belongs to one process: LevelDB's lock keeps a second one out.
 */
import type { ChainStore } from '../ports/store.ts';
import { createChainStore } from './chain-store.ts';
import type { KeyValue } from './key-value.ts';
import { openLevelKeyValue } from './level-key-value.ts';
import { type MemoryContent, memoryKeyValue } from './memory-key-value.ts';

export { openFileLog } from './file-log.ts';
export type { MemoryContent } from './memory-key-value.ts';
export { openMemoryLog } from './memory-log.ts';

/** Leaves no lock behind when what is inside turns out to be damaged. */
async function openOver(kv: KeyValue): Promise<ChainStore> {
  try {
    return await createChainStore(kv);
  } catch (error) {
    await kv.close();
    throw error;
  }
}

/**
 * Opens or creates the chain store in a directory.
 * @throws StoreError LOCKED while another process uses it, CORRUPT with what to do, WRITE_FAILED
 */
export async function openLevelStore(directory: string): Promise<ChainStore> {
  return openOver(await openLevelKeyValue(directory));
}

/** A chain store in memory. Handing in the same content again is what a restart is on disk. */
export async function openMemoryStore(content?: MemoryContent): Promise<ChainStore> {
  return openOver(memoryKeyValue(content));
}
