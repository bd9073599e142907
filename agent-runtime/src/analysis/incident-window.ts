/** Splits a capture's window into history and incident. */
import { INCIDENT_LEAD_MS_MAX, INCIDENT_LEAD_SHARE_MAX } from './constants.ts';
import type { Alert, TelemetryWindow } from './types.ts';

export type IncidentWindow = {
  readonly fromMs: number;
  /** Observations before this are history, from here on they belong to the incident. */
  readonly incidentFromMs: number;
  readonly toMs: number;
};

export function incidentWindow(alert: Alert, window: TelemetryWindow): IncidentWindow {
  const historyMs = Math.max(0, alert.atMs - window.fromMs);
  const leadMs = Math.min(INCIDENT_LEAD_MS_MAX, historyMs * INCIDENT_LEAD_SHARE_MAX);
  return { fromMs: window.fromMs, incidentFromMs: alert.atMs - leadMs, toMs: window.toMs };
}

export function isBefore(window: IncidentWindow, atMs: number): boolean {
  return atMs >= window.fromMs && atMs < window.incidentFromMs;
}

export function isDuring(window: IncidentWindow, atMs: number): boolean {
  return atMs >= window.incidentFromMs && atMs <= window.toMs;
}
