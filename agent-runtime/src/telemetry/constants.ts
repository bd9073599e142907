/** Limits on what a capture folder may hold: telemetry is untrusted, and a reader must not fall over a large file. */

const KIB = 1024;
const MIB = 1024 * KIB;

/** A short description of one incident. */
export const CAPTURE_JSON_BYTES_MAX = 64 * KIB;
/** Some tens of thousands of edges with long names. */
export const TOPOLOGY_BYTES_MAX = 8 * MIB;
/** A day of a hundred services with ten metrics each, by the minute. Counted after decompression, as all of these. */
export const METRICS_BYTES_MAX = 256 * MIB;
export const SPANS_BYTES_MAX = 256 * MIB;
export const LOGS_BYTES_MAX = 256 * MIB;
/** Longer than any honest line; bounds what is held before a line break is found. */
export const LINE_CHARACTERS_MAX = 64 * KIB;

/** Far more calls than services call one another. */
export const EDGES_MAX = 20_000;
/** About 100 MB once in memory. */
export const METRIC_ROWS_MAX = 2_000_000;
/** 2,000 nodes with ten metrics each. */
export const SERIES_MAX = 20_000;
/** About 200 MB once in memory. */
export const SPANS_MAX = 500_000;
export const LOG_RECORDS_MAX = 500_000;

/** Node, metric and operation names are quoted in prompts and products. */
export const NAME_CHARACTERS_MAX = 200;
export const TITLE_CHARACTERS_MAX = 300;
/** Messages are cut to this, as only their beginning tells what happened. */
export const LOG_MESSAGE_CHARACTERS_MAX = 2_000;

/** Folders of captures are for evaluation runs; more belong into several folders. */
export const CAPTURES_MAX = 1_000;

/** Distinct time texts remembered while parsing; a capture has a few thousand at most. */
export const TIME_CACHE_MAX = 50_000;
