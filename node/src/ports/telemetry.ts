/** Where a room reports to: structured logs and counters. A sink never throws. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface TelemetrySink {
  log(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** Adds to a counter. */
  count(name: string, by?: number): void;
  /** Records one measurement, in the unit that ends the name. */
  observe(name: string, value: number): void;
}

export const silentTelemetry: TelemetrySink = { log: () => {}, count: () => {}, observe: () => {} };
