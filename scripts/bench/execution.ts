/**
 * What a block costs as the state grows: 100 mixed transactions, their state root, and the root after a single touched
 * key, over states of 10^2, 10^4 and 10^6 accounts. Beside each root, in the same run, hashing as many nodes alone.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type ExecutionCost, measureExecution } from '@dao-gov/node/testing';
import { dim, printJson, say, table } from '../lib/output.ts';
import { type Chart, pageHtml } from './chart.ts';
import { round } from './report.ts';
import { savePage } from './save-page.ts';

const TRANSACTIONS = 100;
/** Keys touched one by one in each round: enough for a clock of processor time to tell. */
const TOUCHED = 200;
const ROUNDS = 15;

export interface Growth {
  /** Times that the largest state costs of the smallest, of each touched key: hashes, and processor time. */
  readonly hashes: number;
  readonly time: number;
  /** The same of log2(accounts): what neither may grow much above. */
  readonly log2: number;
}

/** From the smallest state to the largest; undefined with fewer than two sizes. */
export function growthOf(costs: readonly Pick<ExecutionCost, 'accounts' | 'depth' | 'keyUs'>[]): Growth | undefined {
  const sorted = [...costs].sort((a, b) => a.accounts - b.accounts);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (!least || !most || least.accounts === most.accounts) return undefined;
  return {
    hashes: most.depth / least.depth,
    time: most.keyUs / least.keyUs,
    log2: Math.log2(most.accounts) / Math.log2(least.accounts),
  };
}

/** Hashes are counted, so they are the same on every machine; time tells of caches and memory too. */
export const isLogarithmic = ({ hashes, log2 }: Growth): boolean => hashes <= log2;

const HEAD = ['accounts', 'block ms', 'root ms', 'floor ms', 'keys', 'hashes', 'key us', 'floor us', 'hashes/key'];

const rowOf = (cost: ExecutionCost): string[] => [
  String(cost.accounts),
  ...[cost.blockMs, cost.rootMs, cost.floorMs].map((value) => value.toFixed(1)),
  ...[cost.keys, cost.nodes].map(String),
  ...[cost.keyUs, cost.keyFloorUs, cost.depth].map((value) => value.toFixed(1)),
  ...[cost.buildSeconds, cost.heapMib].map((value) => value.toFixed(1)),
];

const notesOf = (costs: readonly ExecutionCost[], growth: Growth | undefined): readonly string[] => [
  `Processor time, medians of ${ROUNDS} rounds. Block: ${TRANSACTIONS} mixed transactions executed, with all roots, without signatures; root: its state root alone; key: the root after one changed key. Floors: hashing as many nodes alone.`,
  ...(growth === undefined
    ? []
    : [
        `From ${costs[0]?.accounts} to ${costs.at(-1)?.accounts} accounts log2 grows ${growth.log2.toFixed(2)} times; of a touched key, hashes grow ${growth.hashes.toFixed(2)} times and time ${growth.time.toFixed(2)} times.`,
      ]),
];

type Read = (cost: ExecutionCost) => number;

function charts(costs: readonly ExecutionCost[]): readonly Chart[] {
  const curve = (name: string, read: Read, guide = false) => ({
    ...{ name, guide, dots: !guide },
    points: costs.map((cost) => [Math.log2(cost.accounts), read(cost)] as const),
  });
  const x = 'log2(accounts)';
  return [
    {
      ...{ title: 'One touched key: a straight line is logarithmic', x, y: 'us' },
      curves: [curve('root after it', ({ keyUs }) => keyUs), curve('hashing alone', (cost) => cost.keyFloorUs, true)],
    },
    {
      ...{ title: `A block of ${TRANSACTIONS} mixed transactions`, x, y: 'ms' },
      curves: [
        curve('execution with roots', ({ blockMs }) => blockMs),
        curve('state root alone', ({ rootMs }) => rootMs),
        curve('hashing alone', ({ floorMs }) => floorMs, true),
      ],
    },
  ];
}

/** The collector of this process, so that what the state takes is told from what is only not freed yet. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

const jsonOf = ({ accounts, keys, nodes, ...cost }: ExecutionCost) => ({
  ...{ accounts, keys, nodes },
  ...Object.fromEntries(Object.entries(cost).map(([key, value]) => [key, round(value, 2)])),
});

/** @returns whether a touched key costs no more than logarithmically many hashes */
export function runExecution(accounts: readonly number[], json: boolean): boolean {
  const collect = collector();
  const costs = [...accounts]
    .sort((a, b) => a - b)
    .map((count) => {
      say(dim(`${count} accounts …`));
      return measureExecution({
        ...{ accounts: count, transactions: TRANSACTIONS, touched: TOUCHED, rounds: ROUNDS, collect },
      });
    });
  const growth = growthOf(costs);
  const rows = [[...HEAD, 'build s', 'heap MiB'], ...costs.map(rowOf)];
  const notes = notesOf(costs, growth);
  process.stdout.write(`${table(rows)}\n`);
  for (const note of notes) process.stdout.write(`${note}\n`);
  say(`plot: ${savePage('execution', pageHtml('What a block costs as the state grows', charts(costs), rows, notes))}`);
  const logarithmic = growth === undefined || isLogarithmic(growth);
  if (json) {
    const figures = growth && {
      hashes: round(growth.hashes, 2),
      time: round(growth.time, 2),
      log2: round(growth.log2, 2),
    };
    printJson({ transactions: TRANSACTIONS, sizes: costs.map(jsonOf), growth: figures, logarithmic });
  }
  return logarithmic;
}
