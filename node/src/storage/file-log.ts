/**
 * The write-ahead log in a file. What is appended is on disk before the promise resolves; appends that arrive while
 * one is being synced share the next sync, because a sync costs the same for one record as for fifty.
 */
import { dirname } from 'node:path';
import type { StoreError, WriteAheadLog } from '../ports/store.ts';
import { silentTelemetry, type TelemetrySink } from '../ports/telemetry.ts';
import { closedStore, corruptLog, diskFault } from './errors.ts';
import { diskFiles, type Files, type OpenFile, replaceFile, temporaryOf } from './files.ts';
import { assertRecords, encodeFrames, parseLog } from './log-format.ts';
import { serialQueue } from './serial.ts';

export interface FileLogOptions {
  /** The machine's disk when absent. */
  readonly files?: Files;
  /** Hears of a torn tail that was cut off. */
  readonly telemetry?: TelemetrySink;
}

async function openOrCreate(files: Files, path: string): Promise<OpenFile> {
  const known = await files.open(path);
  if (known) return known;
  await files.makeDirectory(dirname(path));
  const file = await files.create(path);
  await files.syncDirectory(dirname(path));
  return file;
}

/** The file and where it ends. Every method leaves it in order or throws, after which it must not be used. */
interface LogFile {
  check(): Promise<readonly Uint8Array[]>;
  append(records: readonly Uint8Array[]): Promise<void>;
  replace(records: readonly Uint8Array[]): Promise<void>;
  close(): Promise<void>;
}

async function openLogFile(path: string, { files = diskFiles, telemetry = silentTelemetry }: FileLogOptions) {
  await files.remove(temporaryOf(path));
  let file = await openOrCreate(files, path);
  /** Bytes of whole frames; undefined until the content has been checked. */
  let size: number | undefined;

  const check = async (): Promise<readonly Uint8Array[]> => {
    const bytes = (await files.read(path)) ?? new Uint8Array();
    const { records, wholeBytes, damagedInside } = parseLog(bytes);
    if (damagedInside) throw corruptLog(path, wholeBytes);
    if (bytes.length > wholeBytes) {
      const cutBytes = bytes.length - wholeBytes;
      telemetry.log('warn', 'the last write to the log was cut short by a crash: cut off', {
        path,
        offset: wholeBytes,
        cutBytes,
      });
      await file.truncate(wholeBytes);
      await file.sync();
    }
    size = wholeBytes;
    return records;
  };
  const opened: LogFile = {
    check,
    append: async (records) => {
      if (size === undefined) await check();
      for (const frame of encodeFrames(records)) {
        const position = size ?? 0;
        await file.write(frame, position);
        await file.sync();
        size = position + frame.length;
      }
    },
    replace: async (records) => {
      if (size === undefined) await check();
      const bytes = Buffer.concat(encodeFrames(records));
      const replaced = await replaceFile(files, path, bytes);
      await file.close();
      file = replaced;
      size = bytes.length;
    },
    close: () => file.close(),
  };
  return opened;
}

/**
 * Opens or creates the log at a path. The directory must be this process's alone (the chain store's lock sees to it).
 * @throws StoreError DISK_FULL, READ_ONLY, WRITE_FAILED when the disk refuses
 */
export async function openFileLog(path: string, options: FileLogOptions = {}): Promise<WriteAheadLog> {
  const file = await openLogFile(path, options).catch((error: unknown) => {
    throw diskFault(path, error);
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
        broken = diskFault(path, error);
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
    location: path,
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
