/** `npm run bench`: consensus latency and throughput of real processes, with the floor measured in the same run. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { measureFloor, messageSizes } from './bench/floor.ts';
import { Load } from './bench/load.ts';
import { type Figures, figuresOf, openWindow, type Window } from './bench/measure.ts';
import { endOnSignals, startNetwork, temporaryFolder } from './bench/network.ts';
import { type PlotData, plotHtml } from './bench/plot.ts';
import { longestGap, percentilesOf } from './bench/statistics.ts';
import { measureSync, tellSync } from './bench/sync.ts';
import { sendersOf } from './bench/wallets.ts';
import { dim, fail, printJson, red, say, table } from './lib/output.ts';
import { clientOf } from './testnet/api.ts';
import { VALIDATORS_FEWEST, VALIDATORS_MOST } from './testnet/files.ts';
import { ROOT, type Testnet } from './testnet/testnet.ts';

interface Options {
  readonly validators: number;
  readonly seconds: number;
  readonly rate: number;
  readonly payload: number;
  readonly kill: number;
  readonly sync?: boolean;
  readonly blocks: number;
  readonly perBlock: number;
  readonly json?: boolean;
}

/** Load before anything is measured, at least and at most: code gets compiled, and what piled up meanwhile is worked off. */
const WARM_UP_MS_MIN = 3_000;
const WARM_UP_MS_MAX = 15_000;
/** Milliseconds after which a wallet tries again: so long that a slow chain is not made slower. */
const RESUBMIT_MS = 15_000;
/** Milliseconds that the last transactions get to become final. */
const DRAIN_MS_MAX = 30_000;
/** The witness: never killed, and the client listens to it. */
const WITNESS = 1;
const PLOT_FOLDER = join(ROOT, 'data/run/bench');

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const round = (value: number, digits = 1): number => Number(value.toFixed(digits));
const rounded = <K extends string>(values: Readonly<Record<K, number>>): Record<K, number> =>
  Object.fromEntries(Object.entries<number>(values).map(([key, value]) => [key, round(value)])) as Record<K, number>;

