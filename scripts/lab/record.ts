/** Records captures: a while of ordinary operation, a fault, the alert that it raises, and a while after. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Span } from '@dao-gov/agent-runtime/telemetry';
import { type Fault, faultAt, faultInfo, hostOf, truthOf } from './faults.ts';
import type { Lab } from './lab.ts';
import { writeCapture } from './observe/capture-writer.ts';
import { type Row, Scraper } from './observe/scraper.ts';
import { type Random, seeded, seedOf } from './random.ts';
import { reportOf, SLOW_MS, type SloAlert } from './slo.ts';
import { EDGES, ENTRY, SYSTEM } from './system.ts';

export type Timing = {
  /** Ordinary operation before the fault. */
  readonly normalMs: number;
  /** Longest that a fault may take to raise an alert; then somebody reports it. */
  readonly faultMs: number;
  /** What is still recorded after the alert. */
  readonly afterMs: number;
  /** Between two captures, for the system to be itself again. */
  readonly restMs: number;
};

export type Recording = { readonly fault: Fault; readonly seed: number };

export type Recorded = {
  readonly id: string;
  readonly folder: string;
  readonly fault: Fault;
  readonly seed: number;
  readonly alert: SloAlert;
  readonly alertedBy: 'slo' | 'report';
  readonly secondsToAlert: number;
  /** Why the machine, and not the fault, may be what the capture shows; null when it was quiet. */
  readonly disturbed: string | null;
};

const CHECK_EVERY_MS = 250;
/** The lab's own process was kept from running as long as users call slow: so were the services. */
const STALL_MS_MAX = SLOW_MS;
const NANOS_PER_MS = 1_000_000;
/** Harmless slowness of a bystander, so that not every irregularity is a symptom. */
const HICCUP = { everyMs: 14_000, lastMs: 2_500, medianMs: 45 } as const;

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** `cpu-train-7`; a link's arrow would not pass as an id. */
export const captureId = ({ fault, seed }: Recording): string =>
  `${fault.name}-${fault.target.replace('>', '-to-')}-${seed}`;

/** Every combination that applies; `*` takes all targets of a fault. @throws RangeError */
export function recordingsOf(
  faults: readonly string[],
  targets: readonly string[],
  seeds: readonly number[],
): readonly Recording[] {
  const all = targets.includes('*');
  return seeds.flatMap((seed) =>
    faults.flatMap((name) => {
      const known = faultInfo(name);
      const chosen = all ? known.targets : known.targets.filter((target) => targets.includes(target));
      return chosen.map((target) => ({ fault: faultAt(name, target), seed }));
    }),
  );
}

/** Whether a capture is there that the machine did not disturb. */
export function isRecorded(recording: Recording, out: string): boolean {
  const folder = join(out, captureId(recording));
  if (!existsSync(join(folder, 'capture.json'))) return false;
  const notes = JSON.parse(readFileSync(join(folder, 'lab.json'), 'utf8')) as { readonly disturbed?: unknown };
  return notes.disturbed === null;
}

