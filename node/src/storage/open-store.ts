/** Opens a chain store over the database that it is to live in. */
import type { ChainStore } from '../ports/store.ts';
import { createChainStore } from './chain-store.ts';
import { diskFiles, type Files } from './files.ts';
import type { KeyValue } from './key-value.ts';
import { openLevelKeyValue } from './level-key-value.ts';
import { type MemoryContent, memoryKeyValue } from './memory-key-value.ts';

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
 * @throws StoreError LOCKED while another process uses it, CORRUPT or WRONG_FORMAT with what to do, and as `diskFault`
 */
export async function openLevelStore(directory: string, files: Files = diskFiles): Promise<ChainStore> {
  return openOver(await openLevelKeyValue(directory, files));
}

/** A chain store in memory. Handing in the same content again is what a restart is on disk. */
export async function openMemoryStore(content?: MemoryContent): Promise<ChainStore> {
  return openOver(memoryKeyValue(content));
}
