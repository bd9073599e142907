/**
 * Named places around every durable step, as decorators of the storage ports: the product has no code for them. A
 * point without a step of its own (`done`) lies after the last step of its kind; the others lie before theirs.
 */
import type { ChainStore } from '../../ports/index.ts';
import type { Files, OpenFile } from '../../storage/index.ts';

export const CRASH_POINTS = [
  // A new log: its file, the directory that names it.
  'create.file',
  'create.directory',
  'create.done',
  // An append: its bytes, with half of them written, the sync, and with the sync done and nobody told.
  'append.write',
  'append.torn',
  'append.sync',
  'append.done',
  // Compaction: a whole new file beside the old one, then in its place.
  'rewrite.create',
  'rewrite.write',
  'rewrite.torn',
  'rewrite.sync',
  'rewrite.rename',
  'rewrite.directory',
  'rewrite.done',
  // A torn tail being cut off at the next start.
  'cut.truncate',
  'cut.sync',
  'cut.done',
  // Batches of the chain store, each atomic.
  'initialise.batch',
  'initialise.done',
  'commit.batch',
  'commit.done',
  'evidence.batch',
  'evidence.done',
  // A reset: the new genesis file, then the deletion of chain and log.
  'genesis.create',
  'genesis.rename',
  'genesis.done',
  'discard.chain',
  'discard.directory',
  'discard.log',
  'discard.logDirectory',
  'discard.tree',
  'discard.done',
] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];

/** Called at every point that is passed. Ends the process at the one that was chosen. */
export type Reach = (point: CrashPoint) => void;

const isLog = (path: string): boolean => path.endsWith('consensus.log');
const isNewLog = (path: string): boolean => path.endsWith('consensus.log.new');
const isGenesis = (path: string): boolean => path.includes('genesis.json');
const isChain = (path: string): boolean => path.endsWith('/chain');
const isDiscarded = (path: string): boolean => path.endsWith('/chain.discarded');

/** What an open log file is for: a new one becomes the log that is appended to when it is renamed. */
interface LogUse {
  kind: 'append' | 'rewrite';
}

function logFileWithPoints(file: OpenFile, use: LogUse, reach: Reach): OpenFile {
  let cutting = false;
  return {
    write: async (bytes, position) => {
      reach(`${use.kind}.write`);
      const half = bytes.length >> 1;
      await file.write(bytes.subarray(0, half), position);
      reach(`${use.kind}.torn`);
      await file.write(bytes.subarray(half), position + half);
    },
    truncate: async (size) => {
      cutting = true;
      reach('cut.truncate');
      await file.truncate(size);
    },
    sync: async () => {
      const kind = cutting ? 'cut' : use.kind;
      cutting = false;
      reach(`${kind}.sync`);
      await file.sync();
      if (kind !== 'rewrite') reach(`${kind}.done`);
    },
    close: () => file.close(),
  };
}

/** File operations of one node's data directory with the points in between. */
export function filesWithPoints(files: Files, reach: Reach): Files {
  let rewriting: LogUse | undefined;
  /** What the next sync of a directory completes. */
  let naming: { readonly before: CrashPoint; readonly after?: CrashPoint } | undefined;
  return {
    ...files,
    open: async (path) => {
      const file = await files.open(path);
      return file && isLog(path) ? logFileWithPoints(file, { kind: 'append' }, reach) : file;
    },
    create: async (path) => {
      if (isGenesis(path)) reach('genesis.create');
      if (isNewLog(path)) {
        reach('rewrite.create');
        rewriting = { kind: 'rewrite' };
        return logFileWithPoints(await files.create(path), rewriting, reach);
      }
      if (!isLog(path)) return files.create(path);
      reach('create.file');
      naming = { before: 'create.directory', after: 'create.done' };
      return logFileWithPoints(await files.create(path), { kind: 'append' }, reach);
    },
    rename: async (from, to) => {
      if (isNewLog(from)) reach('rewrite.rename');
      if (isGenesis(from)) reach('genesis.rename');
      if (isChain(from)) reach('discard.chain');
      await files.rename(from, to);
      if (isNewLog(from)) naming = { before: 'rewrite.directory', after: 'rewrite.done' };
      if (isGenesis(from)) naming = { before: 'genesis.done' };
      if (isChain(from)) naming = { before: 'discard.directory' };
      if (isNewLog(from) && rewriting) rewriting.kind = 'append';
    },
    remove: async (path) => {
      if (isLog(path)) reach('discard.log');
      const tree = isDiscarded(path) && (await files.list(path)).length > 0;
      if (tree) reach('discard.tree');
      await files.remove(path);
      if (isLog(path)) naming = { before: 'discard.logDirectory' };
      if (tree) reach('discard.done');
    },
    syncDirectory: async (path) => {
      const now = naming;
      naming = undefined;
      if (now) reach(now.before);
      await files.syncDirectory(path);
      if (now?.after) reach(now.after);
    },
  };
}

/** A chain store with the points around its batches. */
export function storeWithPoints(store: ChainStore, reach: Reach): ChainStore {
  return {
    ...store,
    initialise: async (hash, state) => {
      const bound = await store.genesisHash();
      if (bound === undefined) reach('initialise.batch');
      await store.initialise(hash, state);
      if (bound === undefined) reach('initialise.done');
    },
    commit: async (blocks) => {
      reach('commit.batch');
      await store.commit(blocks);
      reach('commit.done');
    },
    putEvidence: async (blobs) => {
      reach('evidence.batch');
      await store.putEvidence(blobs);
      reach('evidence.done');
    },
  };
}
