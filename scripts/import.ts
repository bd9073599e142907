/** `npm run import`: public layouts and saved telemetry as capture folders. */
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  type Imported,
  importPetshop,
  importRcaeval,
  importSaved,
  type SavedFile,
  truthSchema,
  writeCapture,
} from '@dao-gov/agent-runtime/telemetry';
import { Command, InvalidArgumentError, Option } from 'commander';
import { fail, printJson, say, yellow } from './lib/output.ts';

const HELP = `
Layouts:
  petshop     {scenario}/{train,test}/issue_N with metrics.csv and target.json, graph.csv and noissue beside
  rcaeval     {service}_{fault}/{n} with data.csv and inject_time.txt
  telemetry   one incident from saved answers, .gz or not: --prometheus (query_range JSON, the file is named after the
              metric), --traces (Jaeger or OTLP JSON, logs too), --topology (caller,callee, added to what traces
              show); the alert is told by --alert-*, and the answer, for npm run eval, by --truth and --fault-kind

Examples:
  npm run import -- petshop --from DIR --captures OUT
  npm run import -- telemetry --prometheus latency_seconds.json errors.json --traces traces.json --captures OUT \\
    --id checkout-slow --alert-node checkout --alert-metric latency_seconds --alert-at 2026-01-31T10:00:00Z`;

interface Options {
  readonly from?: string;
  readonly captures: string;
  readonly prometheus: readonly string[];
  readonly traces: readonly string[];
  readonly topology?: string;
  readonly id: string;
  readonly nodeLabel?: readonly string[];
  readonly truth?: string;
  readonly faultKind?: string;
  readonly alertNode?: string;
  readonly alertMetric: string;
  readonly alertAt?: number;
  readonly json?: true;
}

const time = (text: string): number => {
  const atMs = Date.parse(text);
  if (Number.isNaN(atMs)) throw new InvalidArgumentError('a time is ISO 8601 with a zone');
  return atMs;
};

/** Ids name folders, so they are no paths. */
const captureId = (text: string): string => {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(text)) throw new InvalidArgumentError('letters, digits, . _ - only');
  return text;
};

const program = new Command('import')
  .description('Turns public layouts and saved telemetry into capture folders for npm run eval.')
  .argument('<layout>', 'petshop, rcaeval or telemetry')
  .option('--from <dir>', 'folder of the data set')
  .requiredOption('--captures <dir>', 'folder to write captures to')
  .option('--prometheus <files...>', 'saved query_range answers', [])
  .option('--traces <files...>', 'saved Jaeger or OTLP traces', [])
  .option('--topology <file>', 'caller,callee')
  .option('--node-label <labels...>', 'labels of Prometheus that may name a node, the most telling first')
  .option('--id <id>', 'id of the capture', captureId, 'imported')
  .option('--truth <node>', 'the root cause, or "none" when nothing was broken')
  .option('--fault-kind <kind>', 'what was wrong with it, such as latency or errors')
  .option('--alert-node <node>')
  .option('--alert-metric <metric>', 'metric that alerted', 'latency')
  .addOption(new Option('--alert-at <time>', 'when it alerted').argParser(time))
  .option('--json', 'the result as one JSON object on the last line')
  .addHelpText('after', HELP)
  .showHelpAfterError('(npm run import -- --help explains the arguments)')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

program.action(async (layout: string, options: Options) => {
  let count = 0;
  for await (const imported of incidentsOf(layout, options)) {
    await writeCapture(join(resolve(options.captures), imported.capture.id), imported);
    count += 1;
  }
  say(`${count} captures in ${options.captures}`);
  if (options.json === true) printJson({ captures: count });
});

function incidentsOf(layout: string, options: Options): AsyncIterable<Imported> {
  const from = options.from === undefined ? undefined : resolve(options.from);
  if (layout === 'telemetry') return savedTelemetry(options);
  if (from === undefined) fail(new Error('--from names the folder of the data set'), 2);
  if (layout === 'petshop') return importPetshop(from);
  if (layout === 'rcaeval') return importRcaeval(from);
  return fail(new Error(`there is no layout ${layout}`), 2);
}

async function* savedTelemetry(options: Options): AsyncIterable<Imported> {
  const { prometheus, traces, topology, nodeLabel, id, alertNode, alertMetric, alertAt } = options;
  if (alertNode === undefined || alertAt === undefined)
    fail(new Error('--alert-node and --alert-at tell the alert'), 2);
  if (prometheus.length + traces.length === 0) fail(new Error('--prometheus or --traces names what was saved'), 2);
  const { rejected, ...imported } = importSaved({
    id,
    alert: { node: alertNode, metric: alertMetric, atMs: alertAt },
    prometheus: await Promise.all(prometheus.map(saved)),
    traces: await Promise.all(traces.map(saved)),
    topology: topology === undefined ? null : await saved(topology),
    nodeLabels: nodeLabel,
    truth: truthOf(options),
  });
  if (rejected > 0) say(yellow(`${rejected} spans or logs were malformed and are left out`));
  yield imported;
}

async function saved(path: string): Promise<SavedFile> {
  const bytes = await readFile(resolve(path));
  const isCompressed = path.endsWith('.gz');
  const name = basename(isCompressed ? path.slice(0, -'.gz'.length) : path, '.json');
  return { name, text: (isCompressed ? gunzipSync(bytes) : bytes).toString('utf8') };
}

function truthOf({ truth, faultKind }: Options): Imported['truth'] {
  if (truth === undefined) return null;
  const rootCause = truth === 'none' ? null : truth;
  return truthSchema.parse({ rootCause, ...(faultKind === undefined ? {} : { faultKind }) });
}

await program.parseAsync().catch((error: unknown) => fail(error));
