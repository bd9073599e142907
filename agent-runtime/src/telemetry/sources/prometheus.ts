/**
 * Metrics from the HTTP API of Prometheus (and what speaks it: Thanos, Mimir, VictoriaMetrics). Range queries are
 * aligned to their step, so that seven agents asking about one alert get the same points. What one query cannot
 * deliver is a problem of its own; the others stand.
 */
import { z } from 'zod';
import type { Edge, MetricSeries, TelemetryWindow } from '../../analysis/types.ts';
import { parseMeasurement } from '../read-metrics.ts';
import { nameProblem } from '../schemas.ts';
import { authorization, type MetricQuery, nameInMeaning, type PrometheusConfig } from './config.ts';
import { POINTS_PER_SERIES_MAX, PROMETHEUS_POINTS_MAX, SERIES_PER_QUERY_MAX } from './constants.ts';
import { SourceError } from './errors.ts';
import { getJson, inTurns, type SourceHttp } from './http.ts';

const SOURCE = 'prometheus';
const MS_PER_S = 1_000;
/** Steps that a rate looks back over unless configured: fewer miss counters that are scraped less often. */
const RATE_STEPS = 4;

export type MetricsFetched = {
  readonly metrics: readonly MetricSeries[];
  readonly edges: readonly Edge[];
  readonly nonFinite: number;
  readonly problems: readonly SourceError[];
};

const answerSchema = z.looseObject({
  status: z.enum(['success', 'error']),
  errorType: z.string().optional(),
  error: z.string().optional(),
  warnings: z.array(z.string()).optional(),
  data: z
    .looseObject({
      resultType: z.string(),
      result: z.array(
        z.looseObject({
          metric: z.record(z.string(), z.string()),
          values: z.array(z.tuple([z.number(), z.string()])).optional(),
        }),
      ),
    })
    .optional(),
});

type Result = { readonly metric: Readonly<Record<string, string>>; readonly values?: [number, string][] | undefined };

/** Start, end and step in milliseconds: multiples of the step, inside the window, few enough points. */
export function alignedRange(window: TelemetryWindow, wishedStepMs: number): TelemetryWindow & { stepMs: number } {
  const spanMs = window.toMs - window.fromMs;
  const pointsMax = Math.min(POINTS_PER_SERIES_MAX, PROMETHEUS_POINTS_MAX);
  const stepMs = wishedStepMs * Math.max(1, Math.ceil(spanMs / (wishedStepMs * pointsMax)));
  return {
    fromMs: Math.ceil(window.fromMs / stepMs) * stepMs,
    toMs: Math.floor(window.toMs / stepMs) * stepMs,
    stepMs,
  };
}

/** Never throws: what failed is among the problems. */
export async function fetchMetrics(
  config: PrometheusConfig,
  window: TelemetryWindow,
  stepMs: number,
): Promise<MetricsFetched> {
  let http: SourceHttp;
  try {
    http = { source: SOURCE, ...config, headers: authorization(SOURCE, config.tokenFile) };
  } catch (error) {
    return { metrics: [], edges: [], nonFinite: 0, problems: [error as SourceError] };
  }
  const range = alignedRange(window, stepMs);
  const asked = new Client(http, config, range);
  const answers = await inTurns(config.queries, (query) => asked.series(query));
  const edges = await inTurns(config.edges, (query) => asked.edges(query));
  return {
    ...collected(answers.flat()),
    edges: edges.flat(),
    nonFinite: asked.nonFinite,
    problems: asked.problems,
  };
}

class Client {
  readonly problems: SourceError[] = [];
  nonFinite = 0;
  readonly #http: SourceHttp;
  readonly #config: PrometheusConfig;
  readonly #range: ReturnType<typeof alignedRange>;
  #gone = false;

  constructor(http: SourceHttp, config: PrometheusConfig, range: ReturnType<typeof alignedRange>) {
    this.#http = http;
    this.#config = config;
    this.#range = range;
  }

