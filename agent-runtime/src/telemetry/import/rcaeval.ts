/**
 * The layout of RCAEval (Pham et al., WWW 2025 companion): `{service}_{fault}/{n}/` with a metrics table (`data.csv`,
 * `simple_data.csv` or `simple_metrics.csv`: a `time` column in Unix seconds, the others `{service}_{metric}`) and
 * `inject_time.txt`. `topology.csv` (`caller,callee`) is read where somebody added one to the case or to the root.
 *
 * The layout has no alert. One is taken from the data: after the injection, at the node that usually takes longest to
 * answer, as the entry of a system waits for all the others.
 */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { metricKind } from '../../analysis/index.ts';
import type { MetricSeries, Topology } from '../../analysis/types.ts';
import { splitCells } from '../csv.ts';
import { CaptureError } from '../errors.ts';
import { type Imported, idOf } from './imported.ts';

const SECOND_MS = 1_000;
/** An alert needs some time to fire. */
const ALERT_DELAY_MS = 120 * SECOND_MS;
const TABLES = ['data.csv', 'simple_data.csv', 'simple_metrics.csv'] as const;

/** Fault names of the data set in the engine's words. */
const FAULT_KIND: Readonly<Record<string, string>> = {
  cpu: 'cpu',
  mem: 'memory',
  disk: 'saturation',
  socket: 'saturation',
  delay: 'network',
  loss: 'network',
};

export async function* importRcaeval(root: string): AsyncIterable<Imported> {
  for (const cause of await foldersIn(root)) {
    const [service, fault] = splitLast(cause);
    for (const run of await foldersIn(join(root, cause))) {
      const folder = join(root, cause, run);
      const table = await firstText(TABLES.map((name) => join(folder, name)));
      const injected = await firstText([join(folder, 'inject_time.txt')]);
      if (table === null || injected === null) continue;
      const topology = await firstText([join(folder, 'topology.csv'), join(root, 'topology.csv')]);
      const id = idOf(basename(root), cause, run);
      yield rcaevalCase({ id, table, injectedMs: Number(injected.trim()) * SECOND_MS, topology }, service, fault);
    }
  }
}

type Files = {
  readonly id: string;
  readonly table: string;
  readonly injectedMs: number;
  readonly topology: string | null;
};

export function rcaevalCase({ id, table, injectedMs, topology }: Files, service: string, fault: string): Imported {
  const metrics = parseTable(table);
  const times = metrics.flatMap(({ timesMs }) => [timesMs[0] ?? [], timesMs.at(-1) ?? []].flat());
  const toMs = times.reduce((most, atMs) => Math.max(most, atMs), injectedMs);
  const fromMs = times.reduce((least, atMs) => Math.min(least, atMs), injectedMs - 1);
  const alert = entryOf(metrics, injectedMs);
  const edges = topology === null ? [] : edgesOf(topology);
  const nodes = [
    ...new Set([...metrics.map(({ node }) => node), ...edges.flatMap(({ caller, callee }) => [caller, callee])]),
  ];
  const kind = FAULT_KIND[fault];
  return {
    capture: {
      ...{ id, title: `${fault} somewhere`, metrics, spans: [], logs: [] },
      alert: { ...alert, atMs: Math.min(toMs, injectedMs + ALERT_DELAY_MS) },
      window: { fromMs, toMs },
      topology: { nodes, edges },
    },
    truth: { rootCause: service, fault, ...(kind === undefined ? {} : { faultKind: kind }) },
  };
}

function parseTable(text: string): readonly MetricSeries[] {
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  const rows = lines.map((line, index) => {
    const cells = splitCells(line);
    if (cells === null)
      throw new CaptureError({ code: 'row-invalid', file: TABLES[0], line: index + 1, why: 'quotes' });
    return cells;
  });
  const [head = [], ...body] = rows;
  const timeColumn = head.indexOf('time');
  if (timeColumn < 0) throw new CaptureError({ code: 'header-invalid', file: TABLES[0], line: 1, expected: 'time,…' });
  return head.flatMap((name, column) => {
    const [node, metric] = splitFirst(name);
    if (column === timeColumn || metric === '') return [];
    const observed = body.flatMap((row) => {
      const cell = row[column] ?? '';
      const [atMs, value] = [Number(row[timeColumn]) * SECOND_MS, cell === '' ? Number.NaN : Number(cell)];
      return Number.isFinite(atMs) && Number.isFinite(value) ? [[atMs, value] as const] : [];
    });
    // Some tables hold a second twice.
    const points = [...new Map(observed)].toSorted(([left], [right]) => left - right);
    if (points.length === 0) return [];
    return { node, metric, timesMs: points.map(([atMs]) => atMs), values: points.map(([, value]) => value) };
  });
}

function entryOf(
  metrics: readonly MetricSeries[],
  injectedMs: number,
): { readonly node: string; readonly metric: string } {
  const usual = metrics
    .filter(({ metric }) => metricKind(metric) === 'latency')
    .map((series) => ({ series, level: medianBefore(series, injectedMs) }))
    .toSorted((left, right) => right.level - left.level || (left.series.node < right.series.node ? -1 : 1));
  const chosen = usual[0]?.series ?? metrics[0];
  return { node: chosen?.node ?? 'unknown', metric: chosen?.metric ?? 'latency' };
}

function medianBefore({ timesMs, values }: MetricSeries, beforeMs: number): number {
  const sorted = values.filter((_, index) => (timesMs[index] ?? 0) < beforeMs).toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

export function edgesOf(text: string): Topology['edges'] {
  const [, ...rows] = text.split(/\r?\n/).filter((line) => line !== '');
  return rows.flatMap((row) => {
    const [caller = '', callee = ''] = splitCells(row) ?? [];
    return caller !== '' && callee !== '' ? [{ caller, callee }] : [];
  });
}

/** `ts-order-service_latency-50` -> node and metric; services have no underscore. */
function splitFirst(name: string): readonly [string, string] {
  const at = name.indexOf('_');
  return at < 0 ? [name, ''] : [name.slice(0, at), name.slice(at + 1)];
}

function splitLast(name: string): readonly [string, string] {
  const at = name.lastIndexOf('_');
  return at < 0 ? [name, 'unknown'] : [name.slice(0, at), name.slice(at + 1)];
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();
}

/** Text of the first of these files that is there. */
async function firstText(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
  return null;
}
