/** What seems to be wrong with a node, from the symptoms that it shows: causes before effects, as slowness follows from most. */
import { FAILING_SHARE_MIN, FAULT_KIND_SHARE, FAULT_KIND_TRAFFIC_GROWTH } from './constants.ts';
import type { Demand } from './demand.ts';
import type { FaultKind, LogEvidence, SeriesFinding, SpanEvidence } from './findings.ts';
import { resourceOf } from './metric-kinds.ts';
import type { SymptomStrengths } from './node-states.ts';

export type Shown = {
  readonly series: readonly SeriesFinding[];
  readonly strengths: SymptomStrengths;
  readonly spans: SpanEvidence | null;
  readonly logs: LogEvidence | null;
  readonly demand: Demand;
};

export function faultKindOf({ series, strengths, spans, logs, demand }: Shown): FaultKind {
  if (demand.vanished) return 'crash';
  if (hasGrown(demand)) return 'load';
  const strongest = Math.max(strengths.latency, strengths.errors, strengths.saturation);
  if (strongest > 0 && strengths.saturation >= strongest * FAULT_KIND_SHARE) return resourceFault(series);
  if (onTheWay(spans)) return 'network';
  if (demand.failingShare >= FAILING_SHARE_MIN) return 'errors';
  if (strongest > 0) return strengths.errors >= strongest * FAULT_KIND_SHARE ? 'errors' : 'latency';
  if (demand.failingShare > 0 && demand.slowerMs === 0) return 'errors';
  if (spans !== null && spans.errorOriginsDuring > spans.errorOriginsBefore && spans.selfGrowthMs === 0)
    return 'errors';
  if (demand.slowerMs > 0 || (spans !== null && spans.selfGrowthMs > 0)) return 'latency';
  return (logs?.strength ?? 0) > 0 ? 'errors' : 'unknown';
}

function hasGrown({ requestsBefore, requestsAfter }: Demand): boolean {
  return requestsBefore !== null && requestsAfter !== null && requestsBefore > 0
    ? requestsAfter / requestsBefore >= FAULT_KIND_TRAFFIC_GROWTH
    : false;
}

/** More of the lost time passed between the nodes than in this one. */
function onTheWay(spans: SpanEvidence | null): boolean {
  return spans !== null && spans.wireGrowthMs > spans.selfGrowthMs * spans.spansDuring;
}

function resourceFault(series: readonly SeriesFinding[]): FaultKind {
  const strongest = series
    .filter(({ symptom, strength }) => symptom === 'saturation' && strength > 0)
    .reduce<SeriesFinding | null>((best, item) => (best === null || item.strength > best.strength ? item : best), null);
  switch (strongest === null ? 'other' : resourceOf(strongest.metric)) {
    case 'cpu':
      return 'cpu';
    case 'memory':
      return 'memory';
    case 'network':
      return 'network';
    case 'restarts':
      return 'crash';
    default:
      return 'saturation';
  }
}
