/** `lab run`: a fault in the running system, the alert it raises, and the agents' verdict beside the truth. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type ApiClient, createClient } from '@dao-gov/node/client';
import type { IncidentDetail } from '@dao-gov/node/protocol';
import { ensureExplorer } from '../lib/explorer.ts';
import { bold, dim, green, red, say, yellow } from '../lib/output.ts';
import { clientOf, waitFor, waitReady } from '../testnet/api.ts';
import { followIncident } from '../testnet/follow.ts';
import { Testnet } from '../testnet/testnet.ts';
import { type Fault, faultAt, type Truth, truthOf } from './faults.ts';
import { Lab } from './lab.ts';
import { type LabSettings, labOptionsOf } from './options.ts';
import { writeOutcomeTerms } from './outcome.ts';
import { type Monitoring, startMonitoring, writeTelemetryConfig } from './prometheus.ts';
import { reportOf, SLOW_MS } from './slo.ts';
import { ENTRY } from './system.ts';
import { type Watch, watchWithoutPrometheus } from './watch.ts';

export type RunOptions = LabSettings & {
  readonly fault: string;
  readonly target: string;
  readonly strength?: number;
  /** Seconds of ordinary operation before the fault. */
  readonly normal: number;
  readonly networkUrl?: string;
  readonly prometheus: boolean;
  readonly ports: 'default' | 'free';
  /** Nodes that are dead while the agents work. */
  readonly kill: readonly number[];
};

export type RunResult = {
  readonly fault: Fault;
  readonly truth: Truth;
  readonly incidentId: string;
  readonly state: string;
  readonly rootCause: string;
  readonly faultKind: string;
  readonly correct: boolean;
  readonly kindCorrect: boolean;
  readonly secondsToAlert: number;
  readonly secondsAlertToVerdict: number;
  /** What agents measured after the repair; empty when none had reason to report. */
  readonly outcome: 'recovered' | 'unrecovered' | '';
  readonly source: 'prometheus' | 'capture';
  readonly explorer: string;
  /** Longest that this process was kept from running: beyond what users call slow, the machine is a fault of its own. */
  readonly stallMs: number;
};

/** A fault that users do not feel within this raises no alert. */
const ALERT_MS_MAX = 90_000;
const INCIDENT_MS_MAX = 180_000;
const NANOS_PER_MS = 1_000_000;

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const seconds = (ms: number): number => Number((ms / 1_000).toFixed(1));

/** Ends what was started, last first, also when this process is told to end. */
class Cleanup {
  readonly #steps: { readonly end: () => Promise<void>; readonly now: () => void }[] = [];

