/** The process of one lab that records: has its own ports, services and directory; does what it is told, one by one. */
import { Lab, type LabOptions } from './lab.ts';
import type { Planned } from './plan.ts';
import { type Recorded, Recorder, type Timing } from './record.ts';

export type WorkerSettings = { readonly lab: LabOptions; readonly timing: Timing };
export type ToWorker = { readonly type: 'record'; readonly planned: Planned; readonly out: string };
export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'recorded'; readonly recorded: Recorded }
  | { readonly type: 'failed'; readonly why: string };

/** Before anything is recorded: caches fill, connections open, code gets compiled. */
const WARM_UP_MS = 12_000;

const settings = JSON.parse(process.argv[2] ?? '{}') as WorkerSettings;
const tell = (message: FromWorker): void => void process.send?.(message);
const lab = await Lab.start(settings.lab);
process.on('exit', () => lab.killNow());
process.on('disconnect', () => process.exit(0));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1));
const recorder = new Recorder(lab, settings.timing);
await new Promise((done) => setTimeout(done, WARM_UP_MS));

process.on('message', ({ planned, out }: ToWorker) => {
  recorder.record(planned, out).then(
    (recorded) => tell({ type: 'recorded', recorded }),
    (error: unknown) => tell({ type: 'failed', why: error instanceof Error ? error.message : String(error) }),
  );
});
tell({ type: 'ready' });
