/** The port through which a capture folder is read, and its implementation over the file system. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { CaptureError } from './errors.ts';

export type CaptureFiles = {
  /** Bytes of the named file, decompressed; `null` when it is absent. A plain file is preferred to its `.gz` twin. */
  readonly open: (name: string) => Promise<AsyncIterable<Uint8Array> | null>;
};

export function folderFiles(folder: string): CaptureFiles {
  return {
    open: async (name) => {
      if (await isFile(join(folder, name))) return createReadStream(join(folder, name));
      const compressed = join(folder, `${name}.gz`);
      return (await isFile(compressed)) ? gunzipped(compressed, `${name}.gz`) : null;
    },
  };
}

async function* gunzipped(path: string, name: string): AsyncIterable<Uint8Array> {
  const source = createReadStream(path);
  const gunzip = createGunzip();
  source.on('error', (error) => gunzip.destroy(error));
  try {
    yield* source.pipe(gunzip);
  } catch (error) {
    throw new CaptureError({ code: 'file-undecodable', file: name, why: 'not a complete gzip file' }, { cause: error });
  } finally {
    // Also when the reader stops early, at a limit: the descriptor must not wait for the garbage collector.
    source.destroy();
    gunzip.destroy();
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return false;
    throw error;
  }
}