  async series(query: MetricQuery): Promise<readonly MetricSeries[]> {
    const { fromMs, toMs, stepMs } = this.#range;
    const results = await this.#ask('/api/v1/query_range', query.query, {
      start: String(fromMs / MS_PER_S),
      end: String(toMs / MS_PER_S),
      step: String(stepMs / MS_PER_S),
    });
    return results.flatMap((result) => this.#seriesOf(query, result) ?? []);
  }

  async edges({ query, caller, callee }: PrometheusConfig['edges'][number]): Promise<readonly Edge[]> {
    const results = await this.#ask('/api/v1/query', query, { time: String(this.#range.toMs / MS_PER_S) });
    return results.flatMap(({ metric }) => {
      const [from = '', to = ''] = [metric[caller], metric[callee]];
      // Istio calls what is outside the mesh unknown.
      const useless = [from, to].some((name) => name === 'unknown' || nameProblem(name) !== null);
      return useless || from === to ? [] : { caller: from, callee: to };
    });
  }

  async #ask(path: string, query: string, parameters: Readonly<Record<string, string>>): Promise<readonly Result[]> {
    // One that does not answer at all does not get better by asking thirty times.
    if (this.#gone) return [];
    const text = new URLSearchParams({ query: this.#filledIn(query), ...parameters });
    try {
      const { status, body } = await getJson(this.#http, `${path}?${text}`);
      return this.#resultsOf(status, body, query);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      if (!this.#gone) this.problems.push(error);
      this.#gone ||= error.code === 'source-unreachable' || error.code === 'source-timeout';
      return [];
    }
  }

  #filledIn(query: string): string {
    const windowMs = this.#config.rateWindowMs ?? this.#range.stepMs * RATE_STEPS;
    return query.replaceAll('$node', this.#config.nodeLabels.join(', ')).replaceAll('$window', `${windowMs}ms`);
  }

  #resultsOf(status: number, body: unknown, query: string): readonly Result[] {
    const { data: answer } = answerSchema.safeParse(body);
    if (answer === undefined && status === 200) {
      throw new SourceError({ code: 'answer-invalid', source: SOURCE, why: `not an answer of Prometheus to ${query}` });
    }
    if (answer?.status !== 'success' || answer.data === undefined) {
      const why = answer?.error ?? 'no reason given';
      throw new SourceError({ code: 'source-refused', source: SOURCE, status, why: `${query}: ${why}` });
    }
    for (const warning of answer.warnings ?? []) this.#note(`${query} is partial: ${warning}`);
    const { result } = answer.data;
    if (result.length <= SERIES_PER_QUERY_MAX) return result;
    this.problems.push(
      new SourceError({
        code: 'answer-too-large',
        source: SOURCE,
        what: `series of ${query}`,
        max: SERIES_PER_QUERY_MAX,
      }),
    );
    return result.slice(0, SERIES_PER_QUERY_MAX);
  }

  #note(why: string): void {
    this.problems.push(new SourceError({ code: 'answer-invalid', source: SOURCE, why }));
  }

  /** Undefined when no label names a node, or nothing finite was observed. */
  #seriesOf({ metric, means, part }: MetricQuery, { metric: labels, values = [] }: Result): MetricSeries | undefined {
    const node = this.#config.nodeLabels.map((label) => labels[label] ?? '').find((value) => value !== '');
    const suffix = part === undefined ? '' : `:${labels[part] ?? ''}`;
    const name = `${nameInMeaning(metric, means)}${suffix}`;
    if (node === undefined || nameProblem(node) !== null || nameProblem(name) !== null) return undefined;
    const points = values
      .map(([seconds, text]) => ({ atMs: Math.round(seconds * MS_PER_S), value: parseMeasurement(text) ?? Number.NaN }))
      .filter(({ value }) => Number.isFinite(value));
    this.nonFinite += values.length - points.length;
    if (points.length === 0) return undefined;
    return { node, metric: name, timesMs: points.map(({ atMs }) => atMs), values: points.map(({ value }) => value) };
  }
}

/** Of two series for one node and metric the first stands: queries are listed with the preferred exporter first. */
function collected(all: readonly MetricSeries[]): { readonly metrics: readonly MetricSeries[] } {
  const known = new Map<string, MetricSeries>();
  for (const series of all) {
    const key = JSON.stringify([series.node, series.metric]);
    if (!known.has(key)) known.set(key, series);
  }
  return { metrics: [...known.values()] };
}
