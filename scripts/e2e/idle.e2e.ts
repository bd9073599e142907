/** What seven nodes cost while nothing happens. Processor time and memory of the processes, not wall time. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NODES } from '../testnet/testnet.ts';
import { type Fixture, raiseIncident, startTestnet, untilState } from './support.ts';

const IDLE_MS = 15_000;
const linux = existsSync('/proc/self/stat');

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startTestnet();
});
afterAll(() => fixture?.end());

/** Processor seconds that a process has used so far. */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return ticks / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
}

const residentMib = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;

const pids = (): number[] => NODES.map((node) => fixture.testnet.pid(node) ?? 0);

describe.skipIf(!linux)('seven idle nodes', () => {
  it('take under 15 % of one core and under 200 MB each, also after an incident', async () => {
    const client = fixture.client(1);
    await untilState(client, await raiseIncident(client), 'Finalized');
    // The analysis threads end a while after their last work.
    await new Promise((done) => setTimeout(done, 12_000));
    const before = pids().map(cpuSeconds);
    const { height } = await client.chain();
    await new Promise((done) => setTimeout(done, IDLE_MS));
    const used = pids().map((pid, index) => cpuSeconds(pid) - (before[index] ?? 0));
    const percent = (used.reduce((sum, seconds) => sum + seconds, 0) / IDLE_MS) * 100_000;
    const memory = pids().map(residentMib);
    console.info(
      `idle: ${percent.toFixed(1)} % of one core, resident ${memory.map((mib) => mib.toFixed(0)).join(' ')} MiB`,
    );
    expect(percent).toBeLessThan(15);
    expect(Math.max(...memory)).toBeLessThan(200);
    expect((await client.chain()).height - height).toBeLessThanOrEqual(4);
  });
});
