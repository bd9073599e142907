/** The port through which agents obtain telemetry, whatever system it comes from. */
import type { Alert, Capture, TelemetryWindow } from '../analysis/types.ts';

/** Enough to raise and to rank an alert without reading the telemetry itself. */
export type CaptureSummary = { readonly id: string; readonly title: string; readonly alert: Alert };

export type TelemetrySource = {
  /** Sorted by id. */
  readonly list: () => Promise<readonly CaptureSummary[]>;
  /**
   * Throws `capture-unknown` for an id that {@link TelemetrySource.list} does not name, unless the source is live: then
   * the alert says which time to look at, and what could not be had comes as `SourceError`.
   * A window asks for what the source holds of that time instead: `window-not-covered` when that is nothing, as with a
   * recording that had ended by then.
   */
  readonly capture: (id: string, alert?: Alert, window?: TelemetryWindow) => Promise<Capture>;
};
