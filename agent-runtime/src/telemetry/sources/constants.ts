/** Limits of live telemetry, each with its unit and its reason: what answers is as untrusted as any other file. */

const KIB = 1024;
const MIB = 1024 * KIB;
const MINUTE_MS = 60_000;

/** Milliseconds for one answer; an incident has steps with deadlines, so that waiting longer helps nobody. */
export const REQUEST_TIMEOUT_MS = 10_000;
/** Bytes of one answer, decompressed: 200 series of 11,000 points. */
export const ANSWER_BYTES_MAX = 64 * MIB;
/** Requests to one system at once: telemetry systems are busiest when something is wrong. */
export const REQUESTS_AT_ONCE = 4;

/** Prometheus refuses a query_range of more points a series. */
export const PROMETHEUS_POINTS_MAX = 11_000;
/** Points a series that the engine gains from; more only cost time. */
export const POINTS_PER_SERIES_MAX = 720;
/** Series that one query may return: a metric of two thousand nodes. */
export const SERIES_PER_QUERY_MAX = 2_000;
/** Queries of one configuration. */
export const QUERIES_MAX = 100;

/** Services asked for traces, and traces a service. */
export const TRACED_SERVICES_MAX = 100;
export const TRACES_PER_SERVICE_MAX = 200;

/** An hour shows what is normal. */
export const BEFORE_MS = 60 * MINUTE_MS;
/** Longest history that is asked for: a day shows its own shape. */
export const BEFORE_MS_MAX = 24 * 60 * MINUTE_MS;
/** Half a minute after the alert: two scrapes of the usual interval. */
export const AFTER_MS = 30_000;
export const AFTER_MS_MAX = 10 * MINUTE_MS;
/** Usual scrape interval of Prometheus. */
export const STEP_MS = 15_000;

/** Body of one OTLP export as it arrives, and decompressed. */
export const EXPORT_BYTES_MAX = 4 * MIB;
export const EXPORT_PLAIN_BYTES_MAX = 16 * MIB;
/** Records that the receiver keeps, oldest dropped first: about 100 MB. */
export const RECEIVED_SPANS_MAX = 200_000;
export const RECEIVED_LOGS_MAX = 100_000;
