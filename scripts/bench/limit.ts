/** What keeps a chain from taking more, as far as the machine's own figures tell. */
import type { Figures } from './measure.ts';

export interface Limit {
  readonly kind: 'processor' | 'load' | 'disturbed' | 'waiting';
  readonly says: string;
}

/** Share of all cores from which the machine counts as used up: the rest is lost in switching. */
const BUSY_SHARE = 0.88;
/** Share of one core from which a process of one thread counts as used up. */
const THREAD_SHARE = 0.9;
/** Share of all cores that other programs may take before the figures are theirs as well. */
const OTHERS_SHARE = 0.15;

type Shares = Pick<Figures, 'cores' | 'loadCores' | 'otherCores' | 'nodes'>;

export function limitOf({ cores, loadCores, otherCores, nodes }: Shares, machineCores: number): Limit {
  const known = Number.isFinite(otherCores) ? otherCores : 0;
  const used = `nodes ${cores.toFixed(2)} (${(cores / Math.max(1, nodes)).toFixed(2)} each), load ${loadCores.toFixed(2)}, others ${known.toFixed(2)} of ${machineCores} cores`;
  if (known > OTHERS_SHARE * machineCores)
    return { kind: 'disturbed', says: `other programs on this machine: ${used}` };
  if (loadCores > THREAD_SHARE) return { kind: 'load', says: `the thread that makes the load: ${used}` };
  if (cores + loadCores + known >= BUSY_SHARE * machineCores)
    return { kind: 'processor', says: `the processor: ${used}` };
  if (cores / Math.max(1, nodes) > THREAD_SHARE)
    return { kind: 'processor', says: `the one thread of each node: ${used}` };
  return { kind: 'waiting', says: `not the processor but waiting, for disks, timers or turns: ${used}` };
}
