import { appendFile, type FileHandle, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { WriteAheadLog } from '../ports/store.ts';
import { utf8Bytes } from '../protocol/bytes.ts';
import { LOG_RECORD_BYTES_MAX } from './constants.ts';
import { openFileLog, openMemoryLog } from './index.ts';
import { encodeFrames } from './log-format.ts';

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dao-gov-log-'));
  path = join(directory, 'signed', 'votes.log');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const records = (...texts: readonly string[]): Uint8Array[] => texts.map(utf8Bytes);
const texts = async (log: WriteAheadLog) => (await log.replay()).map((bytes) => new TextDecoder().decode(bytes));

const kinds: readonly (readonly [string, () => () => Promise<WriteAheadLog>])[] = [
  ['file', () => () => openFileLog(path)],
  [
    'memory',
    () => {
      const content: Uint8Array[] = [];
      return async () => openMemoryLog(content);
    },
  ],
];

describe.each(kinds)('the %s log', (_, prepare) => {
  let open: () => Promise<WriteAheadLog>;
  let log: WriteAheadLog;
  beforeEach(async () => {
    open = prepare();
    log = await open();
  });
  afterEach(() => log.close());

  test('replays what was appended, oldest first, also after a restart', async () => {
    expect(await texts(log)).toEqual([]);
    await log.append(records('one', 'two'));
    await log.append(records('three'));
    expect(await texts(log)).toEqual(['one', 'two', 'three']);
    await log.close();
    log = await open();
    expect(await texts(log)).toEqual(['one', 'two', 'three']);
  });

  test('appends without replaying first', async () => {
    await log.append(records('one'));
    await log.close();
    log = await open();
    await log.append(records('two'));
    expect(await texts(log)).toEqual(['one', 'two']);
  });

  test('keeps the order of appends that overlap', async () => {
    const names = Array.from({ length: 50 }, (_unused, index) => `record ${index}`);
    await Promise.all(names.map((name) => log.append(records(name))));
    expect(await texts(log)).toEqual(names);
  });

  test('rewrites everything, and keeps what is appended around it in order', async () => {
    await log.append(records('old'));
    await Promise.all([log.append(records('obsolete')), log.rewrite(records('kept')), log.append(records('new'))]);
    expect(await texts(log)).toEqual(['kept', 'new']);
    await log.rewrite([]);
    await log.append(records('fresh'));
    await log.close();
    log = await open();
    expect(await texts(log)).toEqual(['fresh']);
  });

  test('refuses empty and oversized records without harm', async () => {
    await log.append([]);
    await expect(log.append([new Uint8Array()])).rejects.toMatchObject({ code: 'WRITE_FAILED' });
    await expect(log.append([new Uint8Array(LOG_RECORD_BYTES_MAX + 1)])).rejects.toMatchObject({
      code: 'WRITE_FAILED',
    });
    await log.append(records('fine'));
    expect(await texts(log)).toEqual(['fine']);
  });

  test('CLOSED after close, and closing twice is harmless', async () => {
    await log.close();
    await log.close();
    await expect(log.append(records('late'))).rejects.toMatchObject({ code: 'CLOSED' });
    await expect(log.replay()).rejects.toMatchObject({ code: 'CLOSED' });
    await expect(log.rewrite([])).rejects.toMatchObject({ code: 'CLOSED' });
  });
});

describe('the file log', () => {
  test('is on disk when append resolves, in the documented layout', async () => {
    const log = await openFileLog(path);
    await log.append(records('abc'));
    const body = Buffer.from([3, 0, 0, 0, ...utf8Bytes('abc')]);
    const expected = Buffer.alloc(15);
    expected.writeUInt32LE(body.length, 0);
    expected.writeUInt32LE(crc32(body), 4);
    body.copy(expected, 8);
    expect(await readFile(path)).toEqual(expected);
    await log.close();
  });

  test('appends that overlap share a sync, and none resolves before its sync has ended', async () => {
    const log = await openFileLog(path);
    const probe = await open(path);
    const prototype: FileHandle = Object.getPrototypeOf(probe);
    await probe.close();
    const original = prototype.datasync;
    let started = 0;
    let ended = 0;
    const spy = vi.spyOn(prototype, 'datasync').mockImplementation(async function (this: FileHandle) {
      started += 1;
      await original.call(this);
      ended += 1;
    });
    const endedAtResolve: number[] = [];
    const append = async (text: string) => {
      await log.append(records(text));
      endedAtResolve.push(ended);
    };
    const first = append('alone');
    while (started === 0) await new Promise(setImmediate);
    await Promise.all([first, ...Array.from({ length: 40 }, (_, index) => append(`together ${index}`))]);
    spy.mockRestore();
    await log.close();
    expect(started).toBe(2);
    expect(endedAtResolve).toEqual([1, ...Array(40).fill(2)]);
  });

  test('leaves no second file behind a rewrite, and removes one that a crash left', async () => {
    const first = await openFileLog(path);
    await first.append(records('vote'));
    await first.close();
    await writeFile(`${path}.new`, 'half of a rewrite');
    const log = await openFileLog(path);
    expect(await texts(log)).toEqual(['vote']);
    await log.rewrite(records('kept'));
    expect(await readdir(join(directory, 'signed'))).toEqual(['votes.log']);
    await log.close();
  });

  const frame = (...contents: readonly string[]): Uint8Array => Buffer.concat(encodeFrames(records(...contents)));
  const whole = Buffer.concat([frame('first'), frame('second')]);
  const third = frame('third');
  const changed = (bytes: Uint8Array, at: number, value: number): Uint8Array => bytes.with(at, value);
  const torn: readonly (readonly [what: string, tail: Uint8Array])[] = [
    ['nothing', new Uint8Array()],
    ['one byte of a header', third.subarray(0, 1)],
    ['a header short of a byte', third.subarray(0, 7)],
    ['a header without its record', third.subarray(0, 8)],
    ['a record short of a byte', third.subarray(0, third.length - 1)],
    ['a last record with a bad checksum', changed(third, 4, 0)],
    ['a last record with a changed byte', changed(third, third.length - 1, 0)],
    ['a length that reaches beyond the end', changed(third, 2, 1)],
    ['a length that no record has', changed(third, 3, 255)],
    ['zeros, as a file system leaves them', new Uint8Array(4_096)],
    ['half a record and then zeros', new Uint8Array(64).fill(0).map((_, index) => third[index % 4] ?? 0)],
  ];
  test.each(torn)('cuts off a torn tail: %s', async (_, tail) => {
    await (await openFileLog(path)).close();
    await writeFile(path, Buffer.concat([whole, tail]));
    const log = await openFileLog(path);
    expect(await texts(log)).toEqual(['first', 'second']);
    expect((await stat(path)).size).toBe(whole.length);
    await log.append(records('after'));
    expect(await texts(log)).toEqual(['first', 'second', 'after']);
    await log.close();
  });

  test('cuts off a torn tail also when it appends without replaying', async () => {
    await (await openFileLog(path)).close();
    await writeFile(path, Buffer.concat([whole, third.subarray(0, 9)]));
    const log = await openFileLog(path);
    await log.append(records('after'));
    expect(await texts(log)).toEqual(['first', 'second', 'after']);
    await log.close();
  });

  const second = 8 + 4 + 'first'.length;
  const damaged: readonly (readonly [what: string, at: number, value: number, offset: number])[] = [
    ['a byte of the first record', 12, 0, 0],
    ['the checksum of the first record', 4, 0, 0],
    ['the first length, now too small', 0, 1, 0],
    ['the first length, now too large', 3, 255, 0],
    ['the first length, now beyond the end', 1, 9, 0],
    ['the first length, now zero', 0, 0, 0],
    ['a byte of the second record', second + 12, 0, second],
    ['the length of the second record', second, 200, second],
    ['the length inside the first frame', 8, 200, 0],
  ];
  test.each(damaged)('CORRUPT: %s, with whole records after it', async (_, at, value, offset) => {
    await (await openFileLog(path)).close();
    const bytes = Buffer.from(changed(Buffer.concat([whole, third]), at, value));
    await writeFile(path, bytes);
    const log = await openFileLog(path);
    const corrupt = { code: 'CORRUPT', message: expect.stringContaining(`byte ${offset} `), place: { path, offset } };
    await expect(log.replay()).rejects.toMatchObject(corrupt);
    await expect(log.append(records('no'))).rejects.toMatchObject(corrupt);
    await expect(log.rewrite(records('no'))).rejects.toMatchObject(corrupt);
    expect(await readFile(path)).toEqual(bytes);
    await log.close();
  });

  test('finds the damage in a large log without trying every checksum', async () => {
    const log = await openFileLog(path);
    await log.append(Array.from({ length: 20_000 }, (_, index) => utf8Bytes(`vote ${index} `.repeat(10))));
    await log.close();
    const [torn = new Uint8Array()] = encodeFrames([new Uint8Array(LOG_RECORD_BYTES_MAX).fill(1)]);
    await appendFile(path, torn.subarray(0, -1));
    const again = await openFileLog(path);
    expect(await again.replay()).toHaveLength(20_000);
    await again.close();
  });

  test('WRITE_FAILED where no file can be', async () => {
    await writeFile(join(directory, 'file'), '');
    await expect(openFileLog(join(directory, 'file', 'votes.log'))).rejects.toMatchObject({ code: 'WRITE_FAILED' });
  });
});
