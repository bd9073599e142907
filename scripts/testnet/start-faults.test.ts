/** The real process of a node on data that it must not use: one line that says what to do, and an exit code for it. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createNetwork } from './files.ts';
import { ROOT } from './testnet.ts';

const PROGRAM = join(ROOT, 'agent-runtime/src/bin/agent-node.ts');
/** Generous: a busy machine may be twenty times slower. */
const TIMEOUT_MS = 120_000;
/** Bytes of a frame's header and of a record's length in the log (node/src/storage/log-format.ts). */
const FRAME_HEADER = 8;
const RECORD_LENGTH = 4;
/** A user without rights, on the systems that the tests run on as root. */
const NOBODY = 65_534;
const ENVIRONMENT = { ...process.env, NODE_NO_WARNINGS: '1' };
const isRoot = process.getuid?.() === 0;

let directory: string;
let folder: string;
let config: string;
const data = (...path: readonly string[]): string => join(folder, 'data', ...path);

interface Ending {
  readonly code: number | null;
  readonly stderr: string;
}

interface Running {
  readonly child: ChildProcess;
  readonly started: Promise<void>;
  readonly ended: Promise<Ending>;
}

/** Whether a file system of the test's own can be had: as root, on Linux. */
function canMount(): boolean {
  const { status } = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]);
  return status === 0;
}

const children = new Set<ChildProcess>();

function start(
  options: { readonly uid?: number; readonly gid?: number } = {},
  command = process.execPath,
  args: readonly string[] = [PROGRAM, config],
): Running {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: ENVIRONMENT, ...options });
  children.add(child);
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const started = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk) => {
      if (String(chunk).includes('node started')) resolve();
    });
  });
  const ended = new Promise<Ending>((resolve) => {
    child.once('close', (code) => {
      children.delete(child);
      resolve({ code, stderr });
    });
  });
  return { child, started, ended };
}

async function stopped({ child, started, ended }: Running): Promise<Ending> {
  await Promise.race([started, ended]);
  child.kill('SIGTERM');
  return ended;
}

/** One line, with a code and everything that is expected of it. */
function expectLine({ code, stderr }: Ending, exitCode: number, ...parts: readonly string[]): void {
  for (const part of parts) expect(stderr).toContain(part);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(code).toBe(exitCode);
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dao-gov-start-'));
  const preset = join(directory, 'preset.json');
  const testnet = JSON.parse(readFileSync(join(ROOT, 'config/testnet.json'), 'utf8'));
  // In a development network a node deletes the data of another genesis by itself.
  writeFileSync(preset, JSON.stringify({ ...testnet, network: 'production' }));
  const host = '127.0.0.1';
  createNetwork(join(directory, 'net'), preset, {
    p2p: () => ({ host, port: 0, address: `/ip4/${host}/tcp/1` }),
    gateway: () => ({ host, port: 0, url: `http://${host}:1` }),
    dataDirectory: 'data',
    preset: 'local',
    captures: join(ROOT, 'data/report-train-buy'),
    explorer: join(directory, 'explorer'),
    reasoner: 'builtin',
    adminToken: false,
  });
  folder = join(directory, 'net/node-1');
  config = join(folder, 'config.json');
  expect(await stopped(start())).toEqual({ code: 0, stderr: '' });
  cpSync(data(), join(directory, 'good'), { recursive: true });
}, TIMEOUT_MS);
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(directory, { recursive: true, force: true });
});

const healthy = (): void => {
  rmSync(data(), { recursive: true, force: true });
  cpSync(join(directory, 'good'), data(), { recursive: true });
};

function withVersion(frame: Buffer, version: number): Buffer {
  const changed = Buffer.from(frame);
  changed[FRAME_HEADER + RECORD_LENGTH + 1] = version;
  changed.writeUInt32LE(crc32(changed.subarray(FRAME_HEADER)), 4);
  return changed;
}

const log = (): Buffer => readFileSync(data('consensus.log'));

