/**
 * Answers of Prometheus' `query_range`, saved as JSON: `{data: {resultType: "matrix", result: [{metric, values}]}}`.
 * The node is the first of the usual labels that a series has; what `NaN` or infinity stands in was not observed.
 */
import { z } from 'zod';
import type { MetricSeries } from '../../analysis/types.ts';

const SECOND_MS = 1_000;

const matrixSchema = z.object({
  data: z.object({
    resultType: z.literal('matrix'),
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

/** @param name of the metric where the series have none, as after a function; usually the file's name */
export function parsePrometheus(
  text: string,
  name: string,
  labels: readonly string[] = NODE_LABELS,
): readonly MetricSeries[] {
  const { result } = matrixSchema.parse(JSON.parse(text)).data;
  const series = result.flatMap(({ metric, values }) => {
    const label = labels.find((candidate) => (metric[candidate] ?? '') !== '');
    if (label === undefined) return [];
    const points = values
      .map(([seconds, value]) => ({ atMs: seconds * SECOND_MS, value: value === '' ? Number.NaN : Number(value) }))
      .filter(({ value }) => Number.isFinite(value));
    const rest = Object.entries(metric).filter(([key]) => key !== label && key !== '__name__');
    return { node: metric[label] ?? '', metric: metric.__name__ ?? name, rest, points };
  });
  const count = Map.groupBy(series, ({ node, metric }) => JSON.stringify([node, metric]));
  return series
    .filter(({ points }) => points.length > 0)
    .map(({ node, metric, rest, points }) => {
      // One node's series that differ in other labels only keep those in their names.
      const alike = (count.get(JSON.stringify([node, metric]))?.length ?? 0) > 1;
      const suffix = alike ? `{${rest.map(([key, value]) => `${key}=${value}`).join(' ')}}` : '';
      return {
        ...{ node, metric: `${metric}${suffix}` },
        timesMs: points.map(({ atMs }) => atMs),
        values: points.map(({ value }) => value),
      };
    });
}
