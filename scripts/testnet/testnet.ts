/**
 * A local testnet: one process a node (seven by default) on this machine, their files in one folder. What is known of the processes stands
 * in `testnet.json` there, so that any later command finds them. Attached testnets (`npm start`, the tests) end with
 * the process that started them, however it ends; detached ones (`testnet up`) stay.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { createNetwork, type NodeSettings, type Placement } from './files.ts';
import { createObserver } from './observer-files.ts';
import { freePorts, GATEWAY_PORT, P2P_PORT, takenPorts } from './ports.ts';
import { makeNodeProgram, nodeProgram } from './program.ts';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const EXPLORER_DIST = join(ROOT, 'explorer/dist');
export const NODES = [1, 2, 3, 4, 5, 6, 7] as const;

/** Compiled modules, shared by the seven processes: they start faster and hold less. */
const COMPILE_CACHE = join(ROOT, 'node_modules/.cache/dao-gov');

/** Heap bound of one node in MiB: seven of them and their native memory fit a small machine. */
const HEAP_MIB = 160;
/** How much memory the JavaScript of one node may take. */
export const HEAP_FLAGS: readonly string[] = [`--max-old-space-size=${HEAP_MIB}`, '--max-semi-space-size=16'];

const recordSchema = z.strictObject({
  gatewayPorts: z.array(z.number().int()).min(1),
  p2pPorts: z.array(z.number().int()).min(1),
  /** Process ids; null for a node that was stopped on purpose. */
  pids: z.array(z.number().int().nullable()).min(1),
  /** How many of the nodes, from the first, are validators; the others observe. All of them when absent. */
  validators: z.number().int().optional(),
});
type Recorded = z.infer<typeof recordSchema>;

export class TestnetError extends Error {
  override readonly name = 'TestnetError';
}

export interface UpOptions {
  readonly directory: string;
  /** A capture folder, or a folder of them. */
  readonly captures: string;
  /** Configuration of live telemetry, for alerts that are in no capture. */
  readonly telemetry?: string;
  /** What the agents do beyond their steps (config/agent-policy.json). */
  readonly policy?: string;
  readonly attached: boolean;
  /** `free` takes any free ports: what tests do. */
  readonly ports?: 'default' | 'free';
  /** Keeps keys and chain of an earlier run in the same folder. */
  readonly keep?: boolean;
  readonly reasoner?: 'builtin' | 'openai';
  /** Overrides parameters of the preset; tests shorten windows. */
  readonly preset?: string;
  /** Nodes, 4 to 25; those beyond seven keep the chain only. */
  readonly validators?: number;
  readonly settings?: NodeSettings;
  /** Nodes whose agent lives in their process; all seven when absent. */
  readonly agents?: readonly number[];
}

/** Milliseconds between two looks at whether a starting node answers, and after which the next one starts anyway. */
const ANSWER_LOOK_MS = 100;
const ANSWER_MS_MAX = 30_000;

export class Testnet {
  readonly directory: string;
  private readonly recorded: Recorded;
  private readonly attached: boolean;
  private readonly children = new Map<number, ChildProcess>();

  private constructor(directory: string, recorded: Recorded, attached: boolean) {
    this.directory = directory;
    this.recorded = recorded;
    this.attached = attached;
  }

  /** Numbers of the nodes: 1, 2, …; the validators first. */
  get nodes(): readonly number[] {
    return this.recorded.gatewayPorts.map((_, index) => index + 1);
  }

  /** Numbers of the full nodes that do not validate. */
  get observers(): readonly number[] {
    return this.nodes.slice(this.recorded.validators ?? this.nodes.length);
  }

  /** Makes the files where they are missing and starts all nodes. @throws TestnetError */
  static async up(options: UpOptions): Promise<Testnet> {
    const testnet = await Testnet.create(options);
    await testnet.startAll(testnet.nodes.length);
    return testnet;
  }

  /** Makes the files where they are missing and starts nothing. @throws TestnetError */
  static async create(options: UpOptions): Promise<Testnet> {
    const directory = resolve(options.directory);
    const known = Testnet.read(directory);
    if (known?.pids.some((pid, index) => pid !== null && isNode(pid, directory, index + 1))) {
      throw new TestnetError(`a testnet is running in ${directory}: npm run testnet -- down`);
    }
    const keep = options.keep === true && known !== undefined;
    const recorded = keep ? known : await Testnet.make(directory, options);
    await makeNodeProgram();
    const pids = recorded.gatewayPorts.map(() => null);
    return new Testnet(directory, { ...recorded, pids }, options.attached);
  }

