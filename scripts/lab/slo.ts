/**
 * Service level objectives at the entry, judged from what users saw: an alert fires when the budget of an objective
 * burns over a long and over a short window alike (the multi-window burn rate of the SRE workbook, chapter 5, with
 * windows of seconds, as the lab's day is short).
 */
import type { Outcome } from './load.ts';
import { ENTRY } from './system.ts';

/** Users' patience: requests slower than this count against the latency objective. */
export const SLOW_MS = 500;
const LONG_MS = 10_000;
const SHORT_MS = 4_000;
/** Share of bad requests of one operation, in both windows, at which the alert fires. */
const BURN = { latency: 0.2, errors: 0.12 } as const;
/** Fewer bad requests in the long window may be chance. */
const BAD_MIN = 4;

export const SLO_METRICS = { latency: 'request_latency_p95_ms', errors: 'request_error_rate' } as const;

/**
 * What is looked at around an alert, in milliseconds. The time after it is as much a part of it as the minute before: an
 * objective burns within seconds, and where trouble comes from shows only once it has travelled.
 */
export const ALERT_WINDOW = { beforeMs: 60_000, afterMs: 6_000 } as const;

export type SloAlert = {
  readonly node: string;
  readonly metric: string;
  readonly atMs: number;
  readonly title: string;
};

export class SloWatch {
  #outcomes: Outcome[] = [];

  add(outcome: Outcome): void {
    this.#outcomes.push(outcome);
  }

  reset(): void {
    this.#outcomes = [];
  }

  /** Share of requests that failed or took too long in the last `withinMs`. */
  badShare(nowMs: number, withinMs: number): number {
    const recent = this.#outcomes.filter(({ atMs }) => atMs > nowMs - withinMs);
    return recent.filter(({ ok, durationMs }) => !ok || durationMs > SLOW_MS).length / Math.max(1, recent.length);
  }

  /** The alert that fires now, if any: errors before latency, as failures also take long. */
  check(nowMs: number): SloAlert | undefined {
    this.#outcomes = this.#outcomes.filter(({ atMs }) => atMs > nowMs - LONG_MS);
    const operations = [...new Set(this.#outcomes.map(({ operation }) => operation))].sort();
    for (const objective of ['errors', 'latency'] as const) {
      const burning = operations.filter((operation) => this.#burns(objective, operation, nowMs));
      if (burning.length === 0) continue;
      const what = objective === 'errors' ? 'fail' : `take longer than ${SLOW_MS} ms`;
      const title = `${burning.join(', ')} at ${ENTRY} ${what}`;
      return { node: ENTRY, metric: SLO_METRICS[objective], atMs: nowMs, title };
    }
    return undefined;
  }

  #burns(objective: keyof typeof BURN, operation: string, nowMs: number): boolean {
    const isBad = ({ ok, durationMs }: Outcome): boolean => (objective === 'errors' ? !ok : durationMs > SLOW_MS);
    const own = this.#outcomes.filter((outcome) => outcome.operation === operation);
    const recent = own.filter(({ atMs }) => atMs > nowMs - SHORT_MS);
    const share = (outcomes: readonly Outcome[]): number =>
      outcomes.filter(isBad).length / Math.max(1, outcomes.length);
    return own.filter(isBad).length >= BAD_MIN && share(own) > BURN[objective] && share(recent) > BURN[objective];
  }
}

/** What somebody says who was not measured: for faults that no objective notices, and for false alarms. */
export const reportOf = (atMs: number): SloAlert => ({
  node: ENTRY,
  metric: SLO_METRICS.latency,
  atMs,
  title: `A user reports that ${ENTRY} is slow`,
});

/** The alert as Alertmanager's webhook tells it, version 4. */
export function webhookOf({ node, metric, atMs, title }: SloAlert, source: string): object {
  const labels = { alertname: 'EntrySloBurn', service: node, metric, severity: 'page', source };
  const annotations = { summary: title };
  const startsAt = new Date(atMs).toISOString();
  return {
    version: '4',
    groupKey: `{}:{service="${node}"}`,
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'agents',
    groupLabels: { service: node },
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL: '',
    alerts: [
      {
        status: 'firing',
        labels,
        annotations,
        startsAt,
        endsAt: '0001-01-01T00:00:00Z',
        generatorURL: '',
        fingerprint: `${node}-${metric}`,
      },
    ],
  };
}
