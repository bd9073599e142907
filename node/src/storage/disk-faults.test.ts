import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StoreErrorCode } from '../ports/store.ts';
import { utf8Bytes } from '../protocol/bytes.ts';
import { deleteData, diskFiles, type Files, type OpenFile, openData, openFileLog, writeDurably } from './index.ts';

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dao-gov-faults-'));
  path = join(directory, 'consensus.log');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const fault = (code: string): Error => Object.assign(new Error(`${code}: the disk says no`), { code });

/** The machine's disk, on which one operation of open files fails; a write leaves half of its bytes behind. */
function failing(operation: 'write' | 'sync' | 'truncate', code: string): Files {
  const broken = (file: OpenFile): OpenFile => ({
    ...file,
    [operation]: async (bytes: Uint8Array, position: number) => {
      if (operation === 'write') await file.write(bytes.subarray(0, bytes.length >> 1), position);
      throw fault(code);
    },
  });
  return {
    ...diskFiles,
    open: async (name) => {
      const file = await diskFiles.open(name);
      return file && broken(file);
    },
    create: async (name) => broken(await diskFiles.create(name)),
  };
}

const texts = async (files: Files = diskFiles): Promise<readonly string[]> => {
  const log = await openFileLog(path, { files });
  const records = await log.replay();
  await log.close();
  return records.map((bytes) => new TextDecoder().decode(bytes));
};

const faults: readonly (readonly ['write' | 'sync', string, StoreErrorCode])[] = [
  ['write', 'ENOSPC', 'DISK_FULL'],
  ['sync', 'ENOSPC', 'DISK_FULL'],
  ['write', 'EDQUOT', 'DISK_FULL'],
  ['write', 'EROFS', 'READ_ONLY'],
  ['sync', 'EIO', 'WRITE_FAILED'],
];

describe('a disk that refuses', () => {
  test.each(faults)(
    '%s with %s is %s; nothing is signed after it, nothing before it is lost',
    async (at, code, told) => {
      const before = await openFileLog(path);
      await before.append([utf8Bytes('sent')]);
      await before.close();
      const log = await openFileLog(path, { files: failing(at, code) });
      const expected = { code: told, message: expect.stringContaining(path), place: { path } };
      await expect(log.append([utf8Bytes('never sent')])).rejects.toMatchObject(expected);
      await expect(log.append([utf8Bytes('another')])).rejects.toMatchObject(expected);
      await expect(log.rewrite([])).rejects.toMatchObject(expected);
      await log.close();
      const found = await texts();
      expect(found[0]).toBe('sent');
      if (at === 'write') expect(found).toEqual(['sent']);
    },
  );

  test.each(faults)('%s with %s during a rewrite leaves the old log', async (at, code, told) => {
    const before = await openFileLog(path);
    await before.append([utf8Bytes('sent')]);
    await before.close();
    const log = await openFileLog(path, { files: failing(at, code) });
    await expect(log.rewrite([utf8Bytes('kept')])).rejects.toMatchObject({ code: told });
    await log.close();
    expect(await texts()).toEqual(['sent']);
  });

  test('a torn tail that cannot be cut off stops the node', async () => {
    const log = await openFileLog(path);
    await log.append([utf8Bytes('sent')]);
    await log.close();
    await writeFile(path, 'torn', { flag: 'a' });
    await expect(texts(failing('truncate', 'EROFS'))).rejects.toMatchObject({ code: 'READ_ONLY' });
    expect(await texts()).toEqual(['sent']);
  });

  test('a durable file is the old one or the new one, and nothing is left beside it', async () => {
    await writeDurably(path, 'old');
    await expect(writeDurably(path, 'new', failing('sync', 'ENOSPC'))).rejects.toMatchObject({ code: 'DISK_FULL' });
    expect(new TextDecoder().decode(await diskFiles.read(path))).toBe('old');
    await writeDurably(path, 'new');
    expect(new TextDecoder().decode(await diskFiles.read(path))).toBe('new');
    expect(await readdir(directory)).toEqual(['consensus.log']);
  });
});

describe('the data directory', () => {
  test('is made with its parents, and gone after its deletion', async () => {
    const data = join(directory, 'deep', 'data');
    const { store, log } = await openData(data);
    expect((await readdir(data)).sort()).toEqual(['chain', 'consensus.log']);
    await expect(openData(data)).rejects.toMatchObject({ code: 'LOCKED' });
    await log.close();
    await store.close();
    await deleteData(data);
    expect(await readdir(data)).toEqual([]);
    await deleteData(data);
  });

  test('what a deletion was killed over goes with the next start', async () => {
    const data = join(directory, 'data');
    await diskFiles.makeDirectory(join(data, 'chain.discarded'));
    await writeFile(join(data, 'chain.discarded/CURRENT'), 'old');
    const { store, log } = await openData(data);
    expect((await readdir(data)).sort()).toEqual(['chain', 'consensus.log']);
    expect(await store.genesisHash()).toBeUndefined();
    await log.close();
    await store.close();
  });
});
