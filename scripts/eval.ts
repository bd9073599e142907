/** `npm run eval`: root-cause accuracy over a folder of captures with answers beside them. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { ablate } from './eval/ablate.ts';
import { benchRow } from './eval/bench.ts';
import { calibrate } from './eval/calibrate.ts';
import { findCases } from './eval/cases.ts';
import { degrade } from './eval/degrade.ts';
import {
  ablationText,
  calibrationText,
  casesText,
  degradationText,
  evaluationJson,
  evaluationText,
} from './eval/report.ts';
import { type Analysed, analyseCase, builtinAnswer } from './eval/run.ts';
import { dim, fail, printJson, say } from './lib/output.ts';

const HELP = `
A capture is one incident as files (data/README.md); truth.json beside it holds the answer. Folders below DIR are looked
through. Public layouts become captures by npm run import.

top-1, top-3: share of cases whose cause is among the first; ties and abstentions count against. avg@5: mean of top-1
to top-5. Brier: mean squared error of the first candidate's stated probability (0 is best). kind, path: fault kind and
propagation path right, with the right cause, where the truth tells them.
The constant predictor names the commonest causes of these very cases; the random one shuffles the nodes.

Examples:
  npm run eval -- --captures data
  npm run eval -- --captures DIR --ablate --degrade --json | tail -n 1
  npm run eval -- --calibrate`;

interface Options {
  readonly captures?: string;
  readonly list?: true;
  readonly ablate?: true;
  readonly degrade?: true;
  readonly bench?: true;
  readonly calibrate?: true;
  readonly json?: true;
}

const program = new Command('eval')
  .description('Root-cause accuracy over captures, beside a constant and a random predictor.')
  .option('--captures <dir>', 'folder of captures')
  .option('--bench', 'instead: the time of the engine by size, beside one pass over the same numbers')
  .option('--ablate', 'the same captures by each view alone, by seven without a vote, and with one')
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
  if (captures === undefined) fail(new Error('--captures names the folder of captures'), 2);
  const { cases, withoutTruth } = await findCases(resolve(captures)).catch((error: unknown) => fail(error, 2));
  if (cases.length === 0) fail(new Error(`no capture with a truth.json below ${captures}`), 2);
  if (withoutTruth.length > 0) say(dim(`without truth.json, left out: ${withoutTruth.join(', ')}`));
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
