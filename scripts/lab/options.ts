/** What every command of the lab shares: places, load, and the timing of a run. */
import { join } from 'node:path';
import { ROOT } from '../testnet/testnet.ts';

export const DEFAULT_DIRECTORY = join(ROOT, 'data/run/lab');

export type LabSettings = {
  readonly dir: string;
  readonly seed: number;
  /** Mean requests per second. */
  readonly rate: number;
  /** Seconds that one day of the load takes. */
  readonly day: number;
};

/** Share of traces recorded: enough of each kind within a minute, and a small file. */
const TRACE_SHARE = 0.35;

export const labOptionsOf = ({ dir, seed, rate, day }: LabSettings) => ({
  directory: dir,
  seed,
  rate,
  dayMs: day * 1_000,
  traceShare: TRACE_SHARE,
});
