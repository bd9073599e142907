/** `npm run import`: public layouts and saved telemetry as capture folders. */
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { edgesOfSpans } from '@dao-gov/agent-runtime/analysis';
import {
  edgesOf,
  type Imported,
  importPetshop,
  importRcaeval,
  parsePrometheus,
  parseTraces,
  writeCapture,
} from '@dao-gov/agent-runtime/telemetry';
import { Command, InvalidArgumentError, Option } from 'commander';
import { fail, printJson, say } from './lib/output.ts';

const HELP = `
Layouts:
  petshop     {scenario}/{train,test}/issue_N with metrics.csv and target.json, graph.csv and noissue beside
  rcaeval     {service}_{fault}/{n} with data.csv and inject_time.txt
  telemetry   one incident from saved answers: --prometheus (query_range JSON, the file is named after the metric),
              --traces (Jaeger or OTLP JSON), --topology (caller,callee); the alert is told by --alert-*

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

const program = new Command('import')
  .description('Turns public layouts and saved telemetry into capture folders for npm run eval.')
  .argument('<layout>', 'petshop, rcaeval or telemetry')
  .option('--from <dir>', 'folder of the data set')
  .requiredOption('--captures <dir>', 'folder to write captures to')
  .option('--prometheus <files...>', 'saved query_range answers', [])
  .option('--traces <files...>', 'saved Jaeger or OTLP traces', [])
  .option('--topology <file>', 'caller,callee; else from the traces')
  .option('--id <id>', 'id of the capture', 'imported')
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
  const { prometheus, traces, topology, id, alertNode, alertMetric, alertAt } = options;
  if (alertNode === undefined || alertAt === undefined)
    fail(new Error('--alert-node and --alert-at tell the alert'), 2);
  const text = (file: string): Promise<string> => readFile(resolve(file), 'utf8');
  const metrics = (
    await Promise.all(prometheus.map(async (file) => parsePrometheus(await text(file), basename(file, '.json'))))
  ).flat();
  const spans = (await Promise.all(traces.map(async (file) => parseTraces(await text(file))))).flat();
  const edges = topology === undefined ? edgesOfSpans(spans) : edgesOf(await text(topology));
  const times = [...metrics.flatMap(({ timesMs }) => timesMs), ...spans.map(({ startMs }) => startMs)];
  const window = {
    fromMs: times.reduce((least, atMs) => Math.min(least, atMs), alertAt - 1),
    toMs: times.reduce((most, atMs) => Math.max(most, atMs), alertAt),
  };
  const nodes = [...new Set([...metrics.map(({ node }) => node), ...spans.map(({ node }) => node)])];
  const alert = { node: alertNode, metric: alertMetric, atMs: alertAt };
  const capture = {
    id,
    title: `${alertMetric} of ${alertNode}`,
    alert,
    window,
    topology: { nodes, edges },
    metrics,
    spans,
    logs: [],
  };
  yield { capture, truth: null };
}

await program.parseAsync().catch((error: unknown) => fail(error));
