import { mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ChainStore } from '../ports/store.ts';
import { utf8Bytes } from '../protocol/bytes.ts';
import { sampleChain, storeCompliance } from '../testing/store-compliance.ts';
import { type MemoryContent, openLevelStore, openMemoryStore } from './index.ts';
import { blockKey, SCHEMA_KEY, TIP_KEY } from './keys.ts';
import { openLevelKeyValue } from './level-key-value.ts';

const newDirectory = () => mkdtemp(join(tmpdir(), 'dao-gov-store-'));

storeCompliance('memory', async () => {
  const content: MemoryContent = new Map();
  return { open: () => openMemoryStore(content), dispose: async () => {} };
});

storeCompliance('LevelDB', async () => {
  const directory = await newDirectory();
  return {
    open: () => openLevelStore(join(directory, 'chain')),
    dispose: () => rm(directory, { recursive: true, force: true }),
  };
});

describe('LevelDB on a bad day', () => {
  const GENESIS = '9e'.repeat(32);
  let directory: string;

  beforeEach(async () => {
    directory = await newDirectory();
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const withStore = async <T>(use: (store: ChainStore) => Promise<T>): Promise<T> => {
    const store = await openLevelStore(directory);
    try {
      return await use(store);
    } finally {
      await store.close();
    }
  };
  const writeThreeBlocks = () =>
    withStore(async (store) => {
      await store.initialise(GENESIS, new Map());
      const states = [1, 2, 3].map((height) => ({ state: { last: String(height), [`at${height}`]: 'x'.repeat(500) } }));
      for (const block of sampleChain(states)) await store.commit([block]);
    });

  test('a crash in the middle of a commit leaves the block before it, whole', async () => {
    await writeThreeBlocks();
    const log = (await readdir(directory)).find((name) => name.endsWith('.log'));
    if (!log) throw new Error('LevelDB keeps fresh writes in a .log file');
    await truncate(join(directory, log), (await stat(join(directory, log))).size - 200);
    await withStore(async (store) => {
      expect((await store.tip())?.height).toBe(2);
      expect(await store.blockAt(3)).toBeUndefined();
      const state: Record<string, string> = {};
      for await (const [key, text] of store.state()) state[key] = text;
      expect(state).toMatchObject({ last: '2' });
      expect(state).not.toHaveProperty('at3');
    });
  });

  test('LOCKED while another holds it, and free after that one closes', async () => {
    await withStore(async () => {
      await expect(openLevelStore(directory)).rejects.toMatchObject({
        code: 'LOCKED',
        message: expect.stringContaining(directory),
      });
    });
    await withStore(async (store) => expect(await store.tip()).toBeUndefined());
  });

  test('CORRUPT with the way out when the files are damaged', async () => {
    await writeThreeBlocks();
    const manifest = (await readdir(directory)).find((name) => name.startsWith('MANIFEST'));
    await writeFile(join(directory, manifest ?? ''), 'not a manifest at all, but long enough to be read as one');
    await expect(openLevelStore(directory)).rejects.toMatchObject({
      code: 'CORRUPT',
      message: expect.stringContaining(`delete ${directory} and let the node sync again`),
    });
  });

  const damage: readonly (readonly [what: string, key: string, value: string | undefined])[] = [
    ['a tip without its block', TIP_KEY, `9/${'ab'.repeat(32)}`],
    ['a tip of another hash', TIP_KEY, `3/${'ab'.repeat(32)}`],
    ['a tip that is none', TIP_KEY, 'three'],
    ['no tip', TIP_KEY, undefined],
    ['a block that does not decode', blockKey(3), 'garbage'],
    ['a missing block', blockKey(3), undefined],
  ];
  test.each(damage)('CORRUPT on opening: %s; and the lock is given back', async (_, key, value) => {
    await writeThreeBlocks();
    const kv = await openLevelKeyValue(directory);
    const operation = value === undefined ? { type: 'del', key } : { type: 'put', key, value: utf8Bytes(value) };
    await kv.batch([operation as Parameters<typeof kv.batch>[0][number]], { sync: true });
    await kv.close();
    for (const _attempt of [1, 2]) {
      await expect(openLevelStore(directory)).rejects.toMatchObject({ code: 'CORRUPT' });
    }
  });

  test('WRONG_FORMAT when a newer version of the program made it', async () => {
    await writeThreeBlocks();
    const kv = await openLevelKeyValue(directory);
    await kv.batch([{ type: 'put', key: SCHEMA_KEY, value: utf8Bytes('999') }], { sync: true });
    await kv.close();
    await expect(openLevelStore(directory)).rejects.toMatchObject({
      code: 'WRONG_FORMAT',
      message: expect.stringContaining('run the version that made it'),
    });
  });

  const halves: readonly (readonly [what: string, lost: RegExp])[] = [
    ['its CURRENT file', /^CURRENT$/],
    ['its manifest', /^MANIFEST/],
    ['its newest log', /\.log$/],
    ['all but its newest log', /^(CURRENT|MANIFEST|LOCK|LOG)/],
  ];
  test.each(halves)('CORRUPT, never a new chain, when the directory has lost %s', async (_, lost) => {
    await writeThreeBlocks();
    for (const name of await readdir(directory)) if (lost.test(name)) await rm(join(directory, name));
    await expect(openLevelStore(directory)).rejects.toMatchObject({ code: 'CORRUPT', place: { path: directory } });
  });

  test('CORRUPT when a table is lost', async () => {
    await writeThreeBlocks();
    // Opening again turns the log of the life before into a table.
    await withStore(async (store) => expect((await store.tip())?.height).toBe(3));
    const tables = (await readdir(directory)).filter((name) => name.endsWith('.ldb'));
    expect(tables).not.toEqual([]);
    for (const name of tables) await rm(join(directory, name));
    await expect(openLevelStore(directory)).rejects.toMatchObject({ code: 'CORRUPT' });
  });

  test('a first opening that was cut short begins anew', async () => {
    await writeFile(join(directory, 'MANIFEST-000001'), '');
    await withStore(async (store) => expect(await store.tip()).toBeUndefined());
  });

  test('WRITE_FAILED where no directory can be', async () => {
    const file = join(directory, 'file');
    await writeFile(file, '');
    await expect(openLevelStore(join(file, 'chain'))).rejects.toMatchObject({ code: 'WRITE_FAILED' });
  });
});