describe('a node does not start on', () => {
  type Case = readonly [what: string, code: number, damage: () => void, parts: () => readonly string[]];
  const cases: readonly Case[] = [
    [
      'a log with damage inside',
      3,
      () => {
        const [head, broken] = [log(), log()];
        broken.writeUInt8(broken.readUInt8(broken.length - 1) ^ 1, broken.length - 1);
        writeFileSync(data('consensus.log'), Buffer.concat([head, broken, head]));
      },
      () => [
        'CORRUPT',
        data('consensus.log'),
        `byte ${readFileSync(join(directory, 'good/consensus.log')).length}`,
        'restore the file',
      ],
    ],
    [
      'a chain whose log is lost',
      3,
      () => rmSync(data('consensus.log')),
      () => ['LOG_LOST', data('consensus.log'), 'restore the file'],
    ],
    [
      'a log of a newer version',
      3,
      () => writeFileSync(data('consensus.log'), withVersion(log(), 9)),
      () => ['WRONG_FORMAT', 'version 9', 'run that version'],
    ],
    [
      'a damaged database',
      3,
      () => {
        for (const name of readdirSync(data('chain')))
          if (name.startsWith('MANIFEST')) writeFileSync(data('chain', name), 'nothing of the kind, but long enough');
      },
      () => ['CORRUPT', `delete ${data('chain')} and let the node sync again`],
    ],
    [
      'half a database',
      3,
      () => rmSync(data('chain/CURRENT')),
      () => ['CORRUPT', 'CURRENT is missing', `delete ${data('chain')}`],
    ],
  ];
  test.each(cases)('%s', { timeout: TIMEOUT_MS }, async (_, code, damage, parts) => {
    healthy();
    damage();
    expectLine(await stopped(start()), code, ...parts());
  });

  test('data of another chain', { timeout: TIMEOUT_MS }, async () => {
    healthy();
    const file = join(directory, 'net/genesis.json');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(text), chainId: 'another' }));
    try {
      expectLine(await stopped(start()), 3, 'WRONG_GENESIS', data('chain'), 'another data directory');
    } finally {
      writeFileSync(file, text);
    }
  });

  test('a directory that another node uses, which goes on', { timeout: TIMEOUT_MS }, async () => {
    healthy();
    const first = start();
    await first.started;
    expectLine(await stopped(start()), 5, 'LOCKED', data('chain'), 'its own directory');
    expect(await stopped(first)).toEqual({ code: 0, stderr: '' });
  });

  test('a directory that it may not write', { timeout: TIMEOUT_MS }, async () => {
    healthy();
    execFileSync('chmod', ['-R', 'a+rX', directory]);
    const isLocked = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
    if (!isRoot) execFileSync('chmod', ['-R', 'a-w', data()]);
    try {
      expectLine(await stopped(start(isLocked)), 4, 'READ_ONLY', data(), 'the right to write');
    } finally {
      execFileSync('chmod', ['-R', 'u+w', data()]);
    }
  });

  test.skipIf(!canMount())('a full disk', { timeout: TIMEOUT_MS }, async () => {
    rmSync(data(), { recursive: true, force: true });
    mkdirSync(data());
    // A file system of its own, which nobody else sees and which goes with the process.
    const fill = 'mount -t tmpfs -o size=1m tmpfs "$0" && cp -r "$1/." "$0" && { cat /dev/zero > "$0/rest" || true; }';
    const script = `${fill} 2>/dev/null && exec "$2" "$3" "$4"`;
    const args = ['-m', 'sh', '-c', script, data(), join(directory, 'good'), process.execPath, PROGRAM, config];
    expectLine(await stopped(start({}, 'unshare', args)), 4, 'DISK_FULL', data(), 'free space');
  });

  test('a configuration that is none', { timeout: TIMEOUT_MS }, async () => {
    healthy();
    const text = readFileSync(config, 'utf8');
    writeFileSync(config, '{"name":"node-1"}');
    try {
      expectLine(await stopped(start()), 2, config);
    } finally {
      writeFileSync(config, text);
    }
  });
});

describe('a node starts on', () => {
  test('a log whose last write was cut short, and says so', { timeout: TIMEOUT_MS }, async () => {
    healthy();
    const whole = log();
    writeFileSync(data('consensus.log'), Buffer.concat([whole, whole.subarray(0, 11)]));
    const running = start();
    let told = '';
    running.child.stdout?.on('data', (chunk) => {
      told += chunk;
    });
    expect(await stopped(running)).toEqual({ code: 0, stderr: '' });
    expect(told).toContain('cut short by a crash');
    expect(told).toContain('"cutBytes":11');
    expect(log().subarray(0, whole.length)).toEqual(whole);
  });

  test('a log without its chain', { timeout: TIMEOUT_MS }, async () => {
    healthy();
    rmSync(data('chain'), { recursive: true });
    expect(await stopped(start())).toEqual({ code: 0, stderr: '' });
  });
});
