/**
 * Answers of Prometheus' `query_range`, saved as JSON: `{data: {resultType: "matrix", result: [{metric, values}]}}`.
 * The node is the first of the usual labels that a series has; what `NaN` or infinity stands in was not observed.
 */
import { z } from 'zod';
import type { MetricSeries } from '../../analysis/types.ts';
import { parseMeasurement } from '../read-metrics.ts';
import { nameProblem } from '../schemas.ts';
import { documentsIn } from '../sources/http.ts';

const SECOND_MS = 1_000;

const failedSchema = z.object({ status: z.literal('error'), error: z.string().default('no reason given') });

const matrixSchema = z.object({
  data: z.object({
    resultType: z.literal('matrix', 'not an answer to query_range'),
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        values: z.array(z.tuple([z.number(), z.string()])),
      }),
    ),
  }),
});

/** Labels that name a node, the most telling first. */
export const NODE_LABELS = [
  'service',
  'service_name',
  'destination_workload',
  'app',
  'deployment',
  'container',
  'job',
  'pod',
  'instance',
] as const;

/**
 * Also of a list of answers, or several in a row.
 * @param name of the metric where the series have none, as after a function; usually the file's name
 * @throws Error when it is no such answer, or one that says what went wrong
 */
export function parsePrometheus(
  text: string,
  name: string,
  labels: readonly string[] = NODE_LABELS,
): readonly MetricSeries[] {
  const documents = documentsIn(text);
  if (documents === undefined) throw new Error('not JSON');
  const results = (Array.isArray(documents) ? documents : [documents]).flatMap(resultsOf);
  const series = results.flatMap(({ metric, values }) => {
    const label = labels.find((candidate) => (metric[candidate] ?? '') !== '');
    if (label === undefined || nameProblem(metric[label] ?? '') !== null) return [];
    const points = values
      .map(([seconds, value]) => ({
        atMs: Math.round(seconds * SECOND_MS),
        value: parseMeasurement(value) ?? Number.NaN,
      }))
      .filter(({ value }) => Number.isFinite(value));
    const rest = new Map(Object.entries(metric).filter(([key]) => key !== label && key !== '__name__'));
    return { node: metric[label] ?? '', metric: metric.__name__ ?? name, rest, points };
  });
  const alike = Map.groupBy(series, ({ node, metric }) => JSON.stringify([node, metric]));
  return series
    .filter(({ points }) => points.length > 0)
    .map(({ node, metric, rest, points }) => ({
      ...{ node, metric: metric + whatTellsApart(rest, alike.get(JSON.stringify([node, metric])) ?? []) },
      timesMs: points.map(({ atMs }) => atMs),
      values: points.map(({ value }) => value),
    }))
    .filter(({ metric }) => nameProblem(metric) === null);
}

type Labelled = { readonly rest: ReadonlyMap<string, string> };

/** One node's series of one metric keep in their names the labels that they differ in, and no others. */
function whatTellsApart(labels: ReadonlyMap<string, string>, alike: readonly Labelled[]): string {
  const differs = (key: string): boolean => new Set(alike.map(({ rest }) => rest.get(key))).size > 1;
  const telling = [...labels].filter(([key]) => differs(key)).map(([key, value]) => `${key}=${value}`);
  return telling.length === 0 ? '' : `{${telling.join(' ')}}`;
}

function resultsOf(document: unknown): z.infer<typeof matrixSchema>['data']['result'] {
  const failed = failedSchema.safeParse(document);
  if (failed.success) throw new Error(`Prometheus refused: ${failed.data.error}`);
  const parsed = matrixSchema.safeParse(document);
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  return parsed.data.data.result;
}
