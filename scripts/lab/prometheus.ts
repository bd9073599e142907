/** A real Prometheus and Alertmanager for the lab, where they are installed: own ports, own folder, ended with the lab. */
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, closeSync, constants, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { freePorts } from '../testnet/ports.ts';
import { ALERT_WINDOW, SLO_METRICS, SLOW_MS } from './slo.ts';
import { ENTRY } from './system.ts';

const READY_MS_MAX = 60_000;
const POLL_MS = 200;
const TELEMETRY_PRESET = join(import.meta.dirname, '../../config/telemetry.json');

/** Binaries as Debian and as the project itself call them. */
export const PROMETHEUS_NAMES = ['prometheus'] as const;
export const ALERTMANAGER_NAMES = ['prometheus-alertmanager', 'alertmanager'] as const;

/** The first of the names that PATH has; undefined when none is installed. */
export function findProgram(names: readonly string[], path = process.env.PATH ?? ''): string | undefined {
  const candidates = names.flatMap((name) => path.split(delimiter).map((folder) => join(folder, name)));
  return candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

export interface Monitoring {
  readonly prometheusUrl: string;
  /** Null without an Alertmanager. */
  readonly alertmanagerUrl: string | null;
  stop(): Promise<void>;
  /** For exit handlers. */
  killNow(): void;
}

export interface MonitoringOptions {
  readonly directory: string;
  /** What is scraped: base URLs by service. */
  readonly targets: Readonly<Record<string, string>>;
  /** Where alerts go: base URLs of gateways, of which each gets every alert. None: no Alertmanager. */
  readonly gateways: readonly string[];
  /** Name under which the alerts come. */
  readonly source: string;
}

/** @throws Error when Prometheus is not installed or does not get ready */
export async function startMonitoring(options: MonitoringOptions): Promise<Monitoring> {
  const prometheus = findProgram(PROMETHEUS_NAMES);
  if (prometheus === undefined) throw new Error('prometheus is not installed: npm run install-prometheus');
  const alertmanager = options.gateways.length > 0 ? findProgram(ALERTMANAGER_NAMES) : undefined;
  const [port = 0, alertPort = 0] = await freePorts(2);
  const folder = join(options.directory, 'monitoring');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const alertAddress = `127.0.0.1:${alertPort}`;
  writeFileSync(join(folder, 'rules.json'), JSON.stringify(rules(options.source)));
  writeFileSync(
    join(folder, 'prometheus.json'),
    JSON.stringify(prometheusConfig(options.targets, alertmanager && alertAddress)),
  );
  writeFileSync(join(folder, 'alertmanager.json'), JSON.stringify(alertmanagerConfig(options.gateways)));
  const children = [start(prometheus, folder, prometheusArguments(port))];
  if (alertmanager) children.push(start(alertmanager, folder, alertmanagerArguments(alertAddress)));
  const killNow = (): void => {
    for (const child of children) child.kill('SIGKILL');
  };
  const monitoring: Monitoring = {
    prometheusUrl: `http://127.0.0.1:${port}`,
    alertmanagerUrl: alertmanager ? `http://${alertAddress}` : null,
    killNow,
    stop: async () => {
      const running = children.filter(
        ({ pid, exitCode, signalCode }) => pid && exitCode === null && signalCode === null,
      );
      const ended = running.map((child) => new Promise((done) => child.once('exit', done)));
      killNow();
      await Promise.all(ended);
    },
  };
  try {
    const urls = [monitoring.prometheusUrl, monitoring.alertmanagerUrl].filter((url) => url !== null);
    await Promise.all(urls.map((url) => ready(url, folder)));
  } catch (error) {
    await monitoring.stop();
    throw error;
  }
  return monitoring;
}

/** JSON is YAML: both programs read it. */
function prometheusConfig(targets: Readonly<Record<string, string>>, alertmanager: string | undefined): object {
  return {
    global: { scrape_interval: '1s', scrape_timeout: '900ms', evaluation_interval: '1s' },
    rule_files: ['rules.json'],
    ...(alertmanager && { alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] } }),
    scrape_configs: [
      {
        job_name: 'lab',
        static_configs: Object.entries(targets).map(([service, url]) => ({
          targets: [new URL(url).host],
          labels: { service },
        })),
      },
    ],
  };
}

