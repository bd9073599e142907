/**
 * How long the engine takes for systems of growing size, beside a floor: one pass over the same numbers. Processor time
 * of this process, so that whatever else runs on the machine counts little.
 */
import { analyse } from '@dao-gov/agent-runtime/analysis';
import { largeCapture } from './large-capture.ts';
import { mean } from './score.ts';

export type BenchRow = {
  readonly services: number;
  readonly observations: number;
  readonly seconds: number;
  readonly floorSeconds: number;
  readonly ratio: number;
};

const METRICS = 20;
const POINTS = 240;
const MICROSECONDS_PER_SECOND = 1_000_000;
/** Passes that the floor is taken over, as one alone is too short to measure. */
const FLOOR_PASSES = 5;

export function benchRow(services: number): BenchRow {
  const capture = largeCapture(services, METRICS, POINTS);
  let seen = 0;
  const floors = Array.from({ length: FLOOR_PASSES }, () =>
    secondsOf(() => {
      for (const { values } of capture.metrics) for (const value of values) seen += value > 0 ? 1 : 0;
    }),
  );
  const seconds = secondsOf(() => {
    seen += analyse(capture).nodes.length;
  });
  // What was computed must be used, or it need not be computed.
  if (seen === 0) throw new Error('nothing was analysed');
  const floorSeconds = mean(floors);
  return { services, observations: services * METRICS * POINTS, seconds, floorSeconds, ratio: seconds / floorSeconds };
}

function secondsOf(run: () => void): number {
  const started = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / MICROSECONDS_PER_SECOND;
}
