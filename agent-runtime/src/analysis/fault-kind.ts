/**
 * What seems to be wrong with a node, from the symptoms that it shows: causes before effects, as slowness follows from
 * most of them, and queues and waiting from slowness.
 */
import {
  FAILING_SHARE_MIN,
  FAULT_KIND_SHARE,
  FAULT_KIND_TRAFFIC_GROWTH,
  MEMORY_GROWTH_MIN,
  MISSED_SHARE_MIN,
  ON_WIRES_SHARE_MIN,
  RESOURCE_GROWTH_MIN,
  SLOW_FAILURE_GROWTH,
} from './constants.ts';
import type { Demand } from './demand.ts';
import type { FaultKind, LogEvidence, SeriesFinding, SpanEvidence } from './findings.ts';
import { type Resource, resourceOf } from './metric-kinds.ts';
import type { SymptomStrengths } from './node-states.ts';

export type Shown = {
  readonly series: readonly SeriesFinding[];
  readonly strengths: SymptomStrengths;
  readonly spans: SpanEvidence | null;
  readonly logs: LogEvidence | null;
  readonly demand: Demand;
  /** Time lost on the way to and from the node in one step, in milliseconds. */
  readonly lostOnWires: number;
  readonly callsOthers: boolean;
};

export function faultKindOf(shown: Shown): FaultKind {
  const { demand } = shown;
  // Who runs out of memory ends as well.
  if (exhausted(shown, 'memory')) return 'memory';
  if (demand.vanished || demand.downShare > 0 || exhausted(shown, 'restarts')) return 'crash';
  if (demand.missedShare >= MISSED_SHARE_MIN) return 'load';
  if (hasGrown(demand)) return 'load';
  if (exhausted(shown, 'cpu')) return 'cpu';
  if (onTheWay(shown)) return 'network';
  // A pool of connections is a node's way to what it calls; of a node that calls nothing it is a resource as any other.
  if (exhausted(shown, 'connections')) return shown.callsOthers ? 'dependency' : 'saturation';
  if (exhausted(shown, 'network')) return 'network';
  if (exhausted(shown, 'other')) return 'saturation';
  return failing(shown);
}

function failing({ strengths, spans, logs, demand }: Shown): FaultKind {
  const strongest = Math.max(strengths.latency, strengths.errors);
  // Requests that fail for taking too long fail late; what is broken fails at once.
  if (demand.failingShare >= FAILING_SHARE_MIN)
    return demand.slowerMs > demand.usualMs * SLOW_FAILURE_GROWTH ? 'latency' : 'errors';
  if (strongest > 0) return strengths.errors >= strongest * FAULT_KIND_SHARE ? 'errors' : 'latency';
  if (demand.failingShare > 0 && demand.slowerMs === 0) return 'errors';
  if (spans !== null && spans.errorOriginsDuring > spans.errorOriginsBefore && spans.selfGrowthMs === 0)
    return 'errors';
  if (demand.slowerMs > 0 || (spans !== null && spans.selfGrowthMs > 0)) return 'latency';
  return (logs?.strength ?? 0) > 0 ? 'errors' : 'unknown';
}

function hasGrown(demand: Demand): boolean {
  return trafficGrowth(demand) >= FAULT_KIND_TRAFFIC_GROWTH;
}

function trafficGrowth({ requestsBefore, requestsAfter }: Demand): number {
  return requestsBefore !== null && requestsAfter !== null && requestsBefore > 0 ? requestsAfter / requestsBefore : 1;
}

/** More of the lost time passed between the nodes than in this one. */
function onTheWay({ spans, lostOnWires, demand }: Shown): boolean {
  if (spans !== null && spans.spansDuring > 0) {
    // More than the node's own work grew by, and more than it usually takes.
    return spans.wireGrowthMs > Math.max(spans.selfGrowthMs, spans.selfMsBefore ?? 0) * spans.spansDuring;
  }
  const requests = Math.max(demand.requestsBefore ?? 0, demand.requestsAfter ?? 0);
  return lostOnWires > 0 && lostOnWires >= demand.slowerMs * requests * ON_WIRES_SHARE_MIN;
}

/**
 * A series of the resource shows it nearly used up, or far more used than the requests account for, as clearly as any
 * other symptom shows. Lengths of queues and times of waiting say that there is too little of something, not of what.
 */
function exhausted({ series, strengths, demand }: Shown, resource: Resource): boolean {
  const strongest = Math.max(strengths.latency, strengths.errors, strengths.saturation);
  return series.some((item) => {
    if (item.symptom !== 'saturation' || item.strength === 0 || resourceOf(item.metric) !== resource) return false;
    // A process that ends of a lack of memory shows nothing as clearly as that it ends.
    const ended = resource === 'memory' && (demand.vanished || demand.downShare > 0);
    if (item.strength < strongest * FAULT_KIND_SHARE && !ended) return false;
    switch (resource) {
      case 'memory':
        return growthOf(item) >= 1 + MEMORY_GROWTH_MIN * Math.max(1, trafficGrowth(demand));
      case 'cpu':
        return growthOf(item) >= RESOURCE_GROWTH_MIN * Math.max(1, trafficGrowth(demand));
      case 'other':
        return item.unit === 'percent' || item.unit === 'fraction';
      default:
        return true;
    }
  });
}

/** How many times its usual level a series reached. */
function growthOf({ baseline, z }: SeriesFinding): number {
  if (baseline === null) return 1;
  const usual = Math.abs(baseline.median);
  return usual > 0 ? 1 + (z * baseline.spread) / usual : Number.POSITIVE_INFINITY;
}
