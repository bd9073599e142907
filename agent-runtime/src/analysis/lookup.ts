/** Questions that views, reasons and products ask of the findings again and again. */
import type { Findings, NodeFinding, SeriesFinding, Symptom } from './findings.ts';
import { withUnit } from './format.ts';
import { buildGraph, cheapestPredecessors, type Graph, pathTo, visibleCallees } from './graph.ts';

export type Lookup = {
  readonly findings: Findings;
  readonly graph: Graph;
  readonly node: (name: string) => NodeFinding | null;
  readonly seriesOf: (name: string) => readonly SeriesFinding[];
  /** The series that show a node's trouble: one for each symptom, strongest first. */
  readonly tellingSeriesOf: (name: string) => readonly SeriesFinding[];
  /** Of these, the ones whose figure at the alert is worth telling. */
  readonly quotedSeriesOf: (name: string) => readonly SeriesFinding[];
  /** Callees whose state was observed, seen through silent ones. */
  readonly visibleCalleesOf: (name: string) => readonly NodeFinding[];
  readonly silentCalleesOf: (name: string) => readonly NodeFinding[];
  readonly pathTo: (name: string) => readonly string[];
};

export function lookup(findings: Findings): Lookup {
  const graph = buildGraph(findings.edges);
  const nodes = new Map(findings.nodes.map((finding) => [finding.node, finding]));
  const series = Map.groupBy(findings.series, ({ node }) => node);
  const paths = new Map(findings.candidates.map(({ node, path }) => [node, path]));
  const find = (name: string): NodeFinding | null => nodes.get(name) ?? null;
  const isSilent = (name: string): boolean => (find(name)?.status ?? 'silent') === 'silent';
  return {
    findings,
    graph,
    node: find,
    seriesOf: (name) => series.get(name) ?? [],
    tellingSeriesOf: (name) => tellingSeries(series.get(name) ?? []),
    quotedSeriesOf: (name) => quotedSeries(tellingSeries(series.get(name) ?? [])),
    visibleCalleesOf: (name) => visibleCallees(graph, name, isSilent).flatMap((callee) => find(callee) ?? []),
    silentCalleesOf: (name) => (graph.callees.get(name) ?? []).filter(isSilent).flatMap((callee) => find(callee) ?? []),
    pathTo: (name) =>
      paths.get(name) ??
      pathTo(
        cheapestPredecessors(graph, findings.alert.node, () => 1),
        findings.alert.node,
        name,
      ),
  };
}

/** Errors are told before slowness: they are what a reader acts on first. */
const TELLING_ORDER: readonly Symptom[] = ['errors', 'latency', 'saturation', 'traffic', 'other'];

function tellingSeries(series: readonly SeriesFinding[]): readonly SeriesFinding[] {
  return TELLING_ORDER.flatMap((symptom) => {
    const shown = series.filter((item) => item.symptom === symptom && item.anomalous && item.atAlert !== null);
    const strongest = shown.reduce<SeriesFinding | null>(
      (best, item) => (best === null || item.z > best.z ? item : best),
      null,
    );
    return strongest ?? [];
  });
}

/** A series can depart over the incident and read as usual at the alert itself: beside one that does not, it tells nothing. */
function quotedSeries(telling: readonly SeriesFinding[]): readonly SeriesFinding[] {
  const apart = telling.filter(({ atAlert, baseline, unit }) => {
    return baseline === null || withUnit(atAlert?.value ?? 0, unit) !== withUnit(baseline.median, unit);
  });
  return apart.length > 0 ? apart : telling;
}
