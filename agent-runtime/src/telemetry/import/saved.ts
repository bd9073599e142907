/** One incident out of saved answers: metrics of Prometheus, traces and logs of Jaeger or OTLP, a call graph. */
import type { Alert, Edge } from '../../analysis/types.ts';
import { edgesOfSpans, topologyOf } from '../sources/topology.ts';
import type { Imported, TruthInput } from './imported.ts';
import { parsePrometheus } from './prometheus.ts';
import { edgesOf } from './rcaeval.ts';
import { parseTraces } from './traces.ts';

export type SavedFile = { readonly name: string; readonly text: string };

export type Saved = {
  readonly id: string;
  readonly alert: Alert;
  /** Answers to `query_range`; a file's name is the metric's where a series has none. */
  readonly prometheus: readonly SavedFile[];
  readonly traces: readonly SavedFile[];
  /** `caller,callee`; added to what the traces show. */
  readonly topology: SavedFile | null;
  /** Labels that may name a node, the most telling first; the usual ones by default. */
  readonly nodeLabels?: readonly string[] | undefined;
  /** The answer, for scoring, where somebody knows it. */
  readonly truth: TruthInput | null;
};

/** @throws Error that names the file which is not what it should be */
export function importSaved(saved: Saved): Imported & { readonly rejected: number } {
  const { id, alert, topology, nodeLabels, truth } = saved;
  const metrics = saved.prometheus.flatMap((file) =>
    reading(file, () => parsePrometheus(file.text, file.name, nodeLabels)),
  );
  const records = saved.traces.map((file) => reading(file, () => parseTraces(file.text)));
  const spans = records.flatMap((part) => part.spans);
  const logs = records.flatMap((part) => part.logs);
  if (metrics.length + spans.length + logs.length === 0) throw new Error('the files hold no metric, span or log');
  const told: readonly Edge[] = topology === null ? [] : reading(topology, () => edgesOf(topology.text));
  const observed = new Set([alert.node, ...[...metrics, ...spans, ...logs].map(({ node }) => node)]);
  const times = [
    ...metrics.flatMap(({ timesMs }) => timesMs),
    ...spans.map(({ startMs }) => startMs),
    ...logs.map(({ atMs }) => atMs),
  ];
  const capture = {
    ...{ id, alert, metrics, spans, logs },
    title: `${alert.metric} of ${alert.node}`,
    // Whole milliseconds around everything; the alert lies after the beginning.
    window: {
      fromMs: Math.floor(times.reduce((least, atMs) => Math.min(least, atMs), alert.atMs - 1)),
      toMs: Math.ceil(times.reduce((most, atMs) => Math.max(most, atMs), alert.atMs)),
    },
    topology: topologyOf([...observed], told, edgesOfSpans(spans)),
  };
  return { capture, truth, rejected: records.reduce((sum, part) => sum + part.rejected, 0) };
}

function reading<T>({ name }: SavedFile, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
