/** `npm run bench`: latency, throughput and cost of consensus, with the floor measured in the same run. */
import { Command, InvalidArgumentError } from 'commander';
import { runExecution } from './bench/execution.ts';
import { endOnSignals } from './bench/network.ts';
import { runSaturate } from './bench/saturate.ts';
import { runSingle } from './bench/single.ts';
import { runSweep } from './bench/sweep.ts';
import { runSync } from './bench/sync.ts';
import { runWideArea } from './bench/wide-area.ts';
import { fail } from './lib/output.ts';
import { VALIDATORS_FEWEST, VALIDATORS_MOST } from './testnet/files.ts';

interface Options {
  readonly validators?: readonly number[];
  readonly seconds?: number;
  readonly rate?: readonly number[];
  readonly payload: number;
  readonly kill: number;
  readonly seed: number;
  readonly timers: number;
  readonly sweep?: true;
  readonly saturate?: true;
  readonly wideArea?: true;
  readonly sync?: true;
  readonly execution?: true;
  readonly accounts: readonly number[];
  readonly blocks: number;
  readonly perBlock: number;
  readonly json?: true;
}

/** Simulated clusters may be larger than what one machine holds as processes. */
const SIMULATED_VALIDATORS_MOST = 64;
const SIZES = [4, 7, 13, 25] as const;
const SIMULATED_SIZES = [4, 7, 13, 25, 49] as const;
const RATES = [10, 50, 200] as const;
const DEFAULT_VALIDATORS = 7;
const DEFAULT_RATE = 100;
const DEFAULT_SECONDS = 10;
const SATURATE_FROM = 100;
const SIMULATED_RATE = 20;
const ACCOUNTS = [100, 10_000, 1_000_000] as const;

