/** The process of a lab that stays up (`lab up`). Says where it is in `lab.json`, and ends by its control endpoint. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startControl } from './control.ts';
import { Lab } from './lab.ts';
import { type LabSettings, labOptionsOf } from './options.ts';
import { findProgram, PROMETHEUS_NAMES, startMonitoring, writeTelemetryConfig } from './prometheus.ts';
import { LAB_FILE, type LabFile } from './running.ts';

type DaemonSettings = LabSettings & {
  readonly prometheus: boolean;
  readonly gateways: readonly string[];
};

const settings = JSON.parse(process.argv[2] ?? '{}') as DaemonSettings;
const { dir } = settings;
mkdirSync(dir, { recursive: true });
const lab = await Lab.start(labOptionsOf(settings));
process.on('exit', () => lab.killNow());

const wanted = settings.prometheus && findProgram(PROMETHEUS_NAMES) !== undefined;
const monitoring = wanted
  ? await startMonitoring({ directory: dir, targets: lab.addresses, gateways: settings.gateways, source: 'lab' })
  : undefined;
process.on('exit', () => monitoring?.killNow());

const telemetry = monitoring ? join(dir, 'telemetry.json') : null;
if (monitoring && telemetry) writeTelemetryConfig(telemetry, monitoring.prometheusUrl, lab.collector.url);

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  rmSync(join(dir, LAB_FILE), { force: true });
  await monitoring?.stop();
  await lab.stop();
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());

const control = await startControl(lab, () => void stop());
const file: LabFile = {
  pid: process.pid,
  control: control.url,
  prometheus: monitoring?.prometheusUrl ?? null,
  alertmanager: monitoring?.alertmanagerUrl ?? null,
  telemetry,
};
writeFileSync(join(dir, LAB_FILE), `${JSON.stringify(file, null, 2)}\n`);
