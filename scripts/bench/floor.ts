/** Runs node/src/bin/bench-floor.ts in one process a validator: what network, signatures and disk alone take. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Block,
  encodeConsensusMessage,
  type Transaction,
  toHex,
  validatorKeyOf,
  ZERO_HASH,
} from '@dao-gov/node/protocol';
import { z } from 'zod';
import { red, say } from '../lib/output.ts';
import { freePorts } from '../testnet/ports.ts';
import { ROOT, TestnetError } from '../testnet/testnet.ts';

const WORKER = join(ROOT, 'node/src/bin/bench-floor.ts');
const HOST = '127.0.0.1';
/** Rounds over all nodes: a few seconds' worth; the more nodes, the slower each round. */
const ROUNDS_TIMES_NODES = 2_100;
const ROUNDS_MIN = 60;
/** Share of the rounds, from the first, that do not count: code is not compiled yet. */
const WARM_UP_SHARE = 0.25;
/** Milliseconds for the processes to come up and greet each other, and for one series of rounds. */
const WORKER_MS = 60_000;
const WORKER_MS_PER_NODE = 12_000;

const answerSchema = z.union([
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('result'), samplesMs: z.array(z.number()) }),
]);

export interface MessageSizes {
  readonly proposalBytes: number;
  readonly voteBytes: number;
  readonly certificateBytes: number;
}

/** Sizes of real messages in a network of `validators`, the proposal with these transactions. */
export function messageSizes(validators: number, transactions: readonly Transaction[]): MessageSizes {
  const subject = { kind: 'notarize', epoch: 0, view: 1, block: ZERO_HASH } as const;
  const signature = '0'.repeat(128);
  const roots = {
    ...{ parentHash: ZERO_HASH, proposer: ZERO_HASH, transactionsRoot: ZERO_HASH, receiptsRoot: ZERO_HASH },
    ...{ stateRoot: ZERO_HASH, evidenceRoot: ZERO_HASH, validatorSetHash: ZERO_HASH },
  };
  const block: Block = { header: { height: 1, view: 1, epoch: 0, timestampMs: 0, ...roots }, transactions };
  const vote = { ...subject, validator: 0, signature };
  const signers = Array.from({ length: Math.floor((validators * 2) / 3) + 1 }, (_, index) => index);
  const certificate = { ...subject, signers, signatures: signers.map(() => signature) };
  return {
    proposalBytes: encodeConsensusMessage({ type: 'proposal', block, vote }).length,
    voteBytes: encodeConsensusMessage({ type: 'vote', vote }).length,
    certificateBytes: encodeConsensusMessage({ type: 'certificate', certificate }).length,
  };
}

/** Milliseconds of each counted round, from the leader's first byte to its last quorum. */
export interface FloorSamples {
  /** Three all-to-all hops. */
  readonly allMs: readonly number[];
  /** The same with a first hop of the leader's proposal alone. */
  readonly leaderFirstMs: readonly number[];
}

/** A floor that could not be measured: not a number. */
export const NO_FLOOR: FloorSamples = { allMs: [], leaderFirstMs: [] };
/** The processes say everything once, so a connection that breaks on a crowded machine ends the measurement. */
const TRIES = 2;

/** One series of rounds for each of the sizes, in the same processes. Empty, and told, when that fails repeatedly. */
export async function measureFloor(
  folder: string,
  validators: number,
  sizes: readonly MessageSizes[],
): Promise<readonly FloorSamples[]> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await measureOnce(folder, validators, sizes);
    } catch (error) {
      if (!(error instanceof TestnetError)) throw error;
      say(red(`floor: ${error.message}${tried < TRIES ? ', once more' : ': left out'}`));
      if (tried >= TRIES) return sizes.map(() => NO_FLOOR);
    }
  }
}

/** @throws TestnetError when a worker does not come up or does not finish */
async function measureOnce(
  folder: string,
  validators: number,
  sizes: readonly MessageSizes[],
): Promise<readonly FloorSamples[]> {
  const withinMs = WORKER_MS + WORKER_MS_PER_NODE * validators;
  const workers: ChildProcess[] = [];
  const killAll = (): void => {
    for (const worker of workers) worker.kill('SIGKILL');
  };
  process.prependListener('exit', killAll);
  try {
    await startWorkers(folder, validators, workers);
    await Promise.all(workers.map((worker) => answerOf(worker, 'ready', withinMs)));
    let series = 0;
    const runSeries = async (firstHop: 'all' | 'leader', size: MessageSizes): Promise<readonly number[]> => {
      const rounds = Math.max(ROUNDS_MIN, Math.round(ROUNDS_TIMES_NODES / validators));
      const results = workers.map((worker) => answerOf(worker, 'result', withinMs));
      for (const worker of workers) worker.send({ type: 'go', series, rounds, firstHop, ...size });
      series += 1;
      return (await Promise.all(results)).flatMap((found) => found.slice(Math.ceil(found.length * WARM_UP_SHARE)));
    };
    const all: FloorSamples[] = [];
    for (const size of sizes) {
      all.push({ allMs: await runSeries('all', size), leaderFirstMs: await runSeries('leader', size) });
    }
    return all;
  } finally {
    killAll();
    process.off('exit', killAll);
  }
}

async function startWorkers(folder: string, validators: number, workers: ChildProcess[]): Promise<void> {
  const ports = await freePorts(validators);
  const secrets = ports.map(() => new Uint8Array(randomBytes(32)));
  const peers = ports.map((port, index) => ({
    key: validatorKeyOf(secrets[index] ?? new Uint8Array(32)),
    address: `/ip4/${HOST}/tcp/${port}`,
  }));
  for (const [index, port] of ports.entries()) {
    const directory = join(folder, `floor-${index + 1}`);
    mkdirSync(directory, { recursive: true });
    const worker = spawn(process.execPath, [WORKER], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, NODE_NO_WARNINGS: '1' },
    });
    workers.push(worker);
    worker.send({ directory, secret: toHex(secrets[index] ?? new Uint8Array()), host: HOST, port, peers });
  }
}

/** The worker's next answer of that kind; its samples where it has any. */
function answerOf(worker: ChildProcess, type: 'ready' | 'result', withinMs: number): Promise<readonly number[]> {
  return new Promise((resolve, reject) => {
    const failed = (why: string): void => {
      clearTimeout(timer);
      worker.off('message', heard);
      reject(new TestnetError(`a process of the floor measurement ${why}`));
    };
    const heard = (message: unknown): void => {
      const answer = answerSchema.parse(message);
      if (answer.type !== type) return;
      clearTimeout(timer);
      worker.off('message', heard);
      resolve(answer.type === 'result' ? answer.samplesMs : []);
    };
    const timer = setTimeout(() => failed(`gave no ${type} within ${withinMs / 1_000} s`), withinMs);
    worker.on('message', heard);
    worker.once('exit', (code) => failed(`ended with ${code}`));
  });
}
