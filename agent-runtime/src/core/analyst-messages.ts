/** What passes between the agent and its analysis thread: plain data that survives a structured clone. */
import type { Alert, Findings, MetricSeries, TelemetryWindow } from '../analysis/index.ts';
import type { AnalystErrorCode } from './errors.ts';

export interface WorkerSettings {
  /** A capture folder, or a folder of them. */
  readonly captures: string;
  /** Configuration of live sources, for alerts that are in no capture. */
  readonly telemetry?: string | undefined;
}

/** `findings`: what the engine concludes; `series`: what was observed at the alerting node in the window. */
export type AnalystQuestion =
  | {
      readonly wanted: 'findings';
      readonly captureId: string;
      readonly alert: Alert | undefined;
      readonly window: TelemetryWindow | undefined;
    }
  | {
      readonly wanted: 'series';
      readonly captureId: string;
      readonly alert: Alert;
      readonly window: TelemetryWindow;
    };

export type AnalysisRequest = AnalystQuestion & { readonly id: number };

export type AnalystAnswer = Findings | readonly MetricSeries[];

export type AnalysisReply =
  | { readonly id: number; readonly answer: AnalystAnswer }
  | { readonly id: number; readonly error: { readonly code: AnalystErrorCode; readonly detail: string } }
  /** Something that a live source could not deliver; the analysis goes on. */
  | { readonly problem: string };
