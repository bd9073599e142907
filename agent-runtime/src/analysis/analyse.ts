/**
 * The root-cause engine's one entry: a capture in, findings out. Pure and deterministic, independent of the order of
 * rows and of what nodes are called, and total: whatever is missing is left out of account, nothing throws.
 */

import { type Account, accountsOf, NO_ACCOUNT } from './accounts.ts';
import { alertDeviations } from './alert-shown.ts';
import { ONSET_TOLERANCE_STEPS, SUSPECT_FLOW_MIN } from './constants.ts';
import { type Demand, demandsOf, knownSeries, NO_DEMAND } from './demand.ts';
import { detect } from './detect.ts';
import { faultKindOf } from './fault-kind.ts';
import type { Candidate, Findings, NodeFinding } from './findings.ts';
import { type Fused, fuse, rankingsOf, suspectsOf, verdictOf } from './fuse.ts';
import { buildGraph, cheapestPredecessors, distancesFrom, type Graph, pathTo, tidyEdges } from './graph.ts';
import { dependencies, handovers, pairsOfSpans } from './handover.ts';
import { locateIncident } from './incident-window.ts';
import { linkDelays, wiresOf } from './links.ts';
import { logEvidence } from './logs.ts';
import { metricKind, symptomOf } from './metric-kinds.ts';
import { type NodeState, nodeStates } from './node-states.ts';
import { nodesOf } from './peers.ts';
import { propagate } from './propagate.ts';
import { spanSeries } from './span-series.ts';
import { delaysOfSpans, measureSpans, spanEvidence } from './spans.ts';
import { samplingStepMs, tidySeries } from './tidy-series.ts';
import type { Capture, Edge } from './types.ts';
import { lostOnWires, wireEvidence } from './wires.ts';

/** A path would rather lead over nodes in trouble, then unobserved ones, than over healthy ones. */
const PATH_COST = { anomalous: 1, silent: 2, healthy: 5 } as const;

export function analyse(capture: Capture): Findings {
  const { alert } = capture;
  const tidy = tidySeries(capture);
  const traced = spanSeries(capture.spans, capture.window);
  const stepMs = samplingStepMs(tidy.length > 0 ? tidy : traced.map(({ series }) => series));
  const { window, span } = locateIncident(
    alert,
    capture.window,
    [...tidy, ...traced.map(({ series }) => series)],
    stepMs,
  );
  const series = detect(tidy, window, alert.atMs, stepMs, nodesOf(capture));
  const shown = alertDeviations(alert, tidy, series, stepMs);
  const measured = knownSeries(tidy, series);
  const demands = demandsOf(measured, traced, span, stepMs);
  const lost = new Set([...demands].flatMap(([node, { vanished }]) => (vanished ? node : [])));
  const events = { ...window, beforeMs: span.cleanUntilMs, incidentFromMs: span.onsetMs };
  const pairs = pairsOfSpans(capture.spans);
  const handedOver = handovers(pairs);
  const measuredSpans = measureSpans(capture.spans, handedOver);
  const states = nodeStates(capture, {
    ...{ series, demands },
    spans: spanEvidence(capture.spans, events, lost, measuredSpans),
    logs: logEvidence(capture.logs, events),
  });
  const { edges: told } = capture.topology;
  const edges = tidyEdges(dependencies(told.length > 0 ? told : pairs, handedOver));
  const graph = buildGraph(edges.length > 0 ? edges : anyoneCalled(alert.node, states));
  const alertSymptom = symptomOf(metricKind(alert.metric));
  const delays = linkDelays(measured, delaysOfSpans(measuredSpans, events), span, stepMs);
  const wires = wiresOf(delays, demands, graph);
  const accounts = accountsOf(states, graph, alert.node, alertSymptom, demands, wires);
  const demandOf = (node: string): Demand => demands.get(node) ?? NO_DEMAND;
  const onWires: OnWires = {
    lost: lostOnWires(wires),
    evidence: wireEvidence(
      wires,
      (node) => demandOf(node).evidence,
      (node) =>
        demandOf(node).slowerMs * Math.max(demandOf(node).requestsBefore ?? 0, demandOf(node).requestsAfter ?? 0),
    ),
  };
  const nodes = nodeFindings(states, graph, alert.node, stepMs * ONSET_TOLERANCE_STEPS, accounts, onWires);
  const suspects = suspectsOf(nodes);
  const rankings = rankingsOf(suspects, stepMs);
  const fused = fuse(suspects, rankings, shown);
  return {
    captureId: capture.id,
    alert,
    alertSymptom,
    alertDeviations: shown,
    window: capture.window,
    incidentFromMs: window.incidentFromMs,
    stepMs,
    verdict: verdictOf(fused),
    candidates: candidatesOf(fused, nodes, graph, alert.node),
    nodes,
    series,
    edges,
    rankings,
  };
}

/** Where nobody knows who calls whom, the alerting node may depend on any other. */
function anyoneCalled(alertNode: string, states: readonly NodeState[]): readonly Edge[] {
  return states.flatMap(({ node }) => (node === alertNode ? [] : { caller: alertNode, callee: node }));
}

/** Of each node, what was lost on the way to and from it, and how surely. */
type OnWires = { readonly lost: ReadonlyMap<string, number>; readonly evidence: ReadonlyMap<string, number> };

function nodeFindings(
  states: readonly NodeState[],
  graph: Graph,
  alertNode: string,
  onsetToleranceMs: number,
  accounts: ReadonlyMap<string, Account>,
  onWires: OnWires,
): readonly NodeFinding[] {
  const byNode = new Map(states.map((state) => [state.node, state]));
  const distances = distancesFrom(graph.callees, alertNode);
  const { explanations, blame } = propagate(byNode, graph, alertNode, onsetToleranceMs);
  return states.map(({ strengths, series, demand, ...state }) => ({
    ...state,
    lossEvidence: Math.max(state.lossEvidence, onWires.evidence.get(state.node) ?? 0),
    faultKind:
      state.status === 'anomalous' || (accounts.get(state.node)?.flow ?? 0) >= SUSPECT_FLOW_MIN
        ? faultKindOf({
            ...{ series, strengths, demand },
            ...{ spans: state.spans, logs: state.logs, lostOnWires: onWires.lost.get(state.node) ?? 0 },
            callsOthers: graph.callees.has(state.node),
          })
        : 'unknown',
    distance: distances.get(state.node) ?? null,
    explained: explanations.get(state.node)?.explained ?? 0,
    explainedBy: explanations.get(state.node)?.explainedBy ?? null,
    residual: explanations.get(state.node)?.residual ?? 0,
    blame: blame.get(state.node) ?? 0,
    ...(accounts.get(state.node) ?? NO_ACCOUNT),
    resources: strengths.saturation,
  }));
}

function candidatesOf(
  fused: readonly Fused[],
  nodes: readonly NodeFinding[],
  graph: Graph,
  alertNode: string,
): readonly Candidate[] {
  const byNode = new Map(nodes.map((finding) => [finding.node, finding]));
  const before = cheapestPredecessors(graph, alertNode, (node) => PATH_COST[byNode.get(node)?.status ?? 'silent']);
  return fused.map(({ node, share, score }) => ({
    node,
    probability: score,
    share,
    faultKind: byNode.get(node)?.faultKind ?? 'unknown',
    path: pathTo(before, alertNode, node),
  }));
}
