/** What a node's processor time goes into: a short CPU profile of a running process, by package and room. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import { waitFor } from '../testnet/api.ts';
import type { Testnet } from '../testnet/testnet.ts';

/** Makes a node's inspector, when a signal opens it, take any free port. To stand in NODE_OPTIONS when nodes start. */
export const INSPECTABLE = '--inspect-port=0';
const OPEN_MS_MAX = 10_000;
const SAMPLING_US = 500;
/**
 * What one sample counts at most. A thread that the system does not let run is not sampled either: all the time that it
 * waited for a processor would go to whatever it did first when it got one.
 */
const SAMPLE_US_MAX = 2 * SAMPLING_US;

const profileSchema = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.number() }),
      children: z.array(z.number()).optional(),
    }),
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});
/** As the inspector's `Profiler.stop` gives it; time deltas are microseconds. */
export type CpuProfile = z.infer<typeof profileSchema>;

export interface Part {
  readonly name: string;
  /** Of the time that the thread was busy, 0 to 1. */
  readonly share: number;
}

export interface Breakdown {
  /** Of the profiled time. */
  readonly busy: number;
  readonly rooms: readonly Part[];
  readonly functions: readonly Part[];
}

/** The package, room or builtin that a script belongs to. */
export function roomOf(url: string): string {
  const installed = url.split('/node_modules/').at(-1) ?? '';
  if (url.includes('/node_modules/'))
    return installed
      .split('/')
      .slice(0, installed.startsWith('@') ? 2 : 1)
      .join('/');
  const builtin = /^node:(?:internal\/)?([^/]+)/.exec(url)?.[1];
  if (builtin !== undefined) return `node:${builtin}`;
  const [, workspace = '', room = ''] = /\/(node|agent-runtime)\/src\/([^/]+)/.exec(url) ?? [];
  return workspace === '' ? 'other' : `${workspace}/${room}`;
}

const SPECIAL: Readonly<Record<string, string>> = {
  '(garbage collector)': 'garbage collection',
  '(program)': 'native code and system calls',
};

const byShare = (micros: ReadonlyMap<string, number>, busy: number): readonly Part[] =>
  [...micros].map(([name, value]) => ({ name, share: value / busy })).sort((a, b) => b.share - a.share);

/** Self time by room and by function. Native functions count for the JavaScript that called them. */
export function breakdownOf({ nodes, samples, timeDeltas }: CpuProfile): Breakdown {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const placed = (id: number): CpuProfile['nodes'][number] | undefined => {
    let node = byId.get(id);
    while (node && node.callFrame.url === '') node = byId.get(parents.get(node.id) ?? -1);
    return node;
  };
  const rooms = new Map<string, number>();
  const functions = new Map<string, number>();
  let all = 0;
  let busy = 0;
  for (const [index, id] of samples.entries()) {
    const micros = Math.min(timeDeltas[index] ?? 0, SAMPLE_US_MAX);
    all += micros;
    const own = byId.get(id)?.callFrame.functionName ?? '';
    if (own === '(idle)') continue;
    busy += micros;
    const frame = placed(id)?.callFrame;
    const room = SPECIAL[own] ?? roomOf(frame?.url ?? '');
    rooms.set(room, (rooms.get(room) ?? 0) + micros);
    const name =
      SPECIAL[own] ??
      `${frame?.functionName || 'anonymous'} (${basename(frame?.url ?? '')}:${(frame?.lineNumber ?? 0) + 1})`;
    functions.set(name, (functions.get(name) ?? 0) + micros);
  }
  return { busy: all === 0 ? 0 : busy / all, rooms: byShare(rooms, busy), functions: byShare(functions, busy) };
}

/** Where the inspector of a node listens. The node must have been started with `INSPECTABLE`. */
async function inspectorOf(testnet: Testnet, node: number): Promise<string> {
  testnet.signal(node, 'SIGUSR1');
  return waitFor(
    `the inspector of node ${node}`,
    OPEN_MS_MAX,
    async () => /Debugger listening on (ws:\S+)/.exec(readFileSync(testnet.logFile(node), 'utf8'))?.[1],
  );
}

/** Profiles a running node for a while. @throws TestnetError when its inspector does not open */
export async function profileNode(testnet: Testnet, node: number, forMs: number): Promise<CpuProfile> {
  const socket = new WebSocket(await inspectorOf(testnet, node));
  const answers = new Map<number, (result: unknown) => void>();
  let asked = 0;
  socket.addEventListener('message', ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as { readonly id?: number; readonly result?: unknown };
    if (id !== undefined) answers.get(id)?.(result);
  });
  const ask = (method: string, params: object = {}): Promise<unknown> =>
    new Promise((resolve, reject) => {
      asked += 1;
      answers.set(asked, resolve);
      socket.addEventListener('close', () => reject(new Error('the inspector has gone')), { once: true });
      socket.send(JSON.stringify({ id: asked, method, params }));
    });
  await new Promise((opened, failed) => {
    socket.addEventListener('open', opened, { once: true });
    socket.addEventListener('error', () => failed(new Error('the inspector does not answer')), { once: true });
  });
  try {
    await ask('Profiler.enable');
    await ask('Profiler.setSamplingInterval', { interval: SAMPLING_US });
    await ask('Profiler.start');
    await new Promise((done) => setTimeout(done, forMs));
    return z.object({ profile: profileSchema }).parse(await ask('Profiler.stop')).profile;
  } finally {
    socket.close();
  }
}
