import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fromHex } from '../protocol/bytes.ts';
import { validatorSetOfGenesis } from '../protocol/validator-set.ts';
import { decodeConsensusMessage } from '../protocol/wire.ts';
import { developmentGenesis } from '../testing/chain-kit.ts';
import { CRASH_POINTS, type CrashPoint } from '../testing/crash/crash-points.ts';
import { type CrashRecord, readRecords } from '../testing/crash/records.ts';
import { ConsensusMonitor, oneEpoch } from '../testing/simulation/consensus-monitor.ts';

const PROGRAM = join(import.meta.dirname, '../testing/crash/cluster-process.ts');
/** Generous: a busy machine may be twenty times slower. */
const LIFE_MS_MAX = 120_000;

interface Life {
  readonly point: CrashPoint;
  /** Killed while it opens its data, or after the chain has gone on. */
  readonly phase: 'starting' | 'running';
  /** On an empty disk. */
  readonly fresh?: boolean;
}
const starting = (...points: readonly CrashPoint[]): Life[] => points.map((point) => ({ point, phase: 'starting' }));
const running = (...points: readonly CrashPoint[]): Life[] => points.map((point) => ({ point, phase: 'running' }));

/** Each life recovers from the death of the one before, so their order is part of the test. */
const LIVES: readonly Life[] = [
  ...starting('create.done'),
  { point: 'create.file', phase: 'starting', fresh: true },
  // The first append of all binds the log to its chain.
  ...starting('create.directory', 'append.write', 'append.torn', 'append.sync', 'initialise.batch', 'initialise.done'),
  ...running('append.write', 'append.sync', 'append.done', 'append.torn'),
  ...starting('cut.truncate', 'cut.sync'),
  ...running('append.torn'),
  ...starting('cut.done'),
  ...running('rewrite.create', 'rewrite.write', 'rewrite.torn', 'rewrite.sync', 'rewrite.rename'),
  ...running('rewrite.directory', 'rewrite.done'),
  ...running('commit.batch', 'commit.done', 'evidence.batch', 'evidence.done'),
  ...running('genesis.create', 'genesis.rename', 'genesis.done'),
  ...running('discard.chain', 'discard.directory', 'discard.log', 'discard.logDirectory', 'discard.tree'),
  ...running('discard.done'),
];

let directory: string;
let recordsFile: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dao-gov-crash-'));
  recordsFile = join(directory, 'records');
});
afterAll(() => rm(directory, { recursive: true, force: true }));

interface End {
  readonly code: number | null;
  readonly signal: string | null;
  readonly errors: string;
}

function live(point: string, phase: string): Promise<End> {
  const child = spawn(process.execPath, [PROGRAM, join(directory, 'data'), recordsFile, point, phase], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', NODE_COMPILE_CACHE: join(directory, 'cache') },
    timeout: LIFE_MS_MAX,
  });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, errors }));
  });
}

type Of<T extends CrashRecord['type']> = Extract<CrashRecord, { type: T }>;
const only = <T extends CrashRecord['type']>(records: readonly CrashRecord[], type: T, chain: string): Of<T>[] =>
  records.filter((record): record is Of<T> => record.type === type && 'chain' in record && record.chain === chain);

/** Reads everything that ever left the processes: no vote against another, no block lost, no height with two blocks. */
function assertHistory(records: readonly CrashRecord[]): void {
  const { validators } = validatorSetOfGenesis(developmentGenesis());
  const chains = new Set(records.flatMap((record) => ('chain' in record ? [record.chain] : [])));
  for (const chain of chains) {
    const monitor = new ConsensusMonitor(oneEpoch(validators.slice(0, 4)));
    for (const { node, message } of only(records, 'sent', chain)) {
      monitor.sent(validators[node]?.key ?? '', decodeConsensusMessage(fromHex(message)));
    }
    const newest = [0, 0, 0, 0];
    for (const record of records) {
      if (!('chain' in record) || record.chain !== chain) continue;
      if (record.type === 'final') {
        monitor.agreed(record.height, record.hash);
        newest[record.node] = Math.max(newest[record.node] ?? 0, record.height);
      }
      if (record.type !== 'up') continue;
      for (const [node, height] of record.heights.entries()) {
        expect(height, `height of node ${node + 1} after a restart`).toBeGreaterThanOrEqual(newest[node] ?? 0);
      }
    }
  }
}

describe('a process killed at each crash point', () => {
  test('every point has its life', () => {
    expect([...new Set(LIVES.map(({ point }) => point))].sort()).toEqual([...CRASH_POINTS].sort());
  });

  const named = LIVES.map((life, index) => ({ ...life, index: index + 1 }));
  test.each(named)(
    'life $index recovers, and is killed at $point while $phase',
    { timeout: LIFE_MS_MAX },
    async (one) => {
      const { point, phase, fresh } = one;
      if (fresh) for (const path of [join(directory, 'data'), recordsFile]) await rm(path, { recursive: true });
      const end = await live(point, phase);
      expect(end, end.errors).toMatchObject({ signal: 'SIGKILL' });
      const records = readRecords(recordsFile);
      expect(records.at(-1)).toEqual({ type: 'killed', point });
      const born = records.findLastIndex(({ type }) => type === 'life');
      const types = records.slice(born).map(({ type }) => type);
      if (phase === 'running') expect(types).toContain('recovered');
      assertHistory(records);
    },
  );

  test('the last life recovers and ends well', { timeout: LIFE_MS_MAX }, async () => {
    const end = await live('none', 'running');
    expect(end, end.errors).toMatchObject({ code: 0 });
    const records = readRecords(recordsFile);
    assertHistory(records);
    const born = records.findLastIndex(({ type }) => type === 'life');
    expect(records.slice(born).map(({ type }) => type)).toContain('recovered');
    expect(records.filter(({ type }) => type === 'final').length).toBeGreaterThan(LIVES.length);
  });
});
