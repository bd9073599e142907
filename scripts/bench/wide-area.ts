/** `npm run bench -- --wide-area`: the same figures across seven regions, from the deterministic simulation. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { REGIONS, type WideAreaOptions, type WideAreaSample } from '@dao-gov/node/testing';
import { dim, printJson, say, table } from '../lib/output.ts';
import { round, rounded, three } from './report.ts';
import { savePage } from './save-page.ts';
import { percentilesOf } from './statistics.ts';
import { type CostPoint, costPage, growthNote } from './sweep-plot.ts';

export interface WideAreaRunOptions {
  readonly validators: readonly number[];
  readonly seed: number;
  readonly rate: number;
  /** Simulated seconds; by the size of the network when absent. */
  readonly seconds?: number;
  readonly json?: boolean;
}

const WORKER = new URL('./wide-area-worker.ts', import.meta.url);
/** Simulated seconds of up to so many validators; larger networks, whose messages are as their square, get fewer. */
const SECONDS = 20;
const SECONDS_UP_TO = 13;
const SECONDS_LEAST = 5;

const secondsFor = (validators: number): number =>
  Math.max(SECONDS_LEAST, Math.round(SECONDS * Math.min(1, SECONDS_UP_TO / validators)));

const HEAD: readonly string[] = [
  ...['n', 'floor p50', 'final p50', 'p90', 'p99', 'ratio', 'submit p50', 'p90', 'p99', 'blocks/s', 'tx/s'],
  ...['messages/block', 'a node', 'KB/block a node'],
];

const NOTE =
  'Simulated milliseconds: real consensus, host, mempool and execution; simulated distances, jitter, losses and disks; ' +
  'computing takes no time. Floor: three hops with quorums from the distances alone, the median over the leaders. ' +
  'Messages are those of consensus.';

const floorOf = (sample: WideAreaSample): number => percentilesOf(sample.floorMs).p50;
const ratioOf = (sample: WideAreaSample): number => percentilesOf(sample.finalityMs).p50 / floorOf(sample);

function rowOf(sample: WideAreaSample): string[] {
  const { validators, seconds, blocks, transactions, messages, bytes } = sample;
  return [
    ...[String(validators), floorOf(sample).toFixed(1), ...three(percentilesOf(sample.finalityMs))],
    ...[ratioOf(sample).toFixed(2), ...three(percentilesOf(sample.submitToFinalMs))],
    ...[(blocks / seconds).toFixed(2), (transactions / seconds).toFixed(1), (messages / blocks).toFixed(0)],
    ...[(messages / blocks / validators).toFixed(1), (bytes / blocks / validators / 1_000).toFixed(1)],
  ];
}

const jsonOf = (sample: WideAreaSample, { seed, rate }: WideAreaRunOptions) => {
  const { validators, seconds, blocks, transactions, unfinished, messages, bytes, gossipMessages } = sample;
  return {
    ...{ validators, seed, offeredTxPerSecond: rate, seconds, floorMs: round(floorOf(sample)) },
    finalityMs: rounded(percentilesOf(sample.finalityMs)),
    submitToFinalMs: rounded(percentilesOf(sample.submitToFinalMs)),
    ratioToFloor: round(ratioOf(sample), 2),
    ...{ blocksPerSecond: round(blocks / seconds, 2), txPerSecond: round(transactions / seconds) },
    ...{ messagesPerBlock: round(messages / blocks / validators), messagesPerBlockTotal: round(messages / blocks) },
    ...{ bytesPerBlock: round(bytes / blocks / validators), gossipMessagesPerTx: round(gossipMessages / transactions) },
    ...{ blocks, unfinished },
  };
};

const pointOf = (sample: WideAreaSample, rate: number): CostPoint => ({
  ...{ validators: sample.validators, rate, floorMs: floorOf(sample) },
  ...{ txPerSecond: sample.transactions / sample.seconds, blocksPerSecond: sample.blocks / sample.seconds },
  finalityMs: percentilesOf(sample.finalityMs),
  submitToFinalMs: percentilesOf(sample.submitToFinalMs),
  messagesPerBlock: sample.messages / sample.blocks,
  bytesPerBlock: sample.bytes / sample.blocks,
});

/** All clusters, the largest first, one worker thread a core. @throws what a cluster fails with */
async function simulateAll(jobs: readonly WideAreaOptions[]): Promise<readonly WideAreaSample[]> {
  const waiting = [...jobs].sort((a, b) => b.validators - a.validators);
  const found: WideAreaSample[] = [];
  const workers = Array.from({ length: Math.min(availableParallelism(), jobs.length) }, () => new Worker(WORKER));
  const work = (worker: Worker): Promise<void> =>
    new Promise((done, failed) => {
      const next = (): void => {
        const job = waiting.shift();
        if (!job) return done();
        say(dim(`${job.validators} validators in ${REGIONS.length} regions: ${job.seconds} simulated seconds …`));
        worker.postMessage(job);
      };
      worker.on('error', failed);
      worker.on('message', (sample: WideAreaSample) => {
        found.push(sample);
        say(dim(`${sample.validators} validators: ${sample.blocks} blocks`));
        next();
      });
      next();
    });
  try {
    await Promise.all(workers.map(work));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return found.sort((a, b) => a.validators - b.validators);
}

/** @returns whether everything that was handed in became final */
export async function runWideArea(options: WideAreaRunOptions): Promise<boolean> {
  const { seed, rate } = options;
  const jobs = options.validators.map((validators) => ({
    ...{ validators, seed, rate, seconds: options.seconds ?? secondsFor(validators) },
  }));
  const samples = await simulateAll(jobs);
  const rows = [HEAD, ...samples.map(rowOf)];
  const points = samples.map((sample) => pointOf(sample, rate));
  const notes = [NOTE, `Regions: ${REGIONS.join(', ')}. Seed ${seed}, ${rate} tx/s.`, ...growthNote(points)];
  process.stdout.write(`${table(rows)}\n`);
  for (const note of notes) process.stdout.write(`${note}\n`);
  say(`plot: ${savePage('wide-area', costPage('Across seven regions (simulated)', points, rows, notes))}`);
  if (options.json) printJson(samples.map((sample) => jsonOf(sample, options)));
  return samples.every(({ blocks, unfinished }) => blocks > 0 && unfinished === 0);
}
