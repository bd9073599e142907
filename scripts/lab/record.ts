/**
 * Records captures of one lab, one after the other. What is ordinary before a fault is the quiet time that follows the
 * recovery from the one before: it is watched, and cut out of what was observed once it was long enough.
 */
import { join } from 'node:path';
import { type Fault, hostOf, truthOf } from './faults.ts';
import type { Lab } from './lab.ts';
import { disturbance, MachineWatch } from './machine-watch.ts';
import { writeCapture } from './observe/capture-writer.ts';
import { Observation } from './observe/observation.ts';
import { captureId, type Recording } from './plan.ts';
import { type Random, seeded, seedOf } from './random.ts';
import { reportOf, type SloAlert } from './slo.ts';
import { EDGES, ENTRY, QUEUE, SYSTEM } from './system.ts';

export type Timing = {
  /** Quiet operation before the fault. */
  readonly normalMs: number;
  /** Longest that a fault may take to raise an alert; then somebody reports it. */
  readonly faultMs: number;
  /** What is still recorded after the alert. */
  readonly afterMs: number;
};

export type Recorded = {
  readonly id: string;
  readonly alertedBy: 'slo' | 'report';
  readonly secondsToAlert: number;
  /** Why the machine, and not the fault, may be what the capture shows; null when it was quiet. */
  readonly disturbed: string | null;
};

const CHECK_EVERY_MS = 250;
/** Rates are means over the last seconds: so long after a trouble they still tell of it. */
const SETTLE_MS = 5_000;
/** Share of users who may have bad luck in quiet times. */
const BAD_SHARE_MAX = 0.08;
const QUEUE_DEPTH_MAX = 3;
/** A system that is not quiet by then needs to be started anew. */
const QUIET_WAIT_MS_MAX = 240_000;
/** Exporters send once a second: what happened in the window is here a moment later. */
const EXPORTED_MS = 1_500;
/** Harmless slowness of a bystander, so that not every irregularity is a symptom. */
const HICCUP = { everyMs: 14_000, lastMs: 2_500, medianMs: 45 } as const;
/** Faults that leave their process in a state that only a fresh one is rid of. */
const SCARRING: readonly string[] = ['memory', 'pool', 'crash'];

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

export class RestlessError extends Error {
  override readonly name = 'RestlessError';
}

export class Recorder {
  readonly #lab: Lab;
  readonly #timing: Timing;
  readonly #observation: Observation;
  readonly #machine: MachineWatch;

  constructor(lab: Lab, timing: Timing) {
    this.#lab = lab;
    this.#timing = timing;
    this.#observation = new Observation(lab, QUIET_WAIT_MS_MAX);
    this.#machine = new MachineWatch(lab);
  }

  stop(): void {
    this.#observation.stop();
    this.#machine.stop();
  }

  /** Records one capture into a folder of its own below `out`. @throws RestlessError when the system is never quiet */
  async record(recording: Recording, out: string): Promise<Recorded> {
    const { fault, seed } = recording;
    const id = captureId(recording);
    const random = seeded(seed ^ seedOf(id));
    this.#lab.load.start(seed);
    const hiccups = startHiccups(this.#lab, fault, random);
    try {
      await this.#quiet();
      const injectedMs = Date.now();
      const fromMs = injectedMs - this.#timing.normalMs;
      hiccups.fault = fault;
      this.#machine.except = hostOf(fault);
      this.#lab.setFaults([fault]);
      const { alertedBy, ...alert } = await this.#alert(fault, random);
      await pause(this.#timing.afterMs);
      const toMs = Date.now();
      const machine = this.#machine.worstSince(fromMs);
      hiccups.stop();
      this.#recover(fault);
      await pause(EXPORTED_MS);
      const secondsToAlert = (alert.atMs - injectedMs) / 1_000;
      const disturbed = disturbance(machine) ?? null;
      const injectedAt = new Date(injectedMs).toISOString();
      const notes = { fault, seed, injectedAt, alertedBy, secondsToAlert, ...machine, disturbed };
      const head = { id, alert, fromMs, toMs, edges: EDGES };
      const answer = { truth: truthOf(fault, alert.node), notes };
      writeCapture(join(out, id), head, this.#observation.cut(fromMs, toMs), answer);
      this.#observation.forget();
      return { id, alertedBy, secondsToAlert, disturbed };
    } finally {
      hiccups.stop();
      this.#machine.except = undefined;
      this.#lab.setFaults([]);
    }
  }

  /** Waits for quiet time of the length wanted; it begins anew with every trouble. */
  async #quiet(): Promise<void> {
    const giveUpMs = Date.now() + QUIET_WAIT_MS_MAX;
    let sinceMs = Date.now();
    while (Date.now() - sinceMs < SETTLE_MS + this.#timing.normalMs) {
      if (Date.now() > giveUpMs) throw new RestlessError(`not quiet within ${QUIET_WAIT_MS_MAX / 1_000} s`);
      const checkedMs = Date.now();
      await pause(CHECK_EVERY_MS);
      if (this.#isTroubled(checkedMs)) sinceMs = Date.now();
    }
    this.#lab.slo.reset();
  }

  #isTroubled(checkedMs: number): boolean {
    const nowMs = Date.now();
    const { slo } = this.#lab;
    if (disturbance(this.#machine.worstSince(checkedMs)) !== undefined || slo.check(nowMs) !== undefined) return true;
    if (slo.badShare(nowMs, SETTLE_MS) > BAD_SHARE_MAX || this.#observation.down.length > 0) return true;
    return (this.#observation.latest(QUEUE, 'queue_depth') ?? 0) > QUEUE_DEPTH_MAX;
  }

  async #alert(fault: Fault, random: Random): Promise<SloAlert & { readonly alertedBy: Recorded['alertedBy'] }> {
    const { faultMs } = this.#timing;
    const isFalse = fault.name === 'none';
    // Without a fault nothing burns: somebody raises a false alarm at some time.
    const end = Date.now() + (isFalse ? faultMs * (0.2 + 0.6 * random.next()) : faultMs);
    while (Date.now() < end) {
      await pause(CHECK_EVERY_MS);
      const alert = isFalse ? undefined : this.#lab.slo.check(Date.now());
      if (alert) return { ...alert, alertedBy: 'slo' };
    }
    return { ...reportOf(Date.now()), alertedBy: 'report' };
  }

  #recover(fault: Fault): void {
    this.#lab.setFaults([]);
    if (SCARRING.includes(fault.name)) this.#lab.restart(hostOf(fault));
  }
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