  /** Starts all nodes, so many of them at a time: the next one when one of them answers. */
  async startAll(atOnce: number): Promise<void> {
    const waiting = [...this.nodes];
    const startOneByOne = async (): Promise<void> => {
      for (let node = waiting.shift(); node !== undefined; node = waiting.shift()) {
        this.start(node);
        if (waiting.length > 0) await this.answers(node);
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, waiting.length) }, startOneByOne));
  }

  /** Resolves when the node's gateway answers, when its process has ended, or when that takes too long. */
  private async answers(node: number): Promise<void> {
    const end = Date.now() + ANSWER_MS_MAX;
    while (Date.now() < end && this.pid(node) !== null) {
      try {
        if ((await fetch(`${this.url(node)}/live`, { signal: AbortSignal.timeout(ANSWER_MS_MAX) })).ok) return;
      } catch {
        // It does not listen yet.
      }
      await new Promise((done) => setTimeout(done, ANSWER_LOOK_MS));
    }
  }

  private static async make(directory: string, options: UpOptions): Promise<Recorded> {
    const count = options.validators ?? NODES.length;
    const free = options.ports === 'free' ? await freePorts(count * 2) : [];
    const portOf = (offset: number, first: number) => (index: number) => free[offset + index] ?? first + index;
    const indices = Array.from({ length: count }, (_, index) => index);
    const gatewayPorts = indices.map(portOf(0, GATEWAY_PORT));
    const p2pPorts = indices.map(portOf(count, P2P_PORT));
    const taken = await takenPorts([...gatewayPorts, ...p2pPorts]);
    if (taken.length > 0) {
      throw new TestnetError(`ports in use: ${taken.join(', ')}. Stop what holds them, or add --ports free`);
    }
    rmSync(directory, { recursive: true, force: true });
    const host = '127.0.0.1';
    const placement: Placement = {
      p2p: (index) => ({ host, port: p2pPorts[index] ?? 0, address: `/ip4/${host}/tcp/${p2pPorts[index]}` }),
      gateway: (index) => ({ host, port: gatewayPorts[index] ?? 0, url: `http://${host}:${gatewayPorts[index]}` }),
      dataDirectory: 'data',
      preset: 'local',
      captures: resolve(options.captures),
      ...(options.telemetry !== undefined && { telemetry: resolve(options.telemetry) }),
      ...(options.policy !== undefined && { policy: resolve(options.policy) }),
      explorer: EXPLORER_DIST,
      reasoner: options.reasoner ?? 'builtin',
      adminToken: false,
      ...(options.agents !== undefined && { agents: options.agents }),
      ...options.settings,
    };
    createNetwork(directory, options.preset ?? join(ROOT, 'config/testnet.json'), placement, count);
    return { gatewayPorts, p2pPorts, pids: indices.map(() => null) };
  }

  /**
   * Adds a full node that does not validate and starts it: it joins from the genesis and follows.
   * @param ports `default` continues the row of ports, or takes free ones where those are in use
   * @returns its number
   */
  async observe(ports: 'default' | 'free' = 'default'): Promise<number> {
    const node = this.nodes.length + 1;
    const inRow = [GATEWAY_PORT + node - 1, P2P_PORT + node - 1];
    const free = ports === 'free' || (await takenPorts(inRow)).length > 0;
    const [gatewayPort = 0, p2pPort = 0] = free ? await freePorts(2) : inRow;
    createObserver(this.directory, node, { host: '127.0.0.1', gatewayPort, p2pPort });
    this.recorded.validators ??= this.nodes.length;
    this.recorded.gatewayPorts.push(gatewayPort);
    this.recorded.p2pPorts.push(p2pPort);
    this.recorded.pids.push(null);
    this.start(node);
    return node;
  }

  private static read(directory: string): Recorded | undefined {
    const file = join(directory, 'testnet.json');
    if (!existsSync(file)) return undefined;
    const parsed = recordSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data : undefined;
  }

  /** The testnet of an earlier `up`. @throws TestnetError when there is none */
  static open(directory: string): Testnet {
    const recorded = Testnet.read(resolve(directory));
    if (!recorded) throw new TestnetError(`no testnet in ${directory}: npm run testnet -- up`);
    return new Testnet(resolve(directory), recorded, false);
  }

  private save(): void {
    writeFileSync(join(this.directory, 'testnet.json'), `${JSON.stringify(this.recorded, null, 2)}\n`);
  }

  url(node: number): string {
    return `http://127.0.0.1:${this.recorded.gatewayPorts[node - 1]}`;
  }

  pid(node: number): number | null {
    const pid = this.recorded.pids[node - 1] ?? null;
    return pid !== null && isNode(pid, this.directory, node) ? pid : null;
  }

  logFile(node: number): string {
    return join(this.directory, `node-${node}`, 'node.log');
  }

  /** Where a node keeps a secret: its wallet's, or its validator's. */
  keyFile(node: number, key: 'wallet' | 'validator'): string {
    return join(this.directory, `node-${node}`, `${key}.key`);
  }

  configFile(node: number): string {
    return join(this.directory, `node-${node}`, 'config.json');
  }

  /**
   * Starts one node; it joins, catches up and goes on by itself.
   * @param program another build of a node, for tests
   * @throws TestnetError when it runs already
   */
  start(node: number, program = nodeProgram()): void {
    if (this.pid(node) !== null) throw new TestnetError(`node ${node} is running`);
    mkdirSync(dirname(this.logFile(node)), { recursive: true });
    const log = openSync(this.logFile(node), 'a');
    const child = spawn(process.execPath, [...HEAP_FLAGS, program, this.configFile(node)], {
      cwd: ROOT,
      detached: !this.attached,
      // The channel's end tells an attached node that whoever started it is gone.
      stdio: this.attached ? ['ignore', log, log, 'ipc'] : ['ignore', log, log],
      env: {
        ...process.env,
        NODE_NO_WARNINGS: '1',
        NODE_COMPILE_CACHE: COMPILE_CACHE,
        ...(this.attached && { DAO_GOV_ATTACHED: '1' }),
      },
    });
    closeSync(log);
    if (this.attached) this.children.set(node, child);
    else child.unref();
    child.on('error', () => {});
    this.recorded.pids[node - 1] = child.pid ?? null;
    this.save();
  }

  /** Sends a signal to one node's process, by its own id. Returns false when it does not run. */
  signal(node: number, signal: NodeJS.Signals): boolean {
    const pid = this.pid(node);
    if (pid === null) return false;
    process.kill(pid, signal);
    return true;
  }

  /** Freezes one node's process where it stands. Returns false when it does not run. */
  pause(node: number): boolean {
    return this.signal(node, 'SIGSTOP');
  }

  /** Lets a paused node go on. Returns false when it does not run. */
  resume(node: number): boolean {
    return this.signal(node, 'SIGCONT');
  }

  /** Cuts one node off from all others; its gateway goes on. Holds over a restart. Returns false when it does not run. */
  disconnect(node: number): boolean {
    if (this.pid(node) === null) return false;
    mkdirSync(dirname(this.isolationFile(node)), { recursive: true });
    writeFileSync(this.isolationFile(node), '');
    return this.signal(node, 'SIGUSR2');
  }

  /** Joins one node again with the others. Returns false when it was not cut off. */
  heal(node: number): boolean {
    if (!existsSync(this.isolationFile(node))) return false;
    rmSync(this.isolationFile(node));
    this.signal(node, 'SIGUSR2');
    return true;
  }

  /** What the node looks for when it starts and on SIGUSR2 (node/src/bin/isolation.ts). */
  private isolationFile(node: number): string {
    return join(this.directory, `node-${node}`, 'data', 'isolated');
  }

  /** Ends one node and waits until its process is gone. */
  async stop(node: number, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<boolean> {
    if (!this.signal(node, signal)) return false;
    if (signal === 'SIGTERM') this.signal(node, 'SIGCONT');
    await this.gone(node, 10_000).catch(() => this.signal(node, 'SIGKILL'));
    await this.gone(node, 10_000);
    this.recorded.pids[node - 1] = null;
    this.save();
    return true;
  }

  private async gone(node: number, withinMs: number): Promise<void> {
    const end = Date.now() + withinMs;
    while (this.pid(node) !== null) {
      if (Date.now() > end) throw new TestnetError(`node ${node} does not end`);
      await new Promise((done) => setTimeout(done, 20));
    }
  }

  async down(): Promise<void> {
    await Promise.all(this.nodes.map((node) => this.stop(node)));
  }

  /** Ends all nodes without a chance to say goodbye: for exit handlers, where nothing can be awaited. */
  killNow(): void {
    for (const node of this.nodes) this.signal(node, 'SIGKILL');
  }
}

/** Guards against a process id that meanwhile belongs to something else. */
function isNode(pid: number, directory: string, node: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    if (stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')) return false;
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(join(directory, `node-${node}`, 'config.json'));
  } catch {
    return true; // no /proc on this platform
  }
}
