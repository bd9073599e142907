/**
 * The file operations that durability rests on, as a port of this room: the disk implements it here; tests decorate it
 * to end the process at a named step, or hand in a disk that forgets what was not synced (testing/crash).
 */
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface OpenFile {
  /** Writes all bytes at a position. Not on disk before `sync`. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  truncate(size: number): Promise<void>;
  /** Content and size are on disk when it resolves. Says nothing of the file's name: see `syncDirectory`. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface Files {
  /** Undefined when there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** For reading and writing; undefined when there is no such file. */
  open(path: string): Promise<OpenFile | undefined>;
  /** A new file, or an old one emptied. */
  create(path: string): Promise<OpenFile>;
  /** With its parents, all of them on disk when it resolves. */
  makeDirectory(path: string): Promise<void>;
  /** Names in a directory; none when it is missing. */
  list(directory: string): Promise<readonly string[]>;
  rename(from: string, to: string): Promise<void>;
  /** A file or a whole directory; harmless when there is none. */
  remove(path: string): Promise<void>;
  /** A rename, a removal or a new file is on disk only when its directory is. */
  syncDirectory(path: string): Promise<void>;
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

const opened = (handle: FileHandle): OpenFile => ({
  write: (bytes, position) => writeAll(handle, bytes, position),
  truncate: (size) => handle.truncate(size),
  sync: () => handle.datasync(),
  close: () => handle.close(),
});

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function makeDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncDirectory(dirname(made));
}

/** The machine's own disk. */
export const diskFiles: Files = {
  read: (path) => unlessMissing(readFile(path)),
  open: async (path) => {
    const handle = await unlessMissing(open(path, 'r+'));
    return handle && opened(handle);
  },
  create: async (path) => opened(await open(path, 'w+')),
  makeDirectory,
  list: async (directory) => (await unlessMissing(readdir(directory))) ?? [],
  rename,
  remove: (path) => rm(path, { recursive: true, force: true }),
  syncDirectory,
};

/**
 * Writes a whole new file beside the old one and puts it in its place: at any moment one of the two is there, whole.
 * @returns the new file, open
 */
export async function replaceFile(
  files: Files,
  path: string,
  bytes: Uint8Array,
  temporary: string = temporaryOf(path),
): Promise<OpenFile> {
  const file = await files.create(temporary);
  try {
    await file.write(bytes, 0);
    await file.sync();
    await files.rename(temporary, path);
    await files.syncDirectory(dirname(path));
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Where a replacement grows. One that a crash left behind is worth nothing. */
export const temporaryOf = (path: string): string => `${path}.new`;