/** The same objectives as slo.ts, in the words of Prometheus. */
function rules(source: string): object {
  const histogram = 'http_server_request_duration_seconds';
  const rate = (suffix: string, match = ''): string =>
    `sum by (http_route) (rate(${histogram}_${suffix}{service="${ENTRY}"${match}}[10s]))`;
  const rule = (alert: string, metric: string, expr: string, summary: string, wait = '2s'): object => ({
    alert,
    expr,
    for: wait,
    labels: { service: ENTRY, metric, severity: 'page', source },
    annotations: { summary },
  });
  const failing = `max(${rate('count', ', http_response_status_code=~"5.."')} / ${rate('count')}) > 0.12`;
  const slow = `max(1 - ${rate('bucket', `, le="${SLOW_MS / 1_000}"`)} / ${rate('count')}) > 0.2`;
  return {
    groups: [
      {
        name: 'entry-slo',
        rules: [
          rule('EntryErrorBurn', SLO_METRICS.errors, failing, `Requests at ${ENTRY} fail`),
          rule('EntryLatencyBurn', SLO_METRICS.latency, slow, `Requests at ${ENTRY} take longer than ${SLOW_MS} ms`),
          rule('EntryDown', SLO_METRICS.errors, `up{service="${ENTRY}"} == 0`, `${ENTRY} does not answer`, '3s'),
        ],
      },
    ],
  };
}

function alertmanagerConfig(gateways: readonly string[]): object {
  return {
    route: { receiver: 'agents', group_by: ['service'], group_wait: '0s', group_interval: '5s', repeat_interval: '1h' },
    receivers: [
      {
        name: 'agents',
        webhook_configs: gateways.map((url) => ({ url: `${url}/api/alerts/alertmanager`, send_resolved: false })),
      },
    ],
  };
}

const prometheusArguments = (port: number): readonly string[] => [
  '--config.file=prometheus.json',
  '--storage.tsdb.path=data',
  '--storage.tsdb.retention.time=6h',
  `--web.listen-address=127.0.0.1:${port}`,
  '--log.level=warn',
];

const alertmanagerArguments = (address: string): readonly string[] => [
  '--config.file=alertmanager.json',
  '--storage.path=alerts',
  `--web.listen-address=${address}`,
  '--cluster.listen-address=',
  '--log.level=warn',
];

function start(program: string, folder: string, args: readonly string[]): ChildProcess {
  const log = openSync(join(folder, 'monitoring.log'), 'a');
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', log, log] });
  closeSync(log);
  child.on('error', () => {});
  return child;
}

async function ready(url: string, folder: string): Promise<void> {
  const end = Date.now() + READY_MS_MAX;
  while (Date.now() < end) {
    const answer = await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((done) => setTimeout(done, POLL_MS));
  }
  throw new Error(`${url} does not get ready, see ${join(folder, 'monitoring.log')}`);
}

/** How agents of a testnet read this lab: the project's own preset, with the lab's addresses and its short windows. */
export function writeTelemetryConfig(file: string, prometheusUrl: string, collectorUrl: string): void {
  const preset = JSON.parse(readFileSync(TELEMETRY_PRESET, 'utf8')) as { prometheus: object };
  const config = {
    window: { ...ALERT_WINDOW, stepMs: 1_000 },
    prometheus: { ...preset.prometheus, url: prometheusUrl, nodeLabels: ['service'], rateWindowMs: 5_000 },
    otlp: { url: collectorUrl },
  };
  writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`);
}
