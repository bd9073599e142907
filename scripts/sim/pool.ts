/** Spreads jobs over one worker thread a core. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Job, Outcome } from './worker.ts';

const WORKER = new URL('./worker.ts', import.meta.url);

/** Runs all jobs; `onOutcome` hears of each as it ends, in any order. @throws what a worker throws */
export async function runJobs(jobs: readonly Job[], onOutcome: (outcome: Outcome) => void): Promise<void> {
  const waiting = [...jobs];
  const workers = Array.from({ length: Math.min(availableParallelism(), jobs.length) }, () => new Worker(WORKER));
  const work = (worker: Worker): Promise<void> =>
    new Promise((done, fail) => {
      const next = (): void => {
        const job = waiting.shift();
        if (job) worker.postMessage(job);
        else done();
      };
      worker.on('error', fail);
      worker.on('message', (outcome: Outcome) => {
        onOutcome(outcome);
        next();
      });
      next();
    });
  try {
    await Promise.all(workers.map(work));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
