/** Logs by pino, counters and summaries by prom-client, behind the telemetry port. */
import { pino } from 'pino';
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { LogLevel, TelemetrySink } from '../ports/index.ts';

/** Milliseconds, 1 to 12,000: each bound 10 % above the last, so that a percentile read from them is off by 5 % at most. */
const BUCKETS_MS = Array.from({ length: 100 }, (_, index) => Number((1.1 ** index).toPrecision(4)));

export interface Telemetry extends TelemetrySink {
  /** Text of all metrics, as Prometheus reads it. */
  metrics(): Promise<string>;
}

export function createTelemetry(name: string, level: LogLevel): Telemetry {
  const logger = pino({ name, level, base: { node: name } });
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'dao_gov_' });
  const counters = new Map<string, Counter>();
  const histograms = new Map<string, Histogram>();
  const counterOf = (metric: string): Counter => {
    const known = counters.get(metric);
    if (known) return known;
    const made = new Counter({
      name: `dao_gov_${metric}_total`,
      help: metric.replaceAll('_', ' '),
      registers: [registry],
    });
    counters.set(metric, made);
    return made;
  };
  const histogramOf = (metric: string): Histogram => {
    const known = histograms.get(metric);
    if (known) return known;
    const made = new Histogram({
      name: `dao_gov_${metric}`,
      help: metric.replaceAll('_', ' '),
      buckets: BUCKETS_MS,
      registers: [registry],
    });
    histograms.set(metric, made);
    return made;
  };
  return {
    log: (at, message, fields = {}) => logger[at](fields, message),
    count: (metric, by = 1) => counterOf(metric).inc(by),
    observe: (metric, value) => histogramOf(metric).observe(value),
    metrics: () => registry.metrics(),
  };
}
