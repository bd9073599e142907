/**
 * Reads from a metric's name what it measures, which direction hurts and in which unit it is. Only common words of the
 * monitoring trade are known here; a name with none of them is `other`, for which any change counts a little.
 */
import type { MetricKind, MetricUnit, Symptom } from './findings.ts';

/** First match wins: `error_count` is about errors, `cpu_time` about the processor, `request_duration` about time. */
const KIND_WORDS: readonly (readonly [MetricKind, RegExp])[] = [
  ['success', /^(success\w*|succeeded|availability|up|uptime|apdex)$/],
  [
    'error',
    /^(err|errors?|fail\w*|faults?|exceptions?|timeouts?|reject\w*|denied|dropped|drops|abort\w*|retr(y|ies)|[45]xx)$/,
  ],
  [
    'saturation',
    /^(cpu|processor|mem|memory|heap|rss|oom|swap|restarts?|disk|io|saturation|pool|queued?|utili[sz]ation|threads?|gc|lag|backlog|inflight|throttl\w*)$/,
  ],
  ['latency', /^(latency|duration|elapsed|delay|rt|response|p\d{2,3}|seconds|millis|milliseconds|ms)$/],
  ['saturation', /^(usage|connections?)$/],
  ['traffic', /^(calls?|requests?|traffic|throughput|qps|rps|tps|invocations?|hits|count|rate)$/],
];

const UNIT_WORDS: readonly (readonly [MetricUnit, RegExp])[] = [
  ['percent', /^(pct|percent|percentage)$/],
  ['ms', /^(ms|millis|milliseconds)$/],
  ['us', /^(us|micros|microseconds)$/],
  ['ns', /^(ns|nanos|nanoseconds)$/],
  ['s', /^(s|sec|secs|seconds)$/],
  ['bytes', /^bytes$/],
];

/** A share of something, so that its values lie in 0..1 or 0..100. */
const SHARE_WORD = /^(rate|ratio|share|usage|utili[sz]ation|availability|saturation)$/;

/** More of these is better, although the word beside them reads as a load. */
const SPARE_WORD = /^(free|idle|spare|remaining)$/;

/** `poolWait_ms` -> pool, wait, ms */
export function wordsOf(metric: string): readonly string[] {
  const known = WORDS.get(metric);
  if (known !== undefined) return known;
  const words = splitWords(metric);
  if (WORDS.size < WORDS_REMEMBERED_MAX) WORDS.set(metric, words);
  return words;
}

/** Thousands of nodes share a few metric names, which are asked for again and again. */
const WORDS = new Map<string, readonly string[]>();
const WORDS_REMEMBERED_MAX = 10_000;

function splitWords(metric: string): readonly string[] {
  return metric
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

export function metricKind(metric: string): MetricKind {
  const words = wordsOf(metric);
  return KIND_WORDS.find(([, pattern]) => words.some((word) => pattern.test(word)))?.[0] ?? 'other';
}

const SYMPTOM_OF_KIND: Readonly<Record<MetricKind, Symptom>> = {
  latency: 'latency',
  error: 'errors',
  success: 'errors',
  saturation: 'saturation',
  traffic: 'traffic',
  other: 'other',
};

export function symptomOf(kind: MetricKind): Symptom {
  return SYMPTOM_OF_KIND[kind];
}

/** Which way a change hurts: 1 upwards, -1 downwards, 0 either way. */
export function harmfulDirection(metric: string, kind: MetricKind): 1 | -1 | 0 {
  if (kind === 'traffic' || kind === 'other') return 0;
  const inverted =
    kind === 'success' || (kind === 'saturation' && wordsOf(metric).some((word) => SPARE_WORD.test(word)));
  return inverted ? -1 : 1;
}

/**
 * @param largest greatest magnitude that this metric takes on any node: tells 0..1 shares from 0..100 ones.
 */
export function metricUnit(metric: string, kind: MetricKind, largest: number): MetricUnit {
  const words = wordsOf(metric);
  const named = UNIT_WORDS.find(([, pattern]) => words.some((word) => pattern.test(word)))?.[0];
  if (named !== undefined) return named;
  const bounded = kind === 'success' || kind === 'error' || kind === 'saturation';
  if (!bounded || !words.some((word) => SHARE_WORD.test(word))) return 'none';
  if (largest <= 1) return 'fraction';
  return largest <= 100 ? 'percent' : 'none';
}

/** The words that name the metric to a reader, without its unit. */
export function metricLabelWords(metric: string): readonly string[] {
  const words = wordsOf(metric).filter((word) => !UNIT_WORDS.some(([, pattern]) => pattern.test(word)));
  return words.length === 0 ? wordsOf(metric) : words;
}

const MEAN_WORD = /^(avg|average|mean)$/;
const MEDIAN_WORD = /^(p?50|p500|median)$/;
const RANK_WORD = /^(p\d{2,3}|\d{2})$/;
const EXTREME_WORD = /^(min|max|minimum|maximum|sum|bucket)$/;

/** How far a metric's statistic is from a mean, which alone adds up over requests: 0 a mean or no statistic named. */
export function statisticRank(metric: string): number {
  const words = wordsOf(metric);
  const has = (pattern: RegExp): boolean => words.some((word) => pattern.test(word));
  if (has(MEAN_WORD)) return 0;
  if (has(MEDIAN_WORD)) return 2;
  if (has(RANK_WORD)) return 3;
  return has(EXTREME_WORD) && metricKind(metric) === 'latency' ? 4 : 1;
}

const MISS_WORD = /^(miss|misses)$/;

/** Share of a cache's lookups that found nothing. */
export function isMissShare(metric: string): boolean {
  const words = wordsOf(metric);
  return words.some((word) => MISS_WORD.test(word)) && words.some((word) => SHARE_WORD.test(word));
}

const REQUEST_WORD = /^(requests?|responses?|server|http|grpc|rpc)$/;

/** About the requests that a node serves, not about something that it does meanwhile. */
export function isOfRequests(metric: string): boolean {
  return wordsOf(metric).some((word) => REQUEST_WORD.test(word));
}

export type Resource = 'cpu' | 'memory' | 'network' | 'restarts' | 'connections' | 'other';

const RESOURCE_WORDS: readonly (readonly [Resource, RegExp])[] = [
  ['restarts', /^(restarts?|restarted)$/],
  ['cpu', /^(cpu|processor|load\d*|loop|throttl\w*)$/],
  ['memory', /^(mem|memory|heap|rss|gc|oom|swap)$/],
  ['connections', /^(pool|connections?|sockets?)$/],
  ['network', /^(net|network|packets?|retransmi\w*|bandwidth|receive|transmit|rx|tx)$/],
];

/** The resource that a metric is about. */
export function resourceOf(metric: string): Resource {
  const words = wordsOf(metric);
  return RESOURCE_WORDS.find(([, pattern]) => words.some((word) => pattern.test(word)))?.[0] ?? 'other';
}
