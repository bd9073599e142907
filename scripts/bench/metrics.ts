/** What a node tells on `/metrics`, and what the system tells of its process. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Testnet } from '../testnet/testnet.ts';
import type { Histogram } from './statistics.ts';

/** Samples of the Prometheus text format by their full name, labels included. */
export function parseMetrics(text: string): ReadonlyMap<string, number> {
  const samples = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, name, value] = /^([a-z_:][^\s{]*(?:\{[^}]*\})?)\s+(\S+)/i.exec(line) ?? [];
    if (name !== undefined && value !== undefined) samples.set(name, Number(value));
  }
  return samples;
}

/** A histogram of parsed metrics by its name; empty when nothing was observed yet. */
export function histogramOf(samples: ReadonlyMap<string, number>, name: string): Histogram {
  const buckets: [number, number][] = [];
  for (const [key, count] of samples) {
    if (!key.startsWith(`${name}_bucket{`)) continue;
    const bound = /le="([^"]+)"/.exec(key)?.[1] ?? '';
    buckets.push([bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound), count]);
  }
  return buckets.sort(([a], [b]) => a - b);
}

export interface NodeSample {
  readonly metrics: ReadonlyMap<string, number>;
  /** Processor seconds so far, and resident MiB; NaN where the system has no /proc. */
  readonly cpuSeconds: number;
  readonly residentMib: number;
}

/** Milliseconds for one answer: a machine that is measured at its limit is slow to tell of it. */
const SAMPLE_MS_MAX = 60_000;

let ticksPerSecond = 0;

/** Processor seconds of a process so far, all its threads; NaN where the system has no /proc. */
export function cpuSeconds(pid: number): number {
  try {
    ticksPerSecond ||= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  } catch {
    return Number.NaN;
  }
}

/** Resident MiB of a process; NaN where the system has no /proc. */
export function residentMib(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
  } catch {
    return Number.NaN;
  }
}

/** @throws TypeError when the node does not answer */
export async function sampleNode(testnet: Testnet, node: number): Promise<NodeSample> {
  const pid = testnet.pid(node) ?? 0;
  // Before the question: a node at its limit takes its time to answer, and the window is as of now.
  const process = { cpuSeconds: cpuSeconds(pid), residentMib: residentMib(pid) };
  const response = await fetch(`${testnet.url(node)}/metrics`, { signal: AbortSignal.timeout(SAMPLE_MS_MAX) });
  return { metrics: parseMetrics(await response.text()), ...process };
}
