/** `npm run eval`: root-cause accuracy over a folder of captures with answers beside them. */
import { resolve } from 'node:path';
import { isModelConfigured } from '@dao-gov/agent-runtime';
import { Command, InvalidArgumentError, Option } from 'commander';
import { ablate } from './eval/ablate.ts';
import { benchRow } from './eval/bench.ts';
import { calibrate } from './eval/calibrate.ts';
import { type Case, findCases } from './eval/cases.ts';
import { degrade } from './eval/degrade.ts';
import {
  ablationText,
  calibrationText,
  casesText,
  degradationText,
  evaluationJson,
  evaluationText,
  usageText,
} from './eval/report.ts';
import { type Analysed, analyseCase, builtinAnswer } from './eval/run.ts';
import { type ChainAnswered, throughChain } from './eval/through-chain.ts';
import { dim, fail, printJson, red, say } from './lib/output.ts';

const HELP = `
A capture is one incident as files (data/README.md); truth.json beside it holds the answer. Folders below DIR are looked
through. Public layouts become captures by npm run import.

top-1, top-3: share of cases whose cause is among the first; ties and abstentions count against. avg@5: mean of top-1
to top-5. Brier: mean squared error of the first candidate's stated probability (0 is best). kind, path: fault kind and
propagation path right, with the right cause, where the truth tells them.
The constant predictor names the commonest causes of these very cases; the random one shuffles the nodes.

--through-chain: each case is an incident on a real testnet of seven processes, and the finalized verdict is scored;
seconds are from alert to verdict, those of waiting for other incidents included. With --reasoner openai the agents argue
through OPENAI_BASE_URL, OPENAI_API_KEY, OPENAI_MODEL; what that took is told, and what it cost when OPENAI_PRICE_INPUT
and OPENAI_PRICE_OUTPUT (per million tokens) are set. Exit code 1 when an incident did not end,
or ended before the agents had looked at it: figures of such a run say more about the machine.

Examples:
  npm run eval -- --captures data
  npm run eval -- --captures data --through-chain --json | tail -n 1
  npm run eval -- --captures DIR --ablate --degrade --json | tail -n 1
  npm run eval -- --calibrate`;

interface Options {
  readonly captures?: string;
  readonly list?: true;
  readonly ablate?: true;
  readonly degrade?: true;
  readonly bench?: true;
  readonly throughChain?: true;
  readonly reasoner: 'builtin' | 'openai';
  readonly atOnce: number;
  readonly calibrate?: true;
  readonly json?: true;
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('it is a number from 1 up');
  return value;
}

const program = new Command('eval')
  .description('Root-cause accuracy over captures, beside a constant and a random predictor.')
  .option('--captures <dir>', 'folder of captures')
  .option('--bench', 'instead: the time of the engine by size, beside one pass over the same numbers')
  .option('--ablate', 'the same captures by each view alone, by seven without a vote, and with one')
  .option('--through-chain', 'every case as an incident on a real seven-node testnet')
  .addOption(
    new Option('--reasoner <name>', 'who thinks for the agents; openai needs --through-chain')
      .choices(['builtin', 'openai'])
      .default('builtin'),
  )
  .option('--at-once <n>', 'with --through-chain: incidents open at the same time', count, 2)
  .option('--degrade', 'the same captures without traces, without logs, without a third of the metrics')
  .option('--calibrate', "instead: fit the engine's calibration on simulated incidents")
  .option('--list', 'one line a case')
  .option('--json', 'the result as one JSON object on the last line')
  .addHelpText('after', HELP)
  .showHelpAfterError('(npm run eval -- --help explains the arguments)')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

