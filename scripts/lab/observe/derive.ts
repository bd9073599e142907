/**
 * What two scrapes of one service, some seconds apart, say about it: the same quantities that the queries of
 * config/telemetry.json ask of Prometheus, under the same names. A quantity without observations is absent.
 */
import type { Sample } from './exposition.ts';

export type Derived = Readonly<Record<string, number>>;

const SERVED = 'http_server_request_duration_seconds';
const CALLED = 'http_client_request_duration_seconds';
const QUERIED = 'db_query_duration_seconds';
const LOCK_WAIT = 'db_lock_wait_seconds';
const POOL_WAIT = 'db_client_connections_wait_time_seconds';

const HISTOGRAMS = [SERVED, CALLED, QUERIED, LOCK_WAIT, POOL_WAIT, 'messaging_process_duration_seconds'];
const WANTED = new Set([
  ...HISTOGRAMS.flatMap((name) => [`${name}_sum`, `${name}_count`]),
  `${SERVED}_bucket`,
  'process_cpu_seconds_total',
  'process_resident_memory_bytes',
  'nodejs_eventloop_lag_p99_seconds',
  'db_client_connections_usage',
  'db_client_connections_max',
  'db_client_connections_pending_requests',
  'db_waiting_queries',
  'cache_hits_total',
  'cache_misses_total',
  'queue_depth',
  'queue_oldest_message_age_seconds',
]);

export const isWanted = (name: string): boolean => WANTED.has(name);

const MS_PER_S = 1_000;
const P95 = 0.95;

type Match = Readonly<Record<string, string>>;

/** Sums and increases over the samples of two scrapes; a counter that fell was started anew, as in PromQL. */
class Scrapes {
  readonly #now: ReadonlyMap<string, readonly Sample[]>;
  readonly #before: ReadonlyMap<string, readonly Sample[]>;

  constructor(before: readonly Sample[], now: readonly Sample[]) {
    this.#before = Map.groupBy(before, ({ name }) => name);
    this.#now = Map.groupBy(now, ({ name }) => name);
  }

  /** Undefined when nothing matches. */
  now(name: string, match: Match = {}): number | undefined {
    const found = this.samples(name, match);
    return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0);
  }

  samples(name: string, match: Match = {}): readonly Sample[] {
    return (this.#now.get(name) ?? []).filter((sample) => matches(sample, match));
  }

  increase(name: string, match: Match = {}): number {
    const earlier = new Map((this.#before.get(name) ?? []).map(({ labels, value }) => [keyOf(labels), value]));
    return this.samples(name, match).reduce((sum, { labels, value }) => {
      const was = earlier.get(keyOf(labels)) ?? 0;
      return sum + (value >= was ? value - was : value);
    }, 0);
  }

  labelValues(name: string, label: string): readonly string[] {
    return [...new Set(this.samples(name).flatMap(({ labels }) => labels[label] ?? []))];
  }
}

const matches = ({ labels }: Sample, match: Match): boolean =>
  Object.entries(match).every(([key, value]) => labels[key] === value);

const keyOf = (labels: Match): string => JSON.stringify(Object.entries(labels).sort());

/** @param seconds between the two scrapes */
export function derive(before: readonly Sample[], now: readonly Sample[], seconds: number): Derived {
  const scrapes = new Scrapes(before, now);
  const values: Record<string, number | undefined> = {
    ...served(scrapes, seconds),
    cpu_usage: seconds > 0 ? scrapes.increase('process_cpu_seconds_total') / seconds : undefined,
    memory_bytes: scrapes.now('process_resident_memory_bytes'),
    event_loop_lag_ms: scaled(scrapes.now('nodejs_eventloop_lag_p99_seconds'), MS_PER_S),
    ...pool(scrapes),
    query_latency_mean_ms: meanMs(scrapes, QUERIED),
    lock_wait_ms: meanMs(scrapes, LOCK_WAIT),
    waiting_queries_queued:
      scrapes.now(`${QUERIED}_count`) === undefined ? undefined : scrapes.now('db_waiting_queries'),
    message_latency_mean_ms: meanMs(scrapes, 'messaging_process_duration_seconds'),
    cache_miss_share: missShare(scrapes),
    queue_depth: scrapes.now('queue_depth'),
    queue_age_seconds: scrapes.now('queue_oldest_message_age_seconds'),
    ...calls(scrapes),
  };
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, number] => Number.isFinite(entry[1])),
  );
}

