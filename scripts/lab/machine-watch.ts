/**
 * Whether the machine gives the lab what it needs. A processor taken by somebody else slows the services as a fault
 * does, but no truth names it: such a time is good for nothing.
 */
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Lab } from './lab.ts';
import { SLOW_MS } from './slo.ts';

/** The lab's own process was kept from running as long as users call slow: so were the services. */
const STALL_MS_MAX = SLOW_MS;
/** Mean wait for a processor at each turn. A request takes some twenty turns: more than this and users feel it. */
const WAIT_MS_MAX = 6;
/** Turns of all services together below which a mean says nothing. */
const TURNS_MIN = 50;
const NANOS_PER_MS = 1_000_000;

const SAMPLE_EVERY_MS = 1_000;
/** Longer than any capture. */
const KEEP_SAMPLES = 600;

export type MachineState = {
  readonly atMs: number;
  /** Longest that the lab's own process was kept from running, milliseconds. */
  readonly stallMs: number;
  /** Mean wait of the services at each turn on a processor, milliseconds; null where the kernel does not say. */
  readonly waitMs: number | null;
};

type Waiting = { readonly waitedNs: number; readonly turns: number };

export class MachineWatch {
  /** A service that is made to wait on purpose. */
  except: string | undefined;
  readonly #lab: Lab;
  readonly #delays = monitorEventLoopDelay();
  readonly #timer: NodeJS.Timeout;
  #before = new Map<number, Waiting>();
  #states: MachineState[] = [];

  constructor(lab: Lab) {
    this.#lab = lab;
    this.#delays.enable();
    this.#timer = setInterval(() => this.#sample(), SAMPLE_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#delays.disable();
  }

  /** The worst of each kind since then. */
  worstSince(fromMs: number): Omit<MachineState, 'atMs'> {
    const states = this.#states.filter(({ atMs }) => atMs >= fromMs);
    const waits = states.flatMap(({ waitMs }) => waitMs ?? []);
    return {
      stallMs: Math.max(0, ...states.map(({ stallMs }) => stallMs)),
      waitMs: waits.length === 0 ? null : Math.max(...waits),
    };
  }

  #sample(): void {
    const now = new Map<number, Waiting>();
    let [waitedNs, turns] = [0, 0];
    for (const { name, pid } of this.#lab.status()) {
      const waiting = pid === null ? undefined : waitingOf(pid);
      if (pid === null || waiting === undefined) continue;
      now.set(pid, waiting);
      const before = this.#before.get(pid);
      if (name === this.except || before === undefined) continue;
      waitedNs += waiting.waitedNs - before.waitedNs;
      turns += waiting.turns - before.turns;
    }
    this.#before = now;
    const stallMs = Math.round(this.#delays.max / NANOS_PER_MS);
    this.#delays.reset();
    const waitMs = turns < TURNS_MIN ? null : Number((waitedNs / NANOS_PER_MS / turns).toFixed(2));
    this.#states = [...this.#states.slice(1 - KEEP_SAMPLES), { atMs: Date.now(), stallMs, waitMs }];
  }
}

/** Why nothing recorded meanwhile is to be trusted; undefined when all was well. */
export function disturbance({ stallMs, waitMs }: Omit<MachineState, 'atMs'>): string | undefined {
  if (stallMs > STALL_MS_MAX) return `the machine stood still for ${stallMs} ms`;
  return waitMs !== null && waitMs > WAIT_MS_MAX ? `services waited ${waitMs} ms for a processor each time` : undefined;
}

/** Linux: time on a processor, time waited for one, turns (kernel, sched-stats.rst). Undefined elsewhere. */
function waitingOf(pid: number): Waiting | undefined {
  try {
    const [, waitedNs, turns] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ').map(Number);
    return waitedNs === undefined || turns === undefined ? undefined : { waitedNs, turns };
  } catch {
    return undefined;
  }
}