program.action(async (options: Options) => {
  const { captures, list, ablate: isAblation, degrade: isDegradation, bench, json } = options;
  if (bench === true) return timeBySize(json === true);
  if (options.calibrate === true) return fitCalibration(json === true);
  refuseNonsense(options);
  if (captures === undefined) fail(new Error('--captures names the folder of captures'), 2);
  const { cases, withoutTruth } = await findCases(resolve(captures)).catch((error: unknown) => fail(error, 2));
  if (cases.length === 0) fail(new Error(`no capture with a truth.json below ${captures}`), 2);
  if (withoutTruth.length > 0) say(dim(`without truth.json, left out: ${withoutTruth.join(', ')}`));
  if (options.throughChain === true) return evaluateThroughChain(cases, options);
  const analysed: Analysed[] = [];
  for (const found of cases) analysed.push(await analyseCase(found));
  const answered = analysed.map(builtinAnswer);
  if (list === true) process.stdout.write(`${casesText(answered)}\n\n`);
  process.stdout.write(`${evaluationText(answered)}\n`);
  const ablation = isAblation === true ? ablate(analysed) : null;
  if (ablation !== null) process.stdout.write(`\n${ablationText(ablation)}\n`);
  const degradation = isDegradation === true ? await degrade(cases) : null;
  if (degradation !== null) process.stdout.write(`\n${degradationText(degradation)}\n`);
  if (json !== true) return;
  printJson({
    ...(ablation === null ? {} : { ablation }),
    ...(degradation === null ? {} : { degradation }),
    ...evaluationJson(answered),
  });
});

/** What is asked for must be possible before anything is started. */
function refuseNonsense({ reasoner, throughChain: isThroughChain, ablate: isAblation }: Options): void {
  if (reasoner === 'openai' && isThroughChain !== true) fail(new Error('--reasoner openai needs --through-chain'), 2);
  if (isThroughChain === true && isAblation === true) fail(new Error('--ablate works without --through-chain'), 2);
  if (reasoner === 'openai' && !isModelConfigured(process.env)) {
    fail(new Error('no model is configured: set OPENAI_BASE_URL or OPENAI_API_KEY, or take --reasoner builtin'), 2);
  }
}

async function evaluateThroughChain(cases: readonly Case[], options: Options): Promise<void> {
  const { reasoner, atOnce, list, json } = options;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
  say(`starting seven nodes for ${cases.length} cases, ${atOnce} at once …`);
  const { answered, usage } = await throughChain(cases, {
    reasoner,
    atOnce,
    nodesOf: async (found) => (await analyseCase(found)).findings.nodes.length,
    onReady: (testnet) => say(`seven nodes ready; ${testnet.url(1)}`),
    onAnswer: (answer, done) => say(`${progressOf(answer)} ${dim(`${done}/${cases.length}`)}`),
  });
  if (list === true) process.stdout.write(`${casesText(answered)}\n\n`);
  process.stdout.write(`${evaluationText(answered, 'from alert to verdict')}\n`);
  if (usage !== null) process.stdout.write(`\n${usageText(usage)}\n`);
  const unanswered = answered.filter(({ state, examined }) => !ENDED.includes(state) || !examined);
  for (const { found, incidentId, state } of unanswered) {
    say(red(`not examined to an end, the machine may be too busy: ${found.name} (${incidentId} ${state})`));
  }
  if (json === true) printJson({ ...evaluationJson(answered), ...(usage === null ? {} : { usage }) });
  process.exitCode = unanswered.length > 0 ? 1 : 0;
}

const ENDED = ['Finalized', 'Inconclusive'];

function progressOf({ found, answer, incidentId, state, rounds, seconds }: ChainAnswered): string {
  const said = answer.abstained ? 'no cause agreed on' : (answer.candidates[0]?.node ?? '');
  const votes = rounds === 1 ? '1 vote' : `${rounds} votes`;
  return `  ${incidentId} ${state}, ${votes}, ${seconds.toFixed(1)} s: ${found.name} -> ${said}`;
}

/** Enough that coefficients hardly move with the draw. */
const CALIBRATION_INCIDENTS = 600;

function fitCalibration(json: boolean): void {
  const fitted = calibrate(CALIBRATION_INCIDENTS);
  process.stdout.write(`${calibrationText(fitted)}\n`);
  if (json) printJson(fitted);
}

/** Services of the largest system that one node analyses in practice come first; the rest shows how time grows. */
const BENCH_SERVICES = [500, 1_000, 2_000, 5_000] as const;

function timeBySize(json: boolean): void {
  // The first run pays for compilation.
  benchRow(BENCH_SERVICES[0]);
  const rows = BENCH_SERVICES.map((services) => {
    const row = benchRow(services);
    say(`${services} services: ${row.seconds.toFixed(2)} s, ${row.ratio.toFixed(0)} times one pass`);
    return row;
  });
  if (json) printJson({ bench: rows });
}

await program.parseAsync().catch((error: unknown) => fail(error));
