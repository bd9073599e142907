/** `npm run sim`: the seeded whole-cluster simulation. Exit 0: all seeds hold and all mutations are caught; 1: not. */
import { mutationNames, runsWholeNodes } from '@dao-gov/node/testing';
import { Command, InvalidArgumentError } from 'commander';
import { dim, fail, green, printJson, red, say, table } from './lib/output.ts';
import { runJobs } from './sim/pool.ts';
import type { Job, Outcome } from './sim/worker.ts';

const HELP = `
What a seed is: a cluster, its faults and its liars, all drawn from one number. Messages are lost, delayed, repeated and
reordered; networks split, also in one direction; machines crash and lose what they had not synced; clocks run apart;
disks are slow; up to a third of the voting power lies (two proposals a view, nullify and finalize together, forged
certificates, invalid blocks, one key on two machines, ...). Then all faults but the liars end, and the chain has to move.

Two seeds in five have epochs of a few blocks with other powers in each, and validators that drop out and return; whole
nodes then also see bonds moved, a validator that joins, and equivocators reported, slashed and out of the next set.

Every twentieth seed (20, 40, ...) runs seven whole nodes with execution, mempool, sync and storage under transactions;
the others run the consensus core alone, with 4 to 10 validators. Signatures are replaced by seals that cost nothing.

Always checked: one final block a height; final blocks never revert; no view with quorums of both nullify and finalize;
no honest validator contradicts itself or is accused; believed certificates are genuine. Whole nodes besides: state
roots, conservation of tokens, accepted transactions are final once. After healing: three more blocks at every honest
node within 6 s of simulated time (whole nodes: 15 s, and everything accepted).

Mutations are rules of consensus broken on purpose. Each has to be noticed within its number of seeds by what it leads
to, or the simulation is blind to that mistake. They run on the consensus core, with the same seeds from 1, and with the
liars that can make use of the mistake where it takes some.

A failing seed is printed with the command that replays it exactly.

Examples:
  npm run sim -- --seeds 1000
  npm run sim -- --seeds 200 --start 5000 --validators 4
  npm run sim -- --start 1234 --seeds 1 --no-mutations
  npm run sim -- --seeds 100 --json | tail -n 1`;

interface Options {
  readonly seeds: number;
  readonly start: number;
  readonly validators?: number;
  readonly mutations: boolean;
  readonly json?: true;
}

type Seeds = Extract<Outcome, { type: 'seed' }>['result'];
type Mutations = Extract<Outcome, { type: 'mutation' }>['result'];

/** Largest cluster of a consensus-only seed: more is slow and shows nothing new. */
const VALIDATORS_MAX = 31;

const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`a whole number from ${least} to ${most}`);
  };

const program = new Command('sim')
  .description('Simulates clusters with faults and liars, one for each seed, and checks that the rules hold.')
  .option('--seeds <count>', 'how many seeds to run', wholeNumber(0, 10_000_000), 100)
  .option('--start <seed>', 'the first seed', wholeNumber(0, 0xffff_ffff), 1)
  .option(
    '--validators <count>',
    'size of consensus-only clusters (drawn from the seed)',
    wholeNumber(4, VALIDATORS_MAX),
  )
  .option('--no-mutations', 'leave out the mutation check')
  .option('--json', 'the result as one JSON object on the last line')
  .addHelpText('after', HELP)
  .showHelpAfterError('(npm run sim -- --help explains the arguments)')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

function jobsOf({ seeds, start, validators, mutations }: Options): Job[] {
  const all = Array.from({ length: seeds }, (_, index): Job => ({ type: 'seed', seed: start + index, validators }));
  return mutations ? [...mutationNames.map((name): Job => ({ type: 'mutation', name })), ...all] : all;
}

const replay = ({ seed, kind }: Seeds, { validators }: Options): string =>
  `npm run sim -- --start ${seed} --seeds 1${kind === 'consensus' && validators ? ` --validators ${validators}` : ''} --no-mutations`;

function seedTable(results: readonly Seeds[]): string {
  const rows = (['consensus', 'whole nodes'] as const).map((kind) => {
    const of = results.filter((result) => result.kind === kind);
    const most = (values: readonly number[]): string => String(Math.max(0, ...values));
    return [
      kind,
      String(of.length),
      String(of.reduce((sum, { height }) => sum + height, 0)),
      String(of.filter(({ byzantine }) => byzantine.length > 0).length),
      most(of.map(({ healedMs }) => healedMs)),
      String(of.filter(({ violation }) => violation).length),
    ];
  });
  return table([['cluster', 'seeds', 'final blocks', 'with liars', 'slowest recovery ms', 'violations'], ...rows]);
}

function mutationTable(results: readonly Mutations[]): string {
  const rows = mutationNames.flatMap((name) => results.filter((result) => result.name === name)).map(rowOf);
  return table([['mutation', 'rule that it breaks', 'caught by', 'invariant'], ...rows]);
}

function rowOf({ name, breaks, caught, seedsMax }: Mutations): string[] {
  if (!caught) return [name, breaks, red(`none of ${seedsMax}`), '-'];
  return [name, breaks, green(`seed ${caught.seed} of ${seedsMax}`), caught.invariant];
}

program.action(async (options: Options) => {
  const begun = performance.now();
  const seeds: Seeds[] = [];
  const mutations: Mutations[] = [];
  const jobs = jobsOf(options);
  const whole = jobs.filter((job) => job.type === 'seed' && runsWholeNodes(job.seed)).length;
  say(
    dim(
      `${options.seeds} seeds, ${whole} of them whole nodes, and ${options.mutations ? mutationNames.length : 0} mutations`,
    ),
  );
  try {
    await runJobs(jobs, (outcome) => {
      if (outcome.type === 'mutation') mutations.push(outcome.result);
      else seeds.push(outcome.result);
      if (outcome.type === 'seed' && outcome.result.violation) {
        const { seed, byzantine, violation } = outcome.result;
        say(`${red('violation')} seed ${seed} (${byzantine.join(', ') || 'no liars'}): ${violation}`);
        say(`  replay: ${replay(outcome.result, options)}`);
      }
      if (seeds.length > 0 && seeds.length % 100 === 0 && outcome.type === 'seed') say(dim(`${seeds.length} seeds`));
    });
  } catch (error) {
    fail(error);
  }
  const violations = seeds.filter(({ violation }) => violation).length;
  const caught = mutations.filter((one) => one.caught).length;
  const seconds = Math.round((performance.now() - begun) / 100) / 10;
  process.stdout.write(`${seedTable(seeds)}\n`);
  if (options.mutations) process.stdout.write(`\n${mutationTable(mutations)}\n`);
  const verdict = `${violations} violations in ${seeds.length} seeds, ${caught} of ${mutations.length} mutations caught, ${seconds} s`;
  const ok = violations === 0 && caught === mutations.length;
  process.stdout.write(`\n${ok ? green(verdict) : red(verdict)}\n`);
  if (options.json)
    printJson({ seeds: seeds.length, violations, mutationsCaught: caught, mutations: mutations.length, seconds });
  process.exitCode = ok ? 0 : 1;
});
await program.parseAsync();
