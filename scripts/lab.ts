/** `npm run lab -- <command>`: a small real microservice system whose faults the agents diagnose. */
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import type { LabStatus } from './lab/control.ts';
import { FAULT_TABLE } from './lab/faults.ts';
import { DEFAULT_DIRECTORY, type LabSettings, labOptionsOf } from './lab/options.ts';
import { HALVES, planOf, recordingsOf } from './lab/plan.ts';
import { findProgram, PROMETHEUS_NAMES } from './lab/prometheus.ts';
import { recordAll } from './lab/record-all.ts';
import { type RunOptions, run, showResult } from './lab/run.ts';
import { ask, findLab, startDetached, stopDetached, theLab } from './lab/running.ts';
import { ALERT_WINDOW } from './lab/slo.ts';
import { dim, fail, green, printJson, red, say, table, yellow } from './lib/output.ts';
import { GATEWAY_PORT } from './testnet/ports.ts';

type Common = { readonly dir: string; readonly json?: boolean };

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('a number greater than 0');
  return value;
}

const list = (text: string): readonly string[] => text.split(',').map((item) => item.trim());

/** `1,2,5..9` */
function numbers(text: string): readonly number[] {
  return list(text).flatMap((item) => {
    const [first = Number.NaN, last = first] = item.split('..').map(Number);
    if (!Number.isInteger(first) || !Number.isInteger(last)) throw new InvalidArgumentError('such as 1,2,5..9');
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

async function up(options: Common & LabSettings & { prometheus: boolean; gateway: readonly string[] }): Promise<void> {
  const dir = resolve(options.dir);
  if (await findLab(dir)) fail('a lab is up already: npm run lab -- down');
  const { prometheus, gateway, seed, rate, day } = options;
  const lab = await startDetached(dir, { dir, seed, rate, day, prometheus, gateways: gateway });
  const status = await ask(lab, 'GET', '/status');
  if (options.json) return printJson({ ...lab, ...status });
  showStatus(status);
  say(`control      ${lab.control}`);
  say(`prometheus   ${lab.prometheus ?? 'not installed: npm run install-prometheus'}`);
  if (lab.alertmanager) say(`alertmanager ${lab.alertmanager} ${dim(`-> ${gateway.join(', ')}`)}`);
  if (lab.telemetry) say(`agents       npm run testnet -- up --telemetry ${lab.telemetry}`);
}

function showStatus({ services, faults, requests }: LabStatus): void {
  const rows = services.map(({ name, url, pid, restarts }) => {
    const state = pid === null ? red('down') : green('up');
    return [name, state, String(pid ?? '-'), String(restarts), url];
  });
  process.stdout.write(`${table([['service', 'state', 'pid', 'restarts', 'url'], ...rows])}\n`);
  say(`requests ${requests.total}, failed ${requests.failed}`);
  for (const { name, target, strength } of faults) say(yellow(`${name} at ${target} (strength ${strength})`));
}

async function faults(options: Common & { inject?: string; target?: string; strength?: number; clear?: boolean }) {
  const { dir, inject, target, strength, clear, json } = options;
  if (inject !== undefined || clear) {
    const lab = await theLab(resolve(dir));
    const body = { fault: inject, target, ...(strength !== undefined && { strength }) };
    const status = clear ? await ask(lab, 'DELETE', '/faults') : await ask(lab, 'POST', '/faults', body);
    return json ? printJson(status) : showStatus(status);
  }
  if (json) return printJson({ faults: FAULT_TABLE });
  const rows = FAULT_TABLE.map(({ name, kind, does, strength: { unit, usual }, targets }) => [
    name,
    kind ?? '-',
    unit === '-' ? '-' : `${usual} ${unit}`,
    does,
    targets.length > 6 ? `${targets.slice(0, 5).join(' ')} … (${targets.length})` : targets.join(' '),
  ]);
  process.stdout.write(`${table([['fault', 'kind', 'strength', 'what it does', 'targets'], ...rows])}\n`);
}

type RecordOptions = Common &
  LabSettings & {
    faults: readonly string[];
    targets: readonly string[];
    seeds: readonly number[];
    out: string;
    normal: number;
    fault: number;
    after: number;
    labs: number;
    halves?: boolean;
    limit?: number;
    attempts: number;
  };

async function recordMany(options: RecordOptions): Promise<void> {
  const out = resolve(options.out);
  const { faults: names, targets, seeds, halves } = options;
  const all = halves
    ? planOf(names, targets, seeds)
    : recordingsOf(names, targets, seeds).map((one) => ({ ...one, half: HALVES[0] }));
  const plan = all.slice(0, options.limit);
  if (plan.length === 0) fail('no fault applies to these targets: npm run lab -- faults', 2);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1));
  const disturbed = await recordAll({
    plan,
    outOf: (half) => (halves ? join(out, half) : out),
    labs: options.labs,
    lab: labOptionsOf({ ...options, dir: resolve(options.dir) }),
    timing: { normalMs: options.normal * 1_000, faultMs: options.fault * 1_000, afterMs: options.after * 1_000 },
    attempts: options.attempts,
  });
  if (options.json) printJson({ out, captures: plan.length, disturbed });
  else say(`${plan.length} captures in ${out}${disturbed.length > 0 ? `; disturbed: ${disturbed.join(', ')}` : ''}`);
  process.exit(0);
}

async function runOnce(options: Common & Omit<RunOptions, 'dir'>): Promise<void> {
  if (options.prometheus && findProgram(PROMETHEUS_NAMES) === undefined) {
    say(yellow('prometheus is not installed (npm run install-prometheus): the lab hands over captures instead'));
  }
  const prometheus = options.prometheus && findProgram(PROMETHEUS_NAMES) !== undefined;
  const result = await run({ ...options, dir: resolve(options.dir), prometheus });
  showResult(result);
  if (options.json) printJson(result);
  process.exit(result.correct ? 0 : 1);
}

const program = new Command('lab')
  .description('A small real microservice system (a ticket shop of sixteen processes) with injectable faults.')
  .showHelpAfterError('(npm run lab -- --help explains the commands)')
  .addHelpText(
    'after',
    `
Twelve services, a cache, a queue and two databases, each its own process on loopback, with users in front. Each has
Prometheus metrics at /metrics and sends spans and logs by OTLP. With Prometheus installed (npm run install-prometheus)
the lab is scraped by it and alerts come through Alertmanager.

Examples:
  npm run lab -- faults                                  what can be injected, and where
  npm run lab -- run --fault cpu --target train          the agents diagnose it live; verdict beside the truth
  npm run lab -- run --fault network-delay --target 'order>payment'
  npm run lab -- run --fault errors --target seat --kill 3,5     with two agents dead
  npm run lab -- record --faults cpu,crash --targets '*' --seeds 1..3 --out captures
  npm run lab -- record --faults none --targets gateway --seeds 1..10 --out captures
  npm run lab -- record --faults none,cpu,crash --targets '*' --seeds 1..4 --halves --labs 2 --out captures
  npm run lab -- up                                      stays up, for your own experiments
  npm run lab -- faults --inject slow-query --target orders-db
  npm run lab -- faults --clear
  npm run lab -- down

A captures folder is read by: npm run eval -- --captures DIR, and npm start -- --capture DIR/ID.
Recording goes on where it was interrupted: good captures that are there are left alone.`,
  );

const withCommon = (command: Command): Command =>
  command
    .option('--dir <folder>', 'folder of logs and state', DEFAULT_DIRECTORY)
    .option('--json', 'result as one JSON object on the last line');
const withLoad = (command: Command): Command =>
  withCommon(command)
    .option('--seed <n>', 'seed of the services and, unless recording, of the load', positive, 1)
    .option('--rate <n>', 'mean requests per second at the entry', positive, 8)
    .option('--day <seconds>', 'length of the day that the load follows', positive, 600);

const guarded =
  <A extends unknown[]>(action: (...args: A) => Promise<void>) =>
  async (...args: A): Promise<void> => {
    try {
      await action(...args);
    } catch (error) {
      fail(error, error instanceof RangeError ? 2 : 1);
    }
  };

withLoad(program.command('up').description('start the lab, and stay up after this command'))
  .option('--no-prometheus', 'without Prometheus and Alertmanager')
  .option('--gateway <urls>', 'nodes that get the alerts', list, [`http://127.0.0.1:${GATEWAY_PORT}`])
  .action(guarded(up));
withLoad(program.command('run').description('inject one fault and watch the agents find it'))
  .requiredOption('--fault <name>', 'npm run lab -- faults lists them')
  .requiredOption('--target <service>', "a service, or 'caller>callee'")
  .option('--strength <n>', 'instead of the usual one', positive)
  .option('--normal <seconds>', 'ordinary operation before the fault', positive, 45)
  .option('--network-url <url>', 'gateway of a network that runs already, instead of a testnet')
  .option('--no-prometheus', 'hand over captures instead of live sources')
  .option('--ports <which>', 'of the testnet: "default" (4001..) or "free"', 'default')
  .option('--kill <nodes>', 'nodes that are dead meanwhile, such as 3,5', numbers, [])
  .action(guarded(runOnce));
withLoad(program.command('record').description('record captures with truth'))
  .requiredOption('--faults <names>', 'separated by commas', list)
  .requiredOption('--targets <names>', "separated by commas; '*' takes all that a fault applies to", list)
  .option('--seeds <list>', 'such as 1,2,5..9', numbers, [1])
  .requiredOption('--out <folder>', 'one folder a capture below this')
  .option('--normal <seconds>', 'quiet operation before the fault', positive, 45)
  .option('--fault <seconds>', 'longest wait for the alert', positive, 30)
  .option('--after <seconds>', 'recorded after the alert', positive, ALERT_WINDOW.afterMs / 1_000)
  .option(
    '--labs <n>',
    'labs side by side; each takes a quarter of a processor, and one fault of all of them a whole',
    positive,
    1,
  )
  .option('--halves', 'into dev/ and held/ below the folder, by targets and seeds (agent-runtime/ANALYSIS.md)')
  .option('--limit <n>', 'only the first of them', positive)
  .option('--attempts <n>', 'tries when the machine was too busy to trust a capture', positive, 2)
  .action(guarded(recordMany));
withCommon(program.command('faults').description('list the faults, or inject one into the lab that is up'))
  .option('--inject <name>', 'inject this fault')
  .option('--target <service>', 'where')
  .option('--strength <n>', 'instead of the usual one', positive)
  .option('--clear', 'remove all faults')
  .action(guarded(faults));
withCommon(program.command('status').description('what runs in the lab that is up')).action(
  guarded(async ({ dir, json }: Common) => {
    const status = await ask(await theLab(resolve(dir)), 'GET', '/status');
    if (json) printJson(status);
    else showStatus(status);
  }),
);
withCommon(program.command('down').description('end the lab that is up')).action(
  guarded(async ({ dir, json }: Common) => {
    await stopDetached(resolve(dir));
    if (json) printJson({ down: true });
    else say('the lab ended');
  }),
);

await program.parseAsync();