function number(name: string, least: number, most: number, whole = true) {
  return (text: string): number => {
    const value = Number(text);
    if (text !== '' && value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
    throw new InvalidArgumentError(`${name} is a number from ${least} to ${most}`);
  };
}

interface Killed {
  readonly nodes: readonly number[];
  readonly at: number;
  readonly begin: Window;
  readonly end: Window;
}

/** Kills the last `count` nodes under load and measures as long again. */
async function killUnderLoad(testnet: Testnet, load: Load, { kill, seconds }: Options): Promise<Killed> {
  const nodes = testnet.nodes.slice(-kill);
  say(`killing nodes ${nodes.join(', ')} under load …`);
  const begin = await openWindow(testnet);
  for (const node of nodes) {
    load.setAway(node, true);
    testnet.signal(node, 'SIGKILL');
  }
  const at = performance.now();
  await pause(seconds * 1_000);
  return { nodes, at, begin: { ...begin, from: at }, end: await openWindow(testnet) };
}

function rowsOf(figures: Figures, floorMs: readonly number[]): string[][] {
  const floor = percentilesOf(floorMs);
  const { finalityMs, submitToFinalMs } = figures;
  const three = ({ p50, p90, p99 }: typeof floor): string[] => [p50, p90, p99].map((value) => value.toFixed(1));
  return [
    ['figure', 'p50', 'p90', 'p99', 'what it is'],
    ['floor ms', ...three(floor), `three all-to-all hops, no consensus; ${floorMs.length} rounds`],
    ['propose to final ms', ...three(finalityMs), `at the proposer, on disk; ${figures.finalitySamples} blocks`],
    ['submit to final ms', ...three(submitToFinalMs), `at the client; ${figures.latenciesMs.length} transactions`],
    ['ratio to floor', (finalityMs.p50 / floor.p50).toFixed(2), '', '', 'propose to final over floor'],
    ['blocks/s', figures.blocksPerSecond.toFixed(1), '', '', `${figures.blocks} in ${figures.seconds.toFixed(1)} s`],
    ['tx/s', figures.txPerSecond.toFixed(1), '', '', `${figures.transactionsPerBlock.toFixed(1)} in a block`],
    ['views/block', figures.viewsPerBlock.toFixed(2), '', '', 'above 1: leaders whose view was given up'],
    ['messages/block', figures.messagesPerBlock.toFixed(1), '', '', 'sent by one node'],
    ['KB/block', (figures.bytesPerBlock / 1_000).toFixed(1), '', '', 'sent by one node'],
    ['CPU ms/block', figures.cpuMsPerBlock.toFixed(1), '', '', `one node; ${figures.cores.toFixed(2)} cores all nodes`],
    ['memory MiB', figures.residentMibMax.toFixed(0), '', '', 'resident, the largest node'],
  ];
}

/** Waits until less than a second's load is under way. Returns false when that does not come. */
async function warmUp(load: Load, rate: number): Promise<boolean> {
  await pause(WARM_UP_MS_MIN);
  const end = performance.now() + WARM_UP_MS_MAX - WARM_UP_MS_MIN;
  while (performance.now() < end) {
    if (load.unfinished().length < Math.max(1, rate)) return true;
    await pause(100);
  }
  return false;
}

async function drain(load: Load): Promise<number> {
  load.pauseIssuing();
  const end = performance.now() + DRAIN_MS_MAX;
  while (load.unfinished().length > 0 && performance.now() < end) await pause(50);
  return load.unfinished().length;
}

function savePlot(data: PlotData): string {
  mkdirSync(PLOT_FOLDER, { recursive: true });
  const file = join(PLOT_FOLDER, `bench-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.html`);
  writeFileSync(file, plotHtml(data));
  return file;
}

async function main(options: Options): Promise<void> {
  const { validators, seconds, rate, payload } = options;
  if (options.kill > validators - 1) fail(`--kill ${options.kill}: at least node 1 stays`, 2);
  if (options.kill > Math.floor((validators - 1) / 3)) say(dim('more than a third is killed: expect a standstill'));
  endOnSignals();
  const folder = temporaryFolder();
  const testnet = await startNetwork(folder, validators);
  const { chainId } = await clientOf(testnet, WITNESS).chain();
  const senders = sendersOf(testnet, chainId, payload);
  const onFork = (height: number): never => fail(`two blocks at height ${height}`);
  const load = new Load({ testnet, senders, rate, witnesses: [WITNESS], resubmitMs: RESUBMIT_MS, onFork });
  const begun = performance.now();
  load.start();
  say(`load: ${rate} tx/s, warming up …`);
  if (!(await warmUp(load, rate)))
    say(dim('more is offered than the chain takes: what follows is measured in overload'));
  say(`measuring ${seconds} s …`);
  const begin = await openWindow(testnet);
  await pause(seconds * 1_000);
  const end = await openWindow(testnet);
  const killed = options.kill > 0 ? await killUnderLoad(testnet, load, options) : undefined;
  const unfinished = await drain(load);
  load.stop();
  const figures = figuresOf(load, begin, end);
  const after = killed && afterKill(load, killed);
  await testnet.down();

  say('floor: the same processes, streams, signatures and log, without consensus …');
  const perBlock = Math.round(figures.transactionsPerBlock);
  const sample = Array.from({ length: perBlock }, (_, at) => senders[at % senders.length]?.next().transaction);
  const sizes = messageSizes(
    validators,
    sample.filter((one) => one !== undefined),
  );
  const floorMs = await measureFloor(folder.path, validators, sizes);

  const rows = rowsOf(figures, floorMs);
  const plot = savePlot({
    ...{ title: `${validators} validators, ${rate} tx/s offered`, floorMs, rows },
    ...{ finalityMs: figures.finalityMs, latenciesMs: figures.latenciesMs },
    blocks: load.blocks.map(({ at, transactionCount }) => ({ atSeconds: (at - begun) / 1_000, transactionCount })),
    killedAtSeconds: killed ? (killed.at - begun) / 1_000 : null,
  });
  process.stdout.write(`${table(rows)}\n`);
  if (after) tellKilled(after, figures);
  if (load.heldBack > 0) say(dim(`${load.heldBack} transactions were due and held back: the chain did not keep up`));
  for (const [code, count] of load.refusals) say(dim(`${count} submissions answered with ${code}, tried again`));
  if (unfinished > 0) say(red(`${unfinished} accepted transactions are not final`));
  say(`plot: ${plot}`);
  if (options.json) {
    printJson({
      ...{ validators, offeredTxPerSecond: rate, payloadBytes: payload, seconds },
      floorMs: round(percentilesOf(floorMs).p50),
      finalityMs: rounded(figures.finalityMs),
      submitToFinalMs: rounded(figures.submitToFinalMs),
      ratioToFloor: round(figures.finalityMs.p50 / percentilesOf(floorMs).p50, 2),
      ...rounded({ blocksPerSecond: figures.blocksPerSecond, txPerSecond: figures.txPerSecond }),
      viewsPerBlock: round(figures.viewsPerBlock, 2),
      ...rounded({ messagesPerBlock: figures.messagesPerBlock, bytesPerBlock: figures.bytesPerBlock }),
      ...rounded({ cpuMsPerBlock: figures.cpuMsPerBlock, cores: figures.cores, memoryMib: figures.residentMibMax }),
      ...{ heldBack: load.heldBack, unfinished, plot },
      ...(after && { kill: killedJson(after, figures) }),
    });
  }
  process.exit(figures.blocks > 0 && unfinished === 0 ? 0 : 1);
}

/** A late joiner instead of consensus. */
async function sync({ blocks, perBlock, json }: Options): Promise<void> {
  endOnSignals();
  const figures = await measureSync(temporaryFolder(), { blocks, transactions: perBlock });
  tellSync(figures);
  const { memoryMib, ratioToFloor, cpuMsPerBlock, floorCpuMsPerBlock, ...others } = figures;
  if (json) {
    printJson({
      ...rounded(others),
      ratioToFloor: round(ratioToFloor, 2),
      cpuMsPerBlock: round(cpuMsPerBlock, 3),
      floorCpuMsPerBlock: round(floorCpuMsPerBlock, 3),
      memoryMib: rounded(memoryMib),
    });
  }
  process.exit(0);
}

interface AfterKill {
  readonly nodes: readonly number[];
  readonly after: Figures;
  readonly longestStallMs: number;
}

function afterKill(load: Load, { nodes, at, begin, end }: Killed): AfterKill {
  const moments = load.blocks.map((block) => block.at);
  return { nodes, after: figuresOf(load, begin, end), longestStallMs: longestGap(moments, at, end.from) };
}

const killedJson = ({ nodes, after, longestStallMs }: AfterKill, before: Figures) => ({
  nodes,
  longestStallMs: Math.round(longestStallMs),
  ratioAfter: round(after.txPerSecond / before.txPerSecond, 2),
  blocksRatioAfter: round(after.blocksPerSecond / before.blocksPerSecond, 2),
  finalityMs: rounded(after.finalityMs),
});

function tellKilled(killed: AfterKill, before: Figures): void {
  const { nodes, after, longestStallMs } = killed;
  process.stdout.write(
    `\nwith ${nodes.length} of the nodes killed under load:\n${table([
      ['figure', 'before', 'after'],
      ['tx/s', before.txPerSecond.toFixed(1), after.txPerSecond.toFixed(1)],
      ['blocks/s', before.blocksPerSecond.toFixed(1), after.blocksPerSecond.toFixed(1)],
      ['propose to final ms, p50', before.finalityMs.p50.toFixed(1), after.finalityMs.p50.toFixed(1)],
      ['longest stall ms', '', longestStallMs.toFixed(0)],
    ])}\n`,
  );
}

const program = new Command('bench')
  .description('Measures consensus latency and throughput of real node processes on this machine.')
  .option('--validators <n>', 'node processes', number('--validators', VALIDATORS_FEWEST, VALIDATORS_MOST), 7)
  .option('--seconds <s>', 'measured time under load', number('--seconds', 1, 600, false), 10)
  .option('--rate <tx/s>', 'transactions offered a second, over all nodes', number('--rate', 0.1, 5_000, false), 100)
  .option('--payload <bytes>', 'evidence blob in each transaction', number('--payload', 0, 262_144), 0)
  .option('--kill <k>', 'then kill k nodes under load and measure as long again', number('--kill', 0, 24), 0)
  .option('--sync', 'measure how fast a late joiner catches up, instead of consensus')
  .option('--blocks <n>', 'with --sync: blocks that it is behind', number('--blocks', 100, 1_000_000), 10_000)
  .option('--per-block <n>', 'with --sync: transfers in each block', number('--per-block', 0, 500), 2)
  .option('--json', 'the result as one JSON object on the last line')
  .addHelpText(
    'after',
    `
The load: transfers signed with the agents' wallets, handed in over HTTP at the nodes, followed on node 1's live stream.
  propose to final   from the proposer's first look at its pool to the block's synced commit on its disk
  submit to final    from before the client's request to the block's notice on the live stream
  floor              three all-to-all hops of the same sizes over the same streams, each vote signed, checked and synced
                     to a log, in as many processes, without consensus or execution, after the load in the same run
A latency is that of this machine as it is now: compare with the floor, not with another machine. A low --rate measures
latency, a high one throughput. Exit code 0: measured and everything accepted became final; 1: not; 2: asked wrongly.
The plot is an HTML file in data/run/bench/.

Examples:
  npm run bench                             seven validators, 100 tx/s
  npm run bench -- --rate 400 --seconds 20  throughput: more than the chain can take
  npm run bench -- --kill 2 --json          two nodes killed under load
  npm run bench -- --validators 16          a larger network
  npm run bench -- --sync                   a full node 10,000 blocks behind`,
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

program.action(async (options: Options) => {
  try {
    await (options.sync ? sync(options) : main(options));
  } catch (error) {
    fail(error);
  }
});
await program.parseAsync();