/** Records one capture into a folder of its own below `out`. */
export async function record(lab: Lab, recording: Recording, timing: Timing, out: string): Promise<Recorded> {
  const { fault, seed } = recording;
  const id = captureId(recording);
  const rows: Row[] = [];
  const scraper = new Scraper(lab.addresses, (row) => rows.push(row));
  const random = seeded(seed ^ seedOf(id));
  lab.load.start(seed);
  lab.collector.spans.clear();
  lab.collector.logs.clear();
  scraper.start();
  const fromMs = Date.now();
  const hiccups = startHiccups(lab, fault, random);
  const stalls = monitorEventLoopDelay();
  stalls.enable();
  try {
    lab.slo.reset();
    await pause(timing.normalMs);
    const early = lab.slo.check(Date.now());
    lab.slo.reset();
    const injectedMs = Date.now();
    hiccups.fault = fault;
    lab.setFaults([fault]);
    const alert = await alertOf(lab, fault, timing.faultMs, random);
    const { alertedBy, ...slo } = alert;
    await pause(timing.afterMs);
    const toMs = Date.now();
    // Exporters send once a second: what happened in the window is here a moment later.
    await pause(1_500);
    const observed = {
      rows: rows.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs),
      spans: withRoots(lab.collector.spans.between(fromMs, toMs)),
      logs: lab.collector.logs.between(fromMs, toMs),
    };
    const folder = join(out, id);
    const secondsToAlert = (slo.atMs - injectedMs) / 1_000;
    const stallMs = Math.round(stalls.max / NANOS_PER_MS);
    const disturbed = disturbance(stallMs, early);
    const injectedAt = new Date(injectedMs).toISOString();
    const notes = { fault, seed, injectedAt, alertedBy, secondsToAlert, stallMs, disturbed };
    const head = { id, alert: slo, fromMs, toMs, edges: EDGES };
    writeCapture(folder, head, observed, { truth: truthOf(fault, slo.node), notes });
    return { id, folder, fault, seed, alert: slo, alertedBy, secondsToAlert, disturbed };
  } finally {
    stalls.disable();
    hiccups.stop();
    scraper.stop();
    await recover(lab, fault, timing.restMs);
  }
}

function disturbance(stallMs: number, early: SloAlert | undefined): string | null {
  if (stallMs > STALL_MS_MAX) return `the machine stood still for ${stallMs} ms`;
  return early === undefined ? null : `before the fault: ${early.title}`;
}

async function alertOf(
  lab: Lab,
  fault: Fault,
  withinMs: number,
  random: Random,
): Promise<SloAlert & { readonly alertedBy: Recorded['alertedBy'] }> {
  // Without a fault nothing burns: somebody raises a false alarm at some time.
  const end = Date.now() + (fault.name === 'none' ? withinMs * (0.2 + 0.6 * random.next()) : withinMs);
  while (Date.now() < end) {
    await pause(CHECK_EVERY_MS);
    const alert = fault.name === 'none' ? undefined : lab.slo.check(Date.now());
    if (alert) return { ...alert, alertedBy: 'slo' };
  }
  return { ...reportOf(Date.now()), alertedBy: 'report' };
}

/** Slows some bystander a little now and then. */
function startHiccups(lab: Lab, fault: Fault, random: Random): { stop: () => void; fault: Fault | undefined } {
  const bystanders = SYSTEM.filter(({ kind, name }) => kind === 'service' && !fault.target.split('>').includes(name));
  const state: { stop: () => void; fault: Fault | undefined } = { stop: () => {}, fault: undefined };
  let timer: NodeJS.Timeout;
  const current = (): readonly Fault[] => (state.fault === undefined ? [] : [state.fault]);
  const next = (): void => {
    timer = setTimeout(() => {
      const target = bystanders[random.below(bystanders.length)]?.name ?? ENTRY;
      lab.setFaults([...current(), { name: 'latency', target, strength: random.around(HICCUP.medianMs) }]);
      timer = setTimeout(() => {
        lab.setFaults(current());
        next();
      }, HICCUP.lastMs);
    }, random.gap(HICCUP.everyMs));
  };
  next();
  state.stop = () => clearTimeout(timer);
  return state;
}

/** Faults that leave their process in a state that only a fresh one is rid of. */
const SCARRING: readonly string[] = ['memory', 'pool', 'crash'];

async function recover(lab: Lab, fault: Fault, restMs: number): Promise<void> {
  lab.setFaults([]);
  if (SCARRING.includes(fault.name)) lab.restart(hostOf(fault));
  await pause(restMs);
  lab.slo.reset();
}

/** The user's own span is nowhere: what the entry serves is where a trace begins. */
export function withRoots(spans: readonly Span[]): readonly Span[] {
  const known = new Set(spans.map(({ spanId }) => spanId));
  return spans.map((span) =>
    span.node === ENTRY && span.parentSpanId !== null && !known.has(span.parentSpanId)
      ? { ...span, parentSpanId: null }
      : span,
  );
}
