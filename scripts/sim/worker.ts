/** A worker of `npm run sim`: one job at a time, answered with its result. */
import { parentPort } from 'node:worker_threads';
import { checkMutationNamed, type MutationResult, type SeedResult, simulateSeed } from '@dao-gov/node/testing';

export type Job =
  | { readonly type: 'seed'; readonly seed: number; readonly validators: number | undefined }
  | { readonly type: 'mutation'; readonly name: string };

/** A result as it crosses threads: a violation is its message there. */
export type Outcome =
  | { readonly type: 'seed'; readonly result: Omit<SeedResult, 'violation'> & { readonly violation: string | null } }
  | { readonly type: 'mutation'; readonly result: MutationResult };

async function run(job: Job): Promise<Outcome> {
  if (job.type === 'mutation') return { type: 'mutation', result: checkMutationNamed(job.name) };
  const { seed, validators } = job;
  const result = await simulateSeed({ seed, ...(validators !== undefined && { validators }) });
  return { type: 'seed', result: { ...result, violation: result.violation?.message ?? null } };
}

parentPort?.on('message', (job: Job) => void run(job).then((outcome) => parentPort?.postMessage(outcome)));
