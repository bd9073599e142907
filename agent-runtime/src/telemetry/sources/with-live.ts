/** Recorded captures by their id, live systems for every other alert. */
import type { TelemetrySource } from '../telemetry-source.ts';
import { readTelemetryConfig } from './config.ts';
import type { SourceError } from './errors.ts';
import { type LiveClock, liveCapture, systemLiveClock } from './live-source.ts';

export interface LiveOptions {
  /** Configuration, read anew for every alert, so that it may be corrected while an agent runs. */
  readonly configFile: string;
  /** Told of everything that a system could not deliver. */
  readonly onProblem?: (problem: SourceError) => void;
  readonly clock?: LiveClock;
}

export function withLive(recorded: TelemetrySource, options: LiveOptions): TelemetrySource {
  const { configFile, onProblem = () => {}, clock = systemLiveClock } = options;
  return {
    list: recorded.list,
    capture: async (id, alert, window) => {
      const isRecorded = (await recorded.list()).some((summary) => summary.id === id);
      if (isRecorded || alert === undefined) return recorded.capture(id, alert, window);
      const { capture, problems } = await liveCapture(readTelemetryConfig(configFile), id, alert, clock, window);
      for (const problem of problems) onProblem(problem);
      return capture;
    },
  };
}
