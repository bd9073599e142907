/** The running lab: one process a service, restarted when it ends, with users in front and a receiver of telemetry. */
import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { type OtlpReceiver, startOtlpReceiver } from '@dao-gov/agent-runtime/telemetry';
import { freePorts } from '../testnet/ports.ts';
import { type Fault, hostOf } from './faults.ts';
import { Load, type Outcome } from './load.ts';
import type { FromService, ServiceSettings, ToService } from './service/messages.ts';
import { SloWatch } from './slo.ts';
import { ENTRY, SERVICE_NAMES } from './system.ts';

const SERVICE_MAIN = join(import.meta.dirname, 'service/main.ts');
/** MiB of one service's heap: a leak fills it within the fault. */
const HEAP_MIB = 72;
const COMPILE_CACHE = join(import.meta.dirname, '../../node_modules/.cache/dao-gov');
/** First pause before a service that ended is started again; it doubles with every end, and a long life resets it. */
const RESTART_MS = 400;
const RESTART_MS_MAX = 3_000;
const LONG_LIFE_MS = 10_000;
const START_MS_MAX = 120_000;

export type LabOptions = {
  /** Where the services' logs go. */
  readonly directory: string;
  readonly seed: number;
  /** Mean requests per second at the entry. */
  readonly rate: number;
  readonly dayMs: number;
  readonly traceShare: number;
};

type Running = {
  readonly settings: ServiceSettings;
  process: ChildProcess | undefined;
  startedMs: number;
  restarts: number;
  told: string;
};

export class Lab {
  readonly addresses: Readonly<Record<string, string>>;
  readonly collector: OtlpReceiver;
  readonly load: Load;
  readonly slo = new SloWatch();
  readonly outcomes = { total: 0, failed: 0 };
  readonly #directory: string;
  readonly #services = new Map<string, Running>();
  #faults: readonly Fault[] = [];
  #stopping = false;

  private constructor(options: LabOptions, collector: OtlpReceiver, addresses: Readonly<Record<string, string>>) {
    this.#directory = options.directory;
    this.collector = collector;
    this.addresses = addresses;
    for (const name of SERVICE_NAMES) {
      const port = Number(new URL(addresses[name] ?? '').port);
      const settings = { name, port, seed: options.seed, addresses, collector: collector.url };
      this.#services.set(name, { settings, process: undefined, startedMs: 0, restarts: 0, told: '[]' });
    }
    const url = addresses[ENTRY] ?? '';
    this.load = new Load({ ...options, url, onOutcome: (outcome) => this.#observe(outcome) });
  }

  /** Starts all services and, when they listen, the users. */
  static async start(options: LabOptions): Promise<Lab> {
    mkdirSync(join(options.directory, 'logs'), { recursive: true });
    const ports = await freePorts(SERVICE_NAMES.length);
    const addresses = Object.fromEntries(
      SERVICE_NAMES.map((name, index) => [name, `http://127.0.0.1:${ports[index] ?? 0}`]),
    );
    const lab = new Lab(options, await startOtlpReceiver(), addresses);
    try {
      await Promise.all(SERVICE_NAMES.map((name) => lab.#listening(lab.#start(name), name)));
    } catch (error) {
      await lab.stop();
      throw error;
    }
    lab.load.start();
    return lab;
  }

  get faults(): readonly Fault[] {
    return this.#faults;
  }

  /** What is injected from now on, instead of what was. */
  setFaults(faults: readonly Fault[]): void {
    this.#faults = faults.filter(({ name }) => name !== 'none');
    this.load.surge(this.#faults.find(({ name }) => name === 'surge')?.strength ?? 1);
    for (const name of SERVICE_NAMES) this.#tell(name);
  }

  /** Ends a service's process at once; it is started again, with a fresh memory. */
  restart(name: string): void {
    this.#services.get(name)?.process?.kill('SIGKILL');
  }

  /** Process id and number of restarts of each service; null while it is down. */
  status(): readonly {
    readonly name: string;
    readonly url: string;
    readonly pid: number | null;
    readonly restarts: number;
  }[] {
    return [...this.#services].map(([name, { process: child, restarts }]) => ({
      name,
      url: this.addresses[name] ?? '',
      pid: child?.pid ?? null,
      restarts,
    }));
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.load.stop();
    const ends = [...this.#services.values()].flatMap(({ process: child }) => {
      if (child === undefined) return [];
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      return [ended];
    });
    await Promise.all(ends);
    await this.collector.close();
  }

  /** For exit handlers, where nothing can be awaited. */
  killNow(): void {
    this.#stopping = true;
    for (const { process: child } of this.#services.values()) child?.kill('SIGKILL');
  }

  #observe(outcome: Outcome): void {
    this.outcomes.total += 1;
    if (!outcome.ok) this.outcomes.failed += 1;
    this.slo.add(outcome);
  }

  #tell(name: string): void {
    const service = this.#services.get(name);
    if (service === undefined) return;
    const faults = this.#faults.filter((fault) => fault.name !== 'surge' && hostOf(fault) === name);
    const text = JSON.stringify(faults);
    if (text === service.told || service.process?.connected !== true) return;
    service.told = text;
    service.process.send({ type: 'faults', faults } satisfies ToService);
  }

  #start(name: string): ChildProcess {
    const service = this.#services.get(name);
    if (service === undefined) throw new RangeError(`no service ${name}`);
    const log = openSync(join(this.#directory, 'logs', `${name}.jsonl`), 'a');
    const child = fork(SERVICE_MAIN, [JSON.stringify(service.settings)], {
      execArgv: [`--max-old-space-size=${HEAP_MIB}`, '--max-semi-space-size=4'],
      stdio: ['ignore', log, log, 'ipc'],
      env: { ...process.env, NODE_NO_WARNINGS: '1', NODE_COMPILE_CACHE: COMPILE_CACHE },
    });
    closeSync(log);
    service.process = child;
    service.startedMs = Date.now();
    service.told = '[]';
    child.on('message', (message: FromService) => {
      if (message.type === 'listening') this.#tell(name);
    });
    child.on('error', () => {});
    child.on('exit', () => this.#ended(name, child));
    return child;
  }

  #ended(name: string, child: ChildProcess): void {
    const service = this.#services.get(name);
    if (service === undefined || service.process !== child) return;
    service.process = undefined;
    if (this.#stopping) return;
    service.restarts = Date.now() - service.startedMs > LONG_LIFE_MS ? 1 : service.restarts + 1;
    const waitMs = Math.min(RESTART_MS_MAX, RESTART_MS * 2 ** (service.restarts - 1));
    setTimeout(() => {
      if (!this.#stopping) this.#start(name);
    }, waitMs);
  }

  /** @throws Error when it does not come up */
  #listening(child: ChildProcess, name: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const give = (): void => reject(new Error(`${name} does not start, see ${this.#directory}/logs/${name}.jsonl`));
      const timer = setTimeout(give, START_MS_MAX);
      child.once('exit', give);
      child.once('message', () => {
        clearTimeout(timer);
        child.off('exit', give);
        resolve();
      });
    });
  }
}
