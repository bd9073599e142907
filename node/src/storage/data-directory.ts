/**
 * The data directory of one node: `chain` (LevelDB), `consensus.log` (what was signed), and `genesis.json` once a reset
 * has made a newer genesis than the configured one. LevelDB's lock makes the whole directory one process's alone.
 */
import { dirname, join } from 'node:path';
import type { ChainStore, WriteAheadLog } from '../ports/store.ts';
import { utf8Bytes } from '../protocol/bytes.ts';
import { diskFault } from './errors.ts';
import { type FileLogOptions, openFileLog } from './file-log.ts';
import { diskFiles, type Files, replaceFile } from './files.ts';
import { openLevelStore } from './open-store.ts';

const CHAIN = 'chain';
/** Where a chain goes that is being deleted. */
const DISCARDED_CHAIN = 'chain.discarded';
const LOG = 'consensus.log';

export interface NodeData {
  readonly store: ChainStore;
  readonly log: WriteAheadLog;
}

/**
 * Opens or creates a node's data. The lock comes first: nothing is looked at that another process may be writing.
 * @throws StoreError LOCKED, CORRUPT, WRONG_FORMAT, and as `diskFault` when the disk refuses
 */
export async function openData(directory: string, options: FileLogOptions = {}): Promise<NodeData> {
  const { files = diskFiles } = options;
  try {
    await files.makeDirectory(directory);
    await files.remove(join(directory, DISCARDED_CHAIN));
  } catch (error) {
    throw diskFault(directory, error);
  }
  const store = await openLevelStore(join(directory, CHAIN), files);
  try {
    const log = await openFileLog(join(directory, LOG), options);
    await files.syncDirectory(directory);
    return { store, log };
  } catch (error) {
    await store.close();
    throw diskFault(directory, error);
  }
}

/**
 * Deletes chain and log of a node that is not running. The chain goes by one rename: a crash leaves it whole or gone,
 * never a half that looks damaged. The log goes after it: as long as one of the two is there, its genesis tells the
 * next start that the deletion has to be done again.
 */
export async function deleteData(directory: string, files: Files = diskFiles): Promise<void> {
  const [chain, discarded] = [join(directory, CHAIN), join(directory, DISCARDED_CHAIN)];
  await files.remove(discarded);
  if ((await files.list(chain)).length > 0) await files.rename(chain, discarded);
  await files.syncDirectory(directory);
  await files.remove(join(directory, LOG));
  await files.syncDirectory(directory);
  await files.remove(discarded);
}

/** The genesis that a reset left in the node's own directory; it outranks an older configured one. */
export const ownGenesisFile = (directory: string): string => join(directory, 'genesis.json');

/** Writes a text file so that a crash leaves the old one or the new one, whole. Several processes may write it at once. */
export async function writeDurably(path: string, text: string, files: Files = diskFiles): Promise<void> {
  try {
    await files.makeDirectory(dirname(path));
    await (await replaceFile(files, path, utf8Bytes(text), `${path}.${process.pid}.new`)).close();
  } catch (error) {
    throw diskFault(path, error);
  }
}
