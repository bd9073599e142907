/**
 * Storage: the chain in LevelDB, the log of what was signed in a file, and both in memory for tests.
 * One directory belongs to one process: LevelDB's lock keeps a second one out.
 */
export { deleteData, type NodeData, openData, ownGenesisFile, writeDurably } from './data-directory.ts';
export { openFileLog } from './file-log.ts';
export { diskFiles, type Files, type OpenFile } from './files.ts';
export type { MemoryContent } from './memory-key-value.ts';
export { openMemoryLog } from './memory-log.ts';

export { openLevelStore, openMemoryStore } from './open-store.ts';
