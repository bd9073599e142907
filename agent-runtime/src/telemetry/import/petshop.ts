/**
 * The layout of the PetShop data set (Hardt et al., CLeaR 2024): `{scenario}/graph.csv` (an adjacency matrix,
 * caller by row), `{scenario}/noissue/metrics.csv` (normal operation) and `{scenario}/{train,test}/issue_N/` with
 * `metrics.csv` and `target.json`. Metric files have three heading rows: node, metric, statistic.
 *
 * Normal operation was recorded on other days than the issues. It is moved by whole days to just before the issue, so
 * that the time of day stays what it was; what lies between the two is absent.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Edge, MetricSeries, Topology } from '../../analysis/types.ts';
import { splitCells } from '../csv.ts';
import { CaptureError } from '../errors.ts';
import { type Imported, idOf } from './imported.ts';

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;
const METRICS = 'metrics.csv';

const targetSchema = z.object({
  target: z.object({ node: z.string(), metric: z.string(), agg: z.string(), timestamp: z.number() }),
  root_cause: z.object({ node: z.string() }),
});

export async function* importPetshop(root: string): AsyncIterable<Imported> {
  for (const scenario of await foldersIn(root)) {
    const topology = parseMatrix(await readFile(join(root, scenario, 'graph.csv'), 'utf8'));
    const history = parseWide(await readFile(join(root, scenario, 'noissue', METRICS), 'utf8'));
    for (const split of ['train', 'test']) {
      for (const issue of await foldersIn(join(root, scenario, split))) {
        yield readIssue(
          join(root, scenario, split, issue),
          { id: idOf(scenario, split, issue), scenario },
          topology,
          history,
        );
      }
    }
  }
}

async function readIssue(
  folder: string,
  { id, scenario }: { readonly id: string; readonly scenario: string },
  topology: Topology,
  history: readonly MetricSeries[],
): Promise<Imported> {
  const { target, root_cause } = targetSchema.parse(JSON.parse(await readFile(join(folder, 'target.json'), 'utf8')));
  const issue = parseWide(await readFile(join(folder, METRICS), 'utf8'));
  const metrics = joined(history, issue);
  const times = metrics.flatMap(({ timesMs }) => [timesMs[0] ?? [], timesMs.at(-1) ?? []].flat());
  const capture = {
    id,
    title: `${target.metric} of ${target.node}`,
    alert: { node: target.node, metric: metricName(target.metric, target.agg), atMs: target.timestamp * SECOND_MS },
    window: {
      fromMs: times.reduce((least, atMs) => Math.min(least, atMs)),
      toMs: times.reduce((most, atMs) => Math.max(most, atMs)),
    },
    ...{ topology, metrics, spans: [], logs: [] },
  };
  return { capture, truth: { rootCause: root_cause.node, scenario: `${scenario} ${target.metric}` } };
}

/** `latency`, `p90` -> `latency_p90` */
const metricName = (metric: string, statistic: string): string => `${metric}_${statistic.toLowerCase()}`;

/** History moved back by whole days, so that it ends before the issue's first observation. */
function joined(history: readonly MetricSeries[], issue: readonly MetricSeries[]): readonly MetricSeries[] {
  const first = issue.reduce((least, { timesMs }) => Math.min(least, timesMs[0] ?? least), Number.POSITIVE_INFINITY);
  const last = history.reduce((most, { timesMs }) => Math.max(most, timesMs.at(-1) ?? most), Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(first) || !Number.isFinite(last)) return issue;
  const shiftMs = Math.floor((first - 1 - last) / DAY_MS) * DAY_MS;
  const key = ({ node, metric }: MetricSeries): string => JSON.stringify([node, metric]);
  const during = new Map(issue.map((series) => [key(series), series]));
  const known = new Set(history.map(key));
  return [
    ...history.map((series) => {
      const own = during.get(key(series));
      return {
        ...series,
        timesMs: [...series.timesMs.map((atMs) => atMs + shiftMs), ...(own?.timesMs ?? [])],
        values: [...series.values, ...(own?.values ?? [])],
      };
    }),
    ...issue.filter((series) => !known.has(key(series))),
  ];
}

/** One column a series; empty cells were not observed. */
export function parseWide(text: string): readonly MetricSeries[] {
  const [nodes = [], metrics = [], statistics = [], ...rest] = rowsOf(text);
  const rows = rest.filter(([time]) => time !== undefined && Number.isFinite(Number.parseFloat(time)));
  return nodes.flatMap((node, column) => {
    if (column === 0) return [];
    const observed = rows.flatMap((row) => {
      const cell = row[column] ?? '';
      const value = cell === '' ? Number.NaN : Number(cell);
      return Number.isFinite(value) ? [{ atMs: Number(row[0]) * SECOND_MS, value }] : [];
    });
    if (observed.length === 0) return [];
    return {
      node,
      metric: metricName(metrics[column] ?? '', statistics[column] ?? ''),
      timesMs: observed.map(({ atMs }) => atMs),
      values: observed.map(({ value }) => value),
    };
  });
}

function parseMatrix(text: string): Topology {
  const [head = [], ...rows] = rowsOf(text);
  const edges = rows.flatMap(([caller = '', ...cells]): readonly Edge[] =>
    cells.flatMap((cell, index) => (Number(cell) > 0 ? { caller, callee: head[index + 1] ?? '' } : [])),
  );
  return { nodes: rows.map(([node = '']) => node), edges };
}

function rowsOf(text: string): readonly (readonly string[])[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line, index) => {
      const cells = splitCells(line);
      if (cells === null)
        throw new CaptureError({ code: 'row-invalid', file: METRICS, line: index + 1, why: 'quotes' });
      return cells;
    });
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted((left, right) => left.localeCompare(right, 'en', { numeric: true }));
}