function number(name: string, least: number, most: number, whole = true) {
  return (text: string): number => {
    const value = Number(text);
    if (text !== '' && value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
    throw new InvalidArgumentError(`${name} is a number from ${least} to ${most}`);
  };
}

const numbers =
  (...limits: Parameters<typeof number>) =>
  (text: string): readonly number[] =>
    text.split(',').map(number(...limits));

/** The only value of an option that may be a list in other ways of measuring. */
function single(name: string, values: readonly number[] | undefined, otherwise: number): number {
  if (values && values.length > 1) fail(`${name} is one number here; a list is for --sweep and --wide-area`, 2);
  return values?.[0] ?? otherwise;
}

async function main(options: Options): Promise<boolean> {
  const { validators, rate, payload, kill, seed, timers } = options;
  const json = options.json ?? false;
  const { sweep, saturate, wideArea, sync, execution } = options;
  if ([sweep, saturate, wideArea, sync, execution].filter(Boolean).length > 1) {
    fail('--sweep, --saturate, --wide-area, --sync and --execution are different ways of measuring: choose one', 2);
  }
  if (options.execution) return runExecution(options.accounts, json);
  if (options.sync) return runSync({ blocks: options.blocks, transactions: options.perBlock }, json);
  if (options.wideArea) {
    const seconds = options.seconds === undefined ? {} : { seconds: options.seconds };
    const sizes = validators ?? SIMULATED_SIZES;
    return runWideArea({ validators: sizes, seed, rate: single('--rate', rate, SIMULATED_RATE), json, ...seconds });
  }
  if (validators?.some((count) => count > VALIDATORS_MOST)) {
    fail(`at most ${VALIDATORS_MOST} processes; more are possible with --wide-area`, 2);
  }
  const seconds = options.seconds ?? DEFAULT_SECONDS;
  if (options.sweep) {
    return runSweep({ validators: validators ?? SIZES, rates: rate ?? RATES, seconds, payload, timers, json });
  }
  const count = single('--validators', validators, DEFAULT_VALIDATORS);
  if (options.saturate) {
    return runSaturate({
      validators: count,
      seconds,
      from: single('--rate', rate, SATURATE_FROM),
      payload,
      timers,
      json,
    });
  }
  if (kill > count - 1) fail(`--kill ${kill}: at least node 1 stays`, 2);
  return runSingle({
    validators: count,
    seconds,
    rate: single('--rate', rate, DEFAULT_RATE),
    payload,
    kill,
    timers,
    json,
  });
}

const HELP = `
The load: transfers signed ahead with 56 wallets, handed in over HTTP at all nodes, followed on node 1's live stream.
  propose to final   from the proposer's first look at its pool to the block's synced commit on its disk
  submit to final    from before the client's request to the block's notice on the live stream
  floor              three all-to-all hops of the same sizes over the same streams, each vote signed, checked until a
                     quorum is there and synced to a log, in as many processes, without consensus, codec, execution or
                     database, after the load in the same run. "1-n-n": the first hop is the leader's message alone
A latency is that of this machine as it is now: compare with the floor, not with another machine; "all else here" says
what other programs took of it. A low --rate measures latency, a high one throughput. Above seven validators the nodes
run with longer timers than the local preset's: they share this machine.

--kill       rates after are also given scaled to the processor that a survivor has: after / (before x growth), where a
             node of n on c cores has min(1, c / n) of a core. "recovered" is when the blocks come at 80 % of the scaled
             rate before, over two seconds.
--sweep      every --validators (${SIZES.join(',')}) at every --rate (${RATES.join(',')}), each beside its floor: one table,
             a page of how cost grows, and with --json an array.
--saturate   doubles the rate from --rate (${SATURATE_FROM}) while submit to final stays under 2 s at p99, then halves the gap;
             tells what the limit is, with a CPU profile of one node at the rate that held.
--wide-area  the deterministic simulation instead of processes: real nodes in seven regions with published distances,
             jitter, 0.1 % loss and disks, in simulated milliseconds, for --validators ${SIMULATED_SIZES.join(',')} and any --seed.
--sync       a full node that knows the genesis alone joins a chain of --blocks; the floor is executing the same blocks.
--execution  executing 100 mixed transactions, their state root, and the root after one touched key, over states of
             --accounts ${ACCOUNTS.join(',')}; the floor is hashing as many nodes of the tree. Processor time, one process,
             no network. A touched key may cost no more than logarithmically many hashes.
The plot is an HTML file in data/run/bench/. Exit code 0: measured and everything accepted became final; 1: not; 2: asked
wrongly.

Examples:
  npm run bench                                        seven validators, 100 tx/s
  npm run bench -- --kill 2 --seconds 20 --json        two nodes killed under load
  npm run bench -- --sweep --json                      how cost grows: about ten minutes
  npm run bench -- --sweep --validators 25 --rate 2    one large network
  npm run bench -- --saturate --json                   the highest rate that holds
  npm run bench -- --wide-area --validators 7,25
  npm run bench -- --sync                              a full node 10,000 blocks behind
  npm run bench -- --execution --json                  how a block's cost grows with the state: about a minute`;

const program = new Command('bench')
  .description('Measures latency, throughput and cost of consensus with real node processes on this machine.')
  .option('--validators <n,…>', 'nodes (7)', numbers('--validators', VALIDATORS_FEWEST, SIMULATED_VALIDATORS_MOST))
  .option('--seconds <s>', 'measured time at each rate (10)', number('--seconds', 1, 600, false))
  .option(
    '--rate <tx/s,…>',
    'transactions offered a second, over all nodes (100)',
    numbers('--rate', 0.1, 5_000, false),
  )
  .option('--payload <bytes>', 'evidence blob in each transaction', number('--payload', 0, 262_144), 0)
  .option('--kill <k>', 'then kill k nodes under load and measure as long again', number('--kill', 0, 24), 0)
  .option('--sweep', 'several sizes at several rates')
  .option('--saturate', 'find the highest rate that holds')
  .option('--wide-area', 'simulate regions instead of starting processes')
  .option('--sync', 'how fast a late joiner catches up, instead of consensus')
  .option('--blocks <n>', 'with --sync: blocks that it is behind', number('--blocks', 100, 1_000_000), 10_000)
  .option('--per-block <n>', 'with --sync: transfers in each block', number('--per-block', 0, 500), 2)
  .option('--execution', 'what a block costs as the state grows, instead of consensus')
  .option('--accounts <n,…>', 'with --execution: sizes of the state', numbers('--accounts', 100, 2_000_000), ACCOUNTS)
  .option(
    '--timers <x>',
    'consensus timers so many times longer, for a busy machine',
    number('--timers', 1, 100, false),
    1,
  )
  .option('--seed <n>', 'of the simulation', number('--seed', 0, 0xffff_ffff), 1)
  .option('--json', 'the result as JSON on the last line')
  .addHelpText('after', HELP)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

program.action(async (options: Options) => {
  endOnSignals();
  try {
    process.exit((await main(options)) ? 0 : 1);
  } catch (error) {
    fail(error);
  }
});
await program.parseAsync();
