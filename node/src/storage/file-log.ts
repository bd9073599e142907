/**
 * The write-ahead log in a file. What is appended is on disk before the promise resolves; appends that arrive while
 * one is being synced share the next sync, because a sync costs the same for one record as for fifty.
 */
import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StoreError, type WriteAheadLog } from '../ports/store.ts';
import { closedStore, corruptLog, writeFailed } from './errors.ts';
import { assertRecords, encodeRecords, parseLog } from './log-format.ts';
import { serialQueue } from './serial.ts';

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/** A rename or a new file is durable only when its directory is. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function openOrCreate(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(path, 'w+');
    await syncDirectory(dirname(path));
    return handle;
  }
}

/** Writes a whole new file beside the old one and puts it in its place: at any moment one of the two is there. */
async function replaceFile(path: string, temporary: string, bytes: Uint8Array): Promise<FileHandle> {
  const handle = await open(temporary, 'w+');
  try {
    await writeAll(handle, bytes, 0);
    await handle.sync();
    await rename(temporary, path);
    await syncDirectory(dirname(path));
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The file and where it ends. Every method leaves it in order or throws, after which it must not be used. */
interface LogFile {
  check(): Promise<readonly Uint8Array[]>;
  append(records: readonly Uint8Array[]): Promise<void>;
  replace(records: readonly Uint8Array[]): Promise<void>;
  close(): Promise<void>;
}

async function openLogFile(path: string): Promise<LogFile> {
  const temporary = `${path}.new`;
  await rm(temporary, { force: true });
  let handle = await openOrCreate(path);
  /** Bytes of whole records; undefined until the content has been checked. */
  let size: number | undefined;

  const check = async (): Promise<readonly Uint8Array[]> => {
    const bytes = await readFile(path);
    const { records, wholeBytes, damagedInside } = parseLog(bytes);
    if (damagedInside) throw corruptLog(path, wholeBytes);
    if (bytes.length > wholeBytes) {
      await handle.truncate(wholeBytes);
      await handle.sync();
    }
    size = wholeBytes;
    return records;
  };
  return {
    check,
    append: async (records) => {
      if (size === undefined) await check();
      const position = size ?? 0;
      const bytes = encodeRecords(records);
      await writeAll(handle, bytes, position);
      await handle.datasync();
      size = position + bytes.length;
    },
    replace: async (records) => {
      if (size === undefined) await check();
      const bytes = encodeRecords(records);
      const replaced = await replaceFile(path, temporary, bytes);
      await handle.close();
      handle = replaced;
      size = bytes.length;
    },
    close: () => handle.close(),
  };
}

/**
 * Opens or creates the log at a path. The directory must be this process's alone (the chain store's lock sees to it).
 * @throws StoreError WRITE_FAILED when the disk refuses
 */
export async function openFileLog(path: string): Promise<WriteAheadLog> {
  const file = await openLogFile(path).catch((error: unknown) => {
    throw writeFailed(path, error);
  });
  const jobs = serialQueue();
  let closed = false;
  /** After a failed write or sync nobody knows what is on disk: nothing may be signed until a restart. */
  let broken: StoreError | undefined;
  /** The appends that the next sync will cover. */
  let batch: { readonly records: Uint8Array[]; readonly done: Promise<void> } | undefined;

  const assertOpen = (): void => {
    if (closed) throw closedStore(path);
  };
  const work = <T>(job: () => Promise<T>): Promise<T> =>
    jobs.run(async () => {
      assertOpen();
      if (broken) throw broken;
      try {
        return await job();
      } catch (error) {
        broken = error instanceof StoreError ? error : writeFailed(path, error);
        throw broken;
      }
    });

  const startBatch = () => {
    const records: Uint8Array[] = [];
    const done = work(() => {
      if (batch?.records === records) batch = undefined;
      return file.append(records);
    });
    return { records, done };
  };

  return {
    append: async (records) => {
      assertOpen();
      assertRecords(path, records);
      if (records.length === 0) return;
      batch ??= startBatch();
      batch.records.push(...records);
      await batch.done;
    },
    replay: () => work(file.check),
    rewrite: async (records) => {
      assertOpen();
      assertRecords(path, records);
      // What is appended from here on comes after the rewrite, so it must not join a batch that comes before.
      batch = undefined;
      await work(() => file.replace(records));
    },
    close: () =>
      jobs.run(async () => {
        if (closed) return;
        closed = true;
        await file.close();
      }),
  };
}