const scaled = (value: number | undefined, by: number): number | undefined =>
  value === undefined ? undefined : value * by;

function meanMs(scrapes: Scrapes, name: string, match: Match = {}): number | undefined {
  const count = scrapes.increase(`${name}_count`, match);
  return count > 0 ? (scrapes.increase(`${name}_sum`, match) / count) * MS_PER_S : undefined;
}

function served(scrapes: Scrapes, seconds: number): Record<string, number | undefined> {
  if (scrapes.now(`${SERVED}_count`) === undefined || seconds <= 0) return {};
  const count = scrapes.increase(`${SERVED}_count`);
  return {
    requests_per_second: count / seconds,
    request_latency_mean_ms: meanMs(scrapes, SERVED),
    request_latency_p95_ms: scaled(quantile(scrapes, P95), MS_PER_S),
    request_error_rate: count > 0 ? failures(scrapes, SERVED) / count : undefined,
  };
}

/** Answers of 5xx, or none at all. */
function failures(scrapes: Scrapes, name: string, match: Match = {}): number {
  return scrapes
    .labelValues(`${name}_count`, 'http_response_status_code')
    .filter((status) => status === 'none' || status.startsWith('5'))
    .reduce(
      (sum, status) => sum + scrapes.increase(`${name}_count`, { ...match, http_response_status_code: status }),
      0,
    );
}

/** `histogram_quantile`: linear within the bucket that holds the rank; seconds. */
function quantile(scrapes: Scrapes, q: number): number | undefined {
  const bounds = scrapes
    .labelValues(`${SERVED}_bucket`, 'le')
    .map((le) => ({
      bound: le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le),
      count: scrapes.increase(`${SERVED}_bucket`, { le }),
    }))
    .toSorted((left, right) => left.bound - right.bound);
  const rank = (bounds.at(-1)?.count ?? 0) * q;
  if (rank === 0) return undefined;
  const index = bounds.findIndex(({ count }) => count >= rank);
  const [below, at] = [bounds[index - 1], bounds[index]];
  if (at === undefined) return undefined;
  const low = below?.bound ?? 0;
  if (at.bound === Number.POSITIVE_INFINITY) return low;
  const inside = at.count - (below?.count ?? 0);
  return low + (at.bound - low) * (inside > 0 ? (rank - (below?.count ?? 0)) / inside : 1);
}

/** Only of services that have used their pool. */
function pool(scrapes: Scrapes): Record<string, number | undefined> {
  if ((scrapes.now(`${POOL_WAIT}_count`) ?? 0) === 0) return {};
  const max = scrapes.now('db_client_connections_max') ?? 0;
  return {
    pool_usage: max > 0 ? (scrapes.now('db_client_connections_usage', { state: 'used' }) ?? 0) / max : undefined,
    pool_wait_ms: meanMs(scrapes, POOL_WAIT),
    pool_pending: scrapes.now('db_client_connections_pending_requests'),
  };
}

/** Counters stand at zero in every process; only a cache's ever move. */
function missShare(scrapes: Scrapes): number | undefined {
  const [hits, misses] = ['cache_hits_total', 'cache_misses_total'].map((name) => scrapes.increase(name));
  const lookups = (hits ?? 0) + (misses ?? 0);
  return lookups > 0 ? (misses ?? 0) / lookups : undefined;
}

/** What a caller sees of each callee. */
function calls(scrapes: Scrapes): Record<string, number | undefined> {
  return Object.fromEntries(
    scrapes.labelValues(`${CALLED}_count`, 'server_address').flatMap((callee) => {
      const match = { server_address: callee };
      const count = scrapes.increase(`${CALLED}_count`, match);
      return [
        [`call_latency_mean_ms:${callee}`, meanMs(scrapes, CALLED, match)],
        [`call_error_rate:${callee}`, count > 0 ? failures(scrapes, CALLED, match) / count : undefined],
      ];
    }),
  );
}