  constructor() {
    process.on('exit', () => this.now());
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1));
  }

  add(end: () => Promise<void>, now: () => void): void {
    this.#steps.push({ end, now });
  }

  now(): void {
    for (const { now } of this.#steps) now();
  }

  async end(): Promise<void> {
    for (const { end } of this.#steps.toReversed()) await end();
  }
}

/** @throws Error when no alert is raised or no incident comes of it */
export async function run(options: RunOptions): Promise<RunResult> {
  const fault = faultAt(options.fault, options.target, options.strength);
  const cleanup = new Cleanup();
  try {
    return await running(options, fault, cleanup);
  } finally {
    await cleanup.end();
  }
}

async function running(options: RunOptions, fault: Fault, cleanup: Cleanup): Promise<RunResult> {
  const { dir } = options;
  const captures = join(dir, 'captures');
  const telemetry = join(dir, 'telemetry.json');
  rmSync(captures, { recursive: true, force: true });
  mkdirSync(captures, { recursive: true });
  say(`${bold('lab')} sixteen services and their users …`);
  const lab = await Lab.start(labOptionsOf(options));
  cleanup.add(
    () => lab.stop(),
    () => lab.killNow(),
  );
  const network = await networkOf(options, { captures, telemetry }, cleanup);
  const monitoring = options.prometheus ? await monitor(lab, options, network.url, telemetry, cleanup) : undefined;
  const watch = monitoring ? undefined : watchWithoutPrometheus(lab, captures, network.url);
  if (watch) cleanup.add(watch.stop, watch.stop);
  for (const node of options.kill) await network.kill(node);
  const { client } = network;
  const known = new Set((await client.incidents()).items.map(({ incidentId }) => incidentId));
  say(dim(`ordinary operation for ${options.normal} s, so that there is something to compare with …`));
  await pause(options.normal * 1_000);

  const early = (await client.incidents()).items.find(({ incidentId }) => !known.has(incidentId));
  if (early) throw new Error(`${early.incidentId} was raised before the fault: the machine is too busy, try again`);
  const stalls = monitorEventLoopDelay();
  stalls.enable();
  const injectedMs = Date.now();
  lab.setFaults([fault]);
  say(`${bold('fault')} ${fault.name} at ${fault.target} (strength ${fault.strength})`);
  if (fault.name === 'none') await falseAlarm(client, watch);
  else watch?.arm();
  const incidentId = await waitFor('an alert that becomes an incident', ALERT_MS_MAX, async () =>
    (await client.incidents()).items.map((item) => item.incidentId).find((id) => !known.has(id)),
  );
  const { incident, verdictAt } = await followIncident(client, incidentId, INCIDENT_MS_MAX, say, () => {
    lab.setFaults([]);
    say(`${bold('repaired')} the fault is gone; did it help? The agents measure …`);
  });
  lab.setFaults([]);
  stalls.disable();
  return {
    ...resultOf(fault, incident, injectedMs, verdictAt),
    source: monitoring ? 'prometheus' : 'capture',
    explorer: network.url,
    stallMs: Math.round(stalls.max / NANOS_PER_MS),
  };
}

/** Nothing burns without a fault: somebody must cry wolf. */
async function falseAlarm(client: ApiClient, watch: Watch | undefined): Promise<void> {
  const alert = reportOf(Date.now());
  if (watch) return watch.raise(alert);
  const { node, metric, atMs, title } = alert;
  await client.raiseAlert({ node, metric, at: new Date(atMs).toISOString(), source: 'lab', title });
}

type Network = {
  readonly url: string;
  readonly client: ApiClient;
  readonly kill: (node: number) => Promise<void>;
};

async function networkOf(
  options: RunOptions,
  files: { readonly captures: string; readonly telemetry: string },
  cleanup: Cleanup,
): Promise<Network> {
  const { networkUrl } = options;
  if (networkUrl !== undefined) {
    say(dim(`its agents must read ${files.telemetry} (testnet up --telemetry)`));
    const kill = (): Promise<never> => Promise.reject(new Error('--kill works with a network of its own only'));
    return { url: networkUrl, client: createClient({ baseUrl: networkUrl }), kill };
  }
  await ensureExplorer(say);
  const directory = join(options.dir, 'net');
  const terms = writeOutcomeTerms(options.dir);
  const testnet = await Testnet.up({ directory, ...files, ...terms, attached: true, ports: options.ports });
  cleanup.add(
    () => testnet.down(),
    () => testnet.killNow(),
  );
  await waitReady(testnet);
  // The node to whose agent alerts go must be one that lives.
  const entry = testnet.nodes.find((node) => !options.kill.includes(node)) ?? 1;
  say(`${bold('network')} seven agents, seven nodes; explorer: ${bold(testnet.url(entry))}`);
  return {
    url: testnet.url(entry),
    client: clientOf(testnet, entry),
    kill: async (node) => {
      await testnet.stop(node, 'SIGKILL');
      say(`node ${node} killed`);
    },
  };
}

async function monitor(
  lab: Lab,
  { dir }: RunOptions,
  gateway: string,
  telemetry: string,
  cleanup: Cleanup,
): Promise<Monitoring> {
  const monitoring = await startMonitoring({
    directory: dir,
    targets: lab.addresses,
    gateways: [gateway],
    source: 'lab',
  });
  cleanup.add(
    () => monitoring.stop(),
    () => monitoring.killNow(),
  );
  writeTelemetryConfig(telemetry, monitoring.prometheusUrl, lab.collector.url);
  say(
    `${bold('monitoring')} Prometheus ${monitoring.prometheusUrl}, Alertmanager ${monitoring.alertmanagerUrl ?? 'none'}`,
  );
  return monitoring;
}

function resultOf(
  fault: Fault,
  { incidentId, state, rootCause, faultKind, alert, outcomeReports }: IncidentDetail,
  injectedMs: number,
  verdictAt: number,
): Omit<RunResult, 'source' | 'explorer' | 'stallMs'> {
  const truth = truthOf(fault, ENTRY);
  const right = [truth.rootCause ?? '', ...(truth.alternatives ?? [])];
  return {
    fault,
    truth,
    incidentId,
    state,
    rootCause,
    faultKind,
    correct: right.includes(rootCause),
    kindCorrect: (faultKind || 'none') === truth.faultKind,
    secondsToAlert: seconds(alert.atMs - injectedMs),
    secondsAlertToVerdict: seconds(verdictAt - alert.atMs),
    outcome:
      outcomeReports.length === 0 ? '' : outcomeReports.every((one) => one.recovered) ? 'recovered' : 'unrecovered',
  };
}

export function showResult({ truth, correct, kindCorrect, ...result }: RunResult): void {
  const mark = (right: boolean): string => (right ? green('right') : red('wrong'));
  const truthText = [truth.rootCause ?? 'nothing', ...(truth.alternatives ?? [])].join(' or ');
  say(`\n${bold('VERDICT')}  ${result.incidentId}  ${result.state}`);
  say(`  root cause  ${(result.rootCause || 'none agreed on').padEnd(24)} truth: ${truthText}  ${mark(correct)}`);
  say(`  fault kind  ${(result.faultKind || 'none').padEnd(24)} truth: ${truth.faultKind}  ${mark(kindCorrect)}`);
  say(`  outcome     ${result.outcome || 'not measured'}`);
  if (result.stallMs > SLOW_MS)
    say(yellow(`  the machine stood still for ${result.stallMs} ms: not only the fault was felt`));
  say(`  alert ${result.secondsToAlert} s after the fault, verdict ${result.secondsAlertToVerdict} s after the alert`);
}
