/** `npm run chaos`: real processes are killed, frozen, cut off and restarted under load, and nothing may go wrong. */
import { Command, InvalidArgumentError } from 'commander';
import { Load } from './bench/load.ts';
import { endOnSignals, startNetwork, temporaryFolder } from './bench/network.ts';
import { longestGap } from './bench/statistics.ts';
import { sendersOf } from './bench/wallets.ts';
import { compareChains, doubleSigns, lostTransactions } from './chaos/invariants.ts';
import { type Perturbed, perturb } from './chaos/perturb.ts';
import { chaosPlan, KINDS, type Kind, type Perturbation } from './chaos/plan.ts';
import { dim, fail, green, printJson, red, say, table } from './lib/output.ts';
import { clientOf } from './testnet/api.ts';
import { NODES, type Testnet } from './testnet/testnet.ts';

interface Options {
  readonly rate: number;
  readonly only?: readonly Kind[];
  readonly json?: boolean;
}

/** Milliseconds of undisturbed load between two perturbations. */
const CALM_MS = 1_500;
/** Milliseconds after which a wallet hands in again what is not final. */
const RESUBMIT_MS = 3_000;
/** Milliseconds that the last transactions get to become final. */
const DRAIN_MS_MAX = 30_000;

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

/** One perturbation after the other. The counters of a process end with it, so they are read before each. */
async function runPlan(testnet: Testnet, load: Load, plan: readonly Perturbation[]) {
  const perturbations: Perturbed[] = [];
  let signedTwice = 0;
  for (const [index, step] of plan.entries()) {
    const { kind, nodes, holdMs } = step;
    await pause(CALM_MS);
    if (kind === 'kill' || kind === 'restart') signedTwice += await doubleSigns(testnet, nodes);
    say(`${index + 1}/${plan.length} ${kind} ${nodes.join(', ')}${holdMs > 0 ? dim(` for ${seconds(holdMs)}`) : ''} …`);
    const done = await perturb(testnet, load, step);
    perturbations.push(done);
    say(`    ${green('followed again')} in ${seconds(done.recoveredMs)}; ${done.blocksMeanwhile} blocks meanwhile`);
  }
  return { perturbations, signedTwice };
}

async function main({ rate, only, json }: Options): Promise<void> {
  endOnSignals();
  const testnet = await startNetwork(temporaryFolder(), NODES.length);
  const { chainId } = await clientOf(testnet, 1).chain();
  const liveForks = new Set<number>();
  const load = new Load({
    testnet,
    senders: sendersOf(testnet, chainId, 0),
    rate,
    witnesses: testnet.nodes,
    resubmitMs: RESUBMIT_MS,
    onFork: (height) => liveForks.add(height),
  });
  const begun = performance.now();
  load.start();
  say(`load: ${rate} tx/s throughout`);
  const { perturbations, signedTwice } = await runPlan(testnet, load, chaosPlan(testnet.nodes, only));
  await pause(CALM_MS);
  load.pauseIssuing();
  const end = performance.now() + DRAIN_MS_MAX;
  while (load.unfinished().length > 0 && performance.now() < end) await pause(100);
  const doubles = signedTwice + (await doubleSigns(testnet, testnet.nodes));
  const { height, forks } = await compareChains(testnet);
  const lost = await lostTransactions(testnet, 1, load);
  load.stop();
  await testnet.down();

  const submissions = [...load.submissions.values()];
  const resubmitted = submissions.filter((one) => one.resubmitted > 0).length;
  const allForks = new Set([...liveForks, ...forks]);
  const stallMs = longestGap(
    load.blocks.map(({ at }) => at),
    begun,
    end - DRAIN_MS_MAX,
  );
  const result = {
    perturbations: perturbations.map(({ kind, nodes, recoveredMs }) => ({ kind, nodes, recoveredMs })),
    lostTransactions: lost.length,
    forks: allForks.size,
    doubleSigns: doubles,
    transactions: submissions.length,
    resubmitted,
    height,
    longestStallMs: Math.round(stallMs),
  };
  process.stdout.write(
    `${table([
      ['perturbation', 'nodes', 'follows again after', 'blocks meanwhile'],
      ...perturbations.map(({ kind, nodes, recoveredMs, blocksMeanwhile }) => [
        ...[kind, nodes.join(' '), seconds(recoveredMs), String(blocksMeanwhile)],
      ]),
    ])}\n`,
  );
  const verdict = (good: boolean, text: string): void => say(`${good ? green('holds') : red('BROKEN')} ${text}`);
  verdict(allForks.size === 0, `no fork: ${height} blocks compared on ${testnet.nodes.length} nodes`);
  verdict(lost.length === 0, `nothing lost: ${submissions.length} transactions, ${resubmitted} handed in again`);
  verdict(doubles === 0, 'nobody signed twice');
  verdict(true, `every node follows again; the longest time without a block was ${seconds(stallMs)}`);
  if (json) printJson(result);
  process.exit(allForks.size + lost.length + doubles === 0 ? 0 : 1);
}

function kindsOf(text: string): readonly Kind[] {
  return text.split(',').map((name) => {
    const kind = KINDS.find((one) => one === name);
    if (!kind) throw new InvalidArgumentError(`a perturbation is one of ${KINDS.join(', ')}`);
    return kind;
  });
}

function rateOf(text: string): number {
  const rate = Number(text);
  if (text === '' || !(rate >= 0.1 && rate <= 300))
    throw new InvalidArgumentError('a rate is a number from 0.1 to 300');
  return rate;
}

const program = new Command('chaos')
  .description('Perturbs seven real node processes under load and checks what must hold all the same.')
  .option('--rate <tx/s>', 'transactions a second, throughout', rateOf, 10)
  .option('--only <kinds>', `only these, comma-separated: ${KINDS.join(',')}`, kindsOf)
  .option('--json', 'the result as one JSON object on the last line')
  .addHelpText(
    'after',
    `
Each on one node, then on two at once: kill (SIGKILL, back after 3 s), pause (SIGSTOP for 10 s), disconnect (no
connection to any other for 10 s), restart (SIGTERM, at once). At last all seven are killed and started together.
The nodes have an own folder and free ports; a running testnet is not touched. It takes about two minutes.

What must hold: no fork (every block compared on all nodes), no accepted transaction lost, no double signature seen,
every node follows the chain again. A pool is in memory: like any wallet, the load hands a transaction in again that is
not final after 3 s; how many that were is told. A final transaction that is gone counts as lost in any case.
Exit code 0: all hold; 1: one does not, or a node did not come back; 2: asked wrongly.

Examples:
  npm run chaos
  npm run chaos -- --only pause --json      frozen processes only, and all seven killed at the end
  npm run testnet -- pause 3                by hand, on a testnet that stays up`,
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

program.action(async (options: Options) => {
  try {
    await main(options);
  } catch (error) {
    fail(error);
  }
});
await program.parseAsync();
