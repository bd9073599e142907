/**
 * The analyst in a worker thread. The thread is started by the first question and ended when it has been idle for a
 * while: seven agents on one machine do not keep seven engines in memory between incidents.
 */
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Findings, MetricSeries } from '../analysis/index.ts';
import { type Analyst, remembering } from './analyst.ts';
import type {
  AnalysisReply,
  AnalysisRequest,
  AnalystAnswer,
  AnalystQuestion,
  WorkerSettings,
} from './analyst-messages.ts';
import { ANALYST_HEAP_MB_MAX, ANALYST_IDLE_MS } from './constants.ts';
import { AnalystError } from './errors.ts';
import type { AgentClock } from './ports.ts';

export interface WorkerAnalystOptions extends WorkerSettings {
  readonly clock: AgentClock;
  readonly idleMs?: number;
  /** Told what live sources could not deliver. */
  readonly onProblem?: (problem: string) => void;
}

/** Beside this file, and of its kind: both may have been made into plain JavaScript. */
const THREAD = new URL(`./analyst-thread${extname(import.meta.url)}`, import.meta.url);

type Waiting = { readonly resolve: (answer: AnalystAnswer) => void; readonly reject: (error: AnalystError) => void };

class Thread {
  readonly worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #sent = 0;

  constructor(settings: WorkerSettings, onProblem: (problem: string) => void, onIdle: () => void, onEnd: () => void) {
    this.worker = new Worker(THREAD, {
      workerData: settings,
      resourceLimits: { maxOldGenerationSizeMb: ANALYST_HEAP_MB_MAX },
    });
    // Waiting for an analysis is no reason for a process to live on.
    this.worker.unref();
    this.worker.on('message', (reply: AnalysisReply) => {
      if ('problem' in reply) return onProblem(reply.problem);
      this.#settle(reply);
      if (this.#waiting.size === 0) onIdle();
    });
    this.worker.on('error', (error) => this.fail(new AnalystError('ANALYSIS_FAILED', String(error), { cause: error })));
    this.worker.on('exit', () => {
      this.fail(new AnalystError('ANALYSIS_FAILED', 'the analysis thread ended'));
      onEnd();
    });
  }

  ask(question: AnalystQuestion): Promise<AnalystAnswer> {
    const id = ++this.#sent;
    const request: AnalysisRequest = { id, ...question };
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.worker.postMessage(request);
    });
  }

  fail(error: AnalystError): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #settle(reply: Exclude<AnalysisReply, { problem: string }>): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('answer' in reply) waiting?.resolve(reply.answer);
    else waiting?.reject(new AnalystError(reply.error.code, reply.error.detail));
  }
}

/** @param options.captures read by the thread itself, at every question anew */
export function workerAnalyst(options: WorkerAnalystOptions): Analyst {
  const { captures, telemetry, clock, idleMs = ANALYST_IDLE_MS, onProblem = () => {} } = options;
  let thread: Thread | undefined;
  let cancelIdle = (): void => {};
  let closed = false;

  const end = async (): Promise<void> => {
    const ending = thread;
    thread = undefined;
    cancelIdle();
    await ending?.worker.terminate();
  };
  const begin = (): Thread => {
    const begun: Thread = new Thread(
      { captures, telemetry },
      onProblem,
      () => {
        cancelIdle = clock.at(clock.monotonicMs() + idleMs, () => void end());
      },
      () => {
        if (thread === begun) thread = undefined;
      },
    );
    return begun;
  };

  const ask = async (question: AnalystQuestion): Promise<AnalystAnswer> => {
    if (closed) throw new AnalystError('CLOSED', 'the analyst was closed');
    cancelIdle();
    thread ??= begin();
    return thread.ask(question);
  };
  return remembering({
    // The thread answers what was wanted.
    analyse: async (captureId, alert, window) =>
      (await ask({ wanted: 'findings', captureId, alert, window })) as Findings,
    observe: async (captureId, alert, window) =>
      (await ask({ wanted: 'series', captureId, alert, window })) as readonly MetricSeries[],
    close: () => {
      closed = true;
      return end();
    },
  });
}
