/** Several labs side by side record what is planned: each takes the next that does not disturb the others. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { dim, green, say, yellow } from '../lib/output.ts';
import type { FaultName } from './faults.ts';
import type { LabOptions } from './lab.ts';
import { captureId, type Half, isRecorded, type Planned } from './plan.ts';
import type { Recorded, Timing } from './record.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './record-worker.ts';

const WORKER_MAIN = join(import.meta.dirname, 'record-worker.ts');
/** These take a processor: one of them at a time, so that no lab lacks one. */
const HUNGRY: readonly FaultName[] = ['cpu', 'memory', 'surge'];
/** Labs that fell or never came to rest, with no capture in between, after which something is wrong for good. */
const LOST_LABS_MAX = 6;

export type RecordAll = {
  readonly plan: readonly Planned[];
  /** Folder of the captures of a half. */
  readonly outOf: (half: Half) => string;
  readonly labs: number;
  readonly lab: LabOptions;
  readonly timing: Timing;
  /** Tries when the machine was too busy to trust a capture. */
  readonly attempts: number;
};

type Job = { readonly planned: Planned; readonly attempt: number };
type Worker = { readonly process: ChildProcess; readonly number: number; job: Job | undefined };

/** Gives the ids of captures that stayed disturbed. @throws Error when labs keep falling */
export function recordAll(options: RecordAll): Promise<readonly string[]> {
  return new Session(options).run();
}

class Session {
  readonly #options: RecordAll;
  readonly #waiting: Job[];
  readonly #workers = new Set<Worker>();
  readonly #disturbed: string[] = [];
  readonly #ended = Promise.withResolvers<readonly string[]>();
  readonly #total: number;
  #done = 0;
  #lost = 0;
  #startedMs = 0;

  constructor(options: RecordAll) {
    this.#options = options;
    this.#waiting = options.plan
      .filter((planned) => !isRecorded(planned, options.outOf(planned.half)))
      .map((planned) => ({ planned, attempt: 1 }));
    this.#total = this.#waiting.length;
  }

  async run(): Promise<readonly string[]> {
    say(`${this.#options.plan.length} captures, ${this.#total} to record`);
    if (this.#total === 0) return [];
    const end = (): void => {
      for (const { process: child } of this.#workers) child.kill('SIGTERM');
    };
    process.on('exit', end);
    // One after the other: ports that are free for one must not be found free by another.
    for (let number = 1; number <= this.#options.labs; number += 1) await this.#start(number);
    return this.#ended.promise.finally(end);
  }

  async #start(number: number): Promise<void> {
    const { lab, timing } = this.#options;
    const settings: WorkerSettings = {
      lab: { ...lab, directory: join(lab.directory, `${number}`), seed: lab.seed + number },
      timing,
    };
    const child = fork(WORKER_MAIN, [JSON.stringify(settings)], {
      env: { ...process.env, NODE_NO_WARNINGS: '1' },
    });
    const worker: Worker = { process: child, number, job: undefined };
    this.#workers.add(worker);
    await new Promise<void>((resolve) => {
      child.once('message', () => resolve());
      child.once('exit', () => resolve());
    });
    if (this.#startedMs === 0) this.#startedMs = Date.now();
    child.on('message', (message: FromWorker) => this.#heard(worker, message));
    child.on('exit', () => this.#lostLab(worker));
    if (child.exitCode !== null) return this.#lostLab(worker);
    say(dim(`lab ${number} is up`));
    this.#next(worker);
  }

  #next(worker: Worker): void {
    const isHungry = ({ planned }: Job): boolean => HUNGRY.includes(planned.fault.name);
    const busy = [...this.#workers].some(({ job }) => job !== undefined && isHungry(job));
    const fitting = this.#waiting.findIndex((job) => !busy || !isHungry(job));
    // The last few may all be hungry: better one after the other in the end than none.
    if (fitting === -1) return this.#endIfIdle();
    const [job] = this.#waiting.splice(fitting, 1);
    if (job === undefined) return;
    worker.job = job;
    const { planned } = job;
    worker.process.send({ type: 'record', planned, out: this.#options.outOf(planned.half) } satisfies ToWorker);
  }

  #heard(worker: Worker, message: FromWorker): void {
    if (message.type === 'failed') {
      say(yellow(`lab ${worker.number}: ${message.why}; it is started anew`));
      worker.process.kill('SIGTERM');
      return;
    }
    const { job } = worker;
    if (message.type !== 'recorded' || job === undefined) return;
    worker.job = undefined;
    this.#lost = 0;
    this.#took(job, message.recorded);
    for (const idle of this.#workers) if (idle.job === undefined) this.#next(idle);
  }

  #took(job: Job, recorded: Recorded): void {
    const { id, disturbed } = recorded;
    const again = disturbed !== null && job.attempt < this.#options.attempts;
    if (again) this.#waiting.unshift({ ...job, attempt: job.attempt + 1 });
    else this.#done += 1;
    if (disturbed !== null && !again) this.#disturbed.push(id);
    const { half } = job.planned;
    // What held-back captures are like is nobody's business yet.
    const what = half === 'held' ? 'held back' : `${recorded.alertedBy} after ${recorded.secondsToAlert.toFixed(1)} s`;
    const text = disturbed === null ? green('good') : yellow(disturbed);
    say(`${this.#done}/${this.#total} ${id} ${what} ${text} ${dim(this.#left())}`);
  }

  #left(): string {
    if (this.#done === 0) return '';
    const minutes = ((Date.now() - this.#startedMs) / this.#done) * ((this.#total - this.#done) / 60_000);
    return `${Math.ceil(minutes)} min left`;
  }

  #lostLab(worker: Worker): void {
    if (!this.#workers.delete(worker)) return;
    if (worker.job) {
      this.#waiting.unshift(worker.job);
      say(dim(`${captureId(worker.job.planned)} waits again`));
    }
    this.#lost += 1;
    if (this.#waiting.length === 0) return this.#endIfIdle();
    if (this.#lost > LOST_LABS_MAX)
      return this.#ended.reject(new Error(`${this.#lost} labs were lost: the machine is too busy`));
    void this.#start(worker.number);
  }

  #endIfIdle(): void {
    const idle = [...this.#workers].every(({ job }) => job === undefined);
    if (this.#waiting.length === 0 && idle) this.#ended.resolve(this.#disturbed);
  }
}
