/** Metrics of one service under the names that OpenTelemetry and prom-client give them. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ServiceSpec } from '../system.ts';

/** Seconds, 2 ms to 5 s. */
const BUCKETS_S = [0.002, 0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2.5, 5];

/** Milliseconds between two looks at the event loop: finer ones cost sixteen processes more than they tell. */
const LOOP_PRECISION_MS = 40;

export type ServiceMetrics = ReturnType<typeof createMetrics>;

/** @param kind a metric is exposed by the kinds of service that have something to say with it */
export function createMetrics(kind: ServiceSpec['kind']) {
  const registry = new Registry();
  const only = (...kinds: readonly ServiceSpec['kind'][]): Registry[] => (kinds.includes(kind) ? [registry] : []);
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_PRECISION_MS });
  const histogram = <L extends string>(
    registers: Registry[],
    name: string,
    help: string,
    labelNames: readonly L[] = [],
  ): Histogram<L> => new Histogram({ name, help, labelNames, buckets: BUCKETS_S, registers });
  const gauge = <L extends string>(
    registers: Registry[],
    name: string,
    help: string,
    labelNames: readonly L[] = [],
  ): Gauge<L> => new Gauge({ name, help, labelNames, registers });
  const counter = (registers: Registry[], name: string, help: string): Counter =>
    new Counter({ name, help, registers });
  const clients = only('service', 'consumer');
  const readings: (() => void)[] = [];
  return {
    /** Sets gauges that are read only when somebody asks. */
    onScrape: (read: () => void): void => {
      readings.push(read);
    },
    exposition: (): Promise<string> => {
      for (const read of readings) read();
      return registry.metrics();
    },
    served: histogram([registry], 'http_server_request_duration_seconds', 'Time to serve a request', [
      'http_route',
      'http_response_status_code',
    ]),
    active: gauge([registry], 'http_server_active_requests', 'Requests being served'),
    called: histogram(clients, 'http_client_request_duration_seconds', 'Time until a callee answered', [
      'server_address',
      'http_response_status_code',
    ]),
    pool: gauge(clients, 'db_client_connections_usage', 'Connections of the pool by state', ['state']),
    poolMax: gauge(clients, 'db_client_connections_max', 'Connections that the pool may hold'),
    poolPending: gauge(clients, 'db_client_connections_pending_requests', 'Requests that wait for a connection'),
    poolWait: histogram(clients, 'db_client_connections_wait_time_seconds', 'Time to get a connection'),
    poolTimeouts: counter(clients, 'db_client_connections_timeouts_total', 'Requests that got no connection in time'),
    cacheHits: counter(only('cache'), 'cache_hits_total', 'Lookups that found a live entry'),
    cacheMisses: counter(only('cache'), 'cache_misses_total', 'Lookups that did not'),
    cacheItems: gauge(only('cache'), 'cache_items', 'Entries held'),
    queueDepth: gauge(only('queue'), 'queue_depth', 'Messages that nobody has taken'),
    queueAge: gauge(only('queue'), 'queue_oldest_message_age_seconds', 'Age of the oldest of them'),
    consumed: histogram(only('consumer'), 'messaging_process_duration_seconds', 'Time to process a message'),
    statements: histogram(only('database'), 'db_query_duration_seconds', 'Time to run a statement', ['statement']),
    lockWait: histogram(only('database'), 'db_lock_wait_seconds', 'Time that a statement waited for its row lock'),
    waiting: gauge(only('database'), 'db_waiting_queries', 'Statements that wait for a slot'),
  };
}
