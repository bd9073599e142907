/** What passes between the agent and its analysis thread: plain data that survives a structured clone. */
import type { Alert, Findings } from '../analysis/index.ts';
import type { AnalystErrorCode } from './errors.ts';

export interface WorkerSettings {
  /** A capture folder, or a folder of them. */
  readonly captures: string;
  /** Configuration of live sources, for alerts that are in no capture. */
  readonly telemetry?: string | undefined;
}

export interface AnalysisRequest {
  readonly id: number;
  readonly captureId: string;
  readonly alert: Alert | null;
}

export type AnalysisReply =
  | { readonly id: number; readonly findings: Findings }
  | { readonly id: number; readonly error: { readonly code: AnalystErrorCode; readonly detail: string } }
  /** Something that a live source could not deliver; the analysis goes on. */
  | { readonly problem: string };
