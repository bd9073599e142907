/**
 * How fast a node that knows nothing but the genesis catches up: a chain is built, two validators hold it, and a full
 * node joins late. Beside it, in the same run, what executing the same blocks takes without network, checks and disk.
 */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { dim, printJson, say, table } from '../lib/output.ts';
import { clientOf, waitFor } from '../testnet/api.ts';
import { HEAP_FLAGS, ROOT, type Testnet, TestnetError } from '../testnet/testnet.ts';
import { cpuSeconds, residentMib } from './metrics.ts';
import { createNetwork, type Folder, temporaryFolder } from './network.ts';
import { round, rounded } from './report.ts';

const WORKER = join(ROOT, 'node/src/bin/bench-chain.ts');
const VALIDATORS = 7;
/** Nodes that hold the chain: two of seven are no quorum, so it stays as long as it is. */
const HOLDERS = [1, 2] as const;
const BLOCK_MS = 5_000;
const SAMPLE_MS = 100;
/** Generous: machines are shared, and a slow sync shall be measured rather than given up. */
const SYNC_MS_MAX = 600_000;

interface SyncOptions {
  readonly blocks: number;
  /** Transfers in each block. */
  readonly transactions: number;
}

interface SyncFigures extends SyncOptions {
  readonly seconds: number;
  readonly blocksPerSecond: number;
  /** Blocks a second that execution alone does. */
  readonly floorBlocksPerSecond: number;
  /** Time of the sync over time of execution alone. */
  readonly ratioToFloor: number;
  /** Processor time a block, of the late joiner and of execution alone: what stays the same on a busy machine. */
  readonly cpuMsPerBlock: number;
  readonly floorCpuMsPerBlock: number;
  /** Resident MiB of the late joiner: at its first blocks, at the most, at the end. */
  readonly memoryMib: { readonly first: number; readonly most: number; readonly last: number };
}

async function work(command: 'build' | 'execute', testnet: Testnet, options: SyncOptions): Promise<unknown> {
  const stores = HOLDERS.map((node) => join(dirname(testnet.configFile(node)), 'data', 'chain'));
  const setup = { directory: testnet.directory, stores, validators: VALIDATORS, ...options };
  const flags = command === 'execute' ? HEAP_FLAGS : [];
  const run = promisify(execFile)(process.execPath, [...flags, WORKER, command, JSON.stringify(setup)], {
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
  return JSON.parse((await run).stdout);
}

const floorSchema = z.object({ executionMs: z.number(), cpuMs: z.number() });

/** The chain's heartbeats lie in the past, as they would. */
function setBack(testnet: Testnet, byMs: number): void {
  const file = join(testnet.directory, 'genesis.json');
  const genesis = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...genesis, timestampMs: genesis.timestampMs - byMs }));
}

interface Sample {
  readonly atMs: number;
  readonly height: number;
  readonly cpuSeconds: number;
  readonly memoryMib: number;
}

/** Samples the late joiner until it has all blocks. */
async function watch(testnet: Testnet, node: number, blocks: number): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  const client = clientOf(testnet, node);
  const pid = testnet.pid(node) ?? 0;
  const end = performance.now() + SYNC_MS_MAX;
  for (;;) {
    const height = await client.chain().then(
      (chain) => chain.height,
      () => 0, // its gateway is not up yet
    );
    const atMs = performance.now();
    if (height > 0) samples.push({ atMs, height, cpuSeconds: cpuSeconds(pid), memoryMib: residentMib(pid) });
    if (height >= blocks) return samples;
    if (atMs > end || testnet.pid(node) === null) {
      throw new TestnetError(`stopped at block ${height} of ${blocks}, see ${testnet.logFile(node)}`);
    }
    await new Promise((done) => setTimeout(done, SAMPLE_MS));
  }
}

async function measureSync(folder: Folder, options: SyncOptions): Promise<SyncFigures> {
  const { blocks, transactions } = options;
  const testnet = await createNetwork(folder, VALIDATORS);
  setBack(testnet, blocks * BLOCK_MS);
  say(`building a chain of ${blocks} blocks with ${transactions} transfers each …`);
  await work('build', testnet, options);
  const floor = floorSchema.parse(await work('execute', testnet, options));
  for (const node of HOLDERS) testnet.start(node);
  for (const node of HOLDERS) {
    await waitFor(`node ${node} holding ${blocks} blocks`, SYNC_MS_MAX, async () => {
      return (await clientOf(testnet, node).chain()).height === blocks;
    });
  }
  say(`${HOLDERS.length} nodes hold it; a late joiner starts …`);
  const joiner = await testnet.observe('free');
  const samples = await watch(testnet, joiner, blocks);
  await testnet.down();
  const first = samples[0] as Sample; // the loop ends with at least one
  const last = samples.at(-1) as Sample;
  const seconds = (last.atMs - first.atMs) / 1_000;
  const blocksPerSecond = (last.height - first.height) / seconds;
  const floorBlocksPerSecond = blocks / (floor.executionMs / 1_000);
  const memory = samples.map(({ memoryMib }) => memoryMib);
  return {
    ...options,
    seconds,
    blocksPerSecond,
    floorBlocksPerSecond,
    ratioToFloor: floorBlocksPerSecond / blocksPerSecond,
    cpuMsPerBlock: ((last.cpuSeconds - first.cpuSeconds) * 1_000) / (last.height - first.height),
    floorCpuMsPerBlock: floor.cpuMs / blocks,
    memoryMib: { first: first.memoryMib, most: Math.max(...memory), last: last.memoryMib },
  };
}

function tellSync(figures: SyncFigures): void {
  const { blocks, transactions, seconds, blocksPerSecond, floorBlocksPerSecond, ratioToFloor, memoryMib } = figures;
  const { cpuMsPerBlock, floorCpuMsPerBlock } = figures;
  const rows = [
    ['figure', 'value', 'what it is'],
    [
      'sync blocks/s',
      blocksPerSecond.toFixed(0),
      `${blocks} blocks of ${transactions} transfers, ${seconds.toFixed(1)} s`,
    ],
    ['floor blocks/s', floorBlocksPerSecond.toFixed(0), 'execution of the same blocks alone, in the same run'],
    ['CPU ms/block', cpuMsPerBlock.toFixed(2), `the late joiner; ${floorCpuMsPerBlock.toFixed(2)} for execution alone`],
    ['ratio to floor', ratioToFloor.toFixed(2), 'time of the sync over time of execution'],
    [
      'memory MiB',
      `${memoryMib.first.toFixed(0)} / ${memoryMib.most.toFixed(0)} / ${memoryMib.last.toFixed(0)}`,
      'resident: at first, at most, at the end',
    ],
  ];
  process.stdout.write(`${table(rows)}\n`);
  say(dim('the nodes that hold the chain share the processor with the one that joins'));
}

/** Measures, tells, and prints the figures as the last line when asked. Returns true: what cannot be measured throws. */
export async function runSync(options: SyncOptions, json: boolean): Promise<boolean> {
  const figures = await measureSync(temporaryFolder(), options);
  tellSync(figures);
  if (!json) return true;
  const { memoryMib, ratioToFloor, cpuMsPerBlock, floorCpuMsPerBlock, ...others } = figures;
  printJson({
    ...rounded(others),
    ratioToFloor: round(ratioToFloor, 2),
    cpuMsPerBlock: round(cpuMsPerBlock, 3),
    floorCpuMsPerBlock: round(floorCpuMsPerBlock, 3),
    memoryMib: rounded(memoryMib),
  });
  return true;
}
