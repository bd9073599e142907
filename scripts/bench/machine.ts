/** What this process and the whole machine take of the processor, so that a run says what it was disturbed by. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

export interface MachineSample {
  /** Processor seconds of this process, the load, so far. */
  readonly ownSeconds: number;
  /** Processor seconds of everything on the machine, and those it had to give; NaN where the system has no /proc. */
  readonly busySeconds: number;
  readonly allSeconds: number;
}

/** Cores that processes here may use. */
export const CORES = availableParallelism();

/**
 * Busy and all time of the first line of /proc/stat, in clock ticks: user, nice, system, idle, iowait, irq, softirq,
 * steal. Time that the host gave to others (steal) is neither.
 */
export function ticksOf(stat: string): { readonly busy: number; readonly all: number } {
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, soft = 0] =
    /^cpu +(.*)$/m.exec(stat)?.[1]?.split(' ').map(Number) ?? [];
  const busy = user + nice + system + irq + soft;
  return { busy, all: busy + idle + wait };
}

/** Ticks of /proc/stat in a second: fixed by the kernel's interface on every platform that this runs on. */
const TICKS_PER_SECOND = 100;

export function sampleMachine(): MachineSample {
  const { user, system } = process.cpuUsage();
  const ownSeconds = (user + system) / 1_000_000;
  try {
    const { busy, all } = ticksOf(readFileSync('/proc/stat', 'utf8'));
    return { ownSeconds, busySeconds: busy / TICKS_PER_SECOND, allSeconds: all / TICKS_PER_SECOND };
  } catch {
    return { ownSeconds, busySeconds: Number.NaN, allSeconds: Number.NaN };
  }
}
