/**
 * Fusion: several independent orderings of the suspects become one probability each.
 *
 * Each kind of evidence gives every suspect a share; shares are pooled logarithmically (Genest & Zidek, "Combining
 * probability distributions", Statistical Science 1986), so that a suspect must be plausible to all of them, by how much
 * each kind is worth. A floor under every share lets no kind of evidence exclude a suspect by itself. How far shares can
 * be believed is told by calibration.ts.
 */
import { statedProbabilities } from './calibration.ts';
import {
  EVIDENCE_SHARE_MIN,
  EVIDENCE_WEIGHT,
  EXCUSED_MIN,
  ONSET_HALVING_STEPS,
  POOL_SHARPNESS,
  SUSPECT_FLOW_MIN,
  VERDICT_PROBABILITY_MIN,
} from './constants.ts';
import type { NodeFinding, RankedNode, Ranking, Verdict } from './findings.ts';
import { stable } from './statistics.ts';
import { byName } from './tidy-series.ts';

/** In trouble, and reachable from the alerting node; where nothing in reach is in trouble, anything in trouble. */
export function suspectsOf(nodes: readonly NodeFinding[]): readonly NodeFinding[] {
  const troubled = nodes.filter(
    ({ status, flow }) => status === 'anomalous' || (status === 'healthy' && flow >= SUSPECT_FLOW_MIN),
  );
  const inReach = troubled.filter(({ distance }) => distance !== null);
  return inReach.length > 0 ? inReach : troubled;
}

type Evidence = keyof typeof EVIDENCE_WEIGHT;

/** @param stepMs how far apart two onsets must be to count as one after the other; 0 when unknown */
export function rankingsOf(suspects: readonly NodeFinding[], stepMs: number): readonly Ranking[] {
  const first = suspects.reduce((least, { onsetMs }) => Math.min(least, onsetMs ?? least), Number.POSITIVE_INFINITY);
  const stepsLate = (onsetMs: number): number => (stepMs > 0 ? (onsetMs - first) / stepMs : 0);
  const rank = (evidence: Evidence, scoreOf: (node: NodeFinding) => number): Ranking => ({
    evidence,
    weight: EVIDENCE_WEIGHT[evidence],
    nodes: suspects
      .map((suspect): RankedNode => ({ node: suspect.node, score: stable(scoreOf(suspect)) }))
      .filter(({ score }) => score > 0)
      .toSorted((left, right) => right.score - left.score || byName(left.node, right.node)),
  });
  return [
    rank('flow', ({ flow }) => flow),
    rank('symptom', ({ symptomKept }) => symptomKept),
    rank('residual', (node) => node.residual * ownPart(node)),
    rank('blame', ({ blame }) => blame),
    rank('severity', ({ metricSeverity }) => metricSeverity),
    rank('onset', ({ onsetMs }) => (onsetMs === null ? 0 : 2 ** (-stepsLate(onsetMs) / ONSET_HALVING_STEPS))),
    rank('resources', (node) => node.resources * ownPart(node)),
    rank('spans', (node) => (node.spans?.strength ?? 0) * ownPart(node)),
    rank('logs', ({ logs }) => logs?.strength ?? 0),
  ].filter(({ nodes }) => nodes.length > 0);
}

/** Who is mostly excused says nothing by its trouble: its callers made it. */
function ownPart({ excused }: NodeFinding): number {
  return excused >= EXCUSED_MIN ? 0 : 1 - excused;
}

/** Probability of each suspect, most probable first. Exact ties go to the deeper node, where causes usually are. */
export function fuse(
  suspects: readonly NodeFinding[],
  rankings: readonly Ranking[],
  alertDeviations: number | null,
): readonly Fused[] {
  if (rankings.length === 0) return [];
  const shares = rankings.map(sharesOf);
  const pooled = suspects.map((suspect) => ({
    suspect,
    score: rankings.reduce((total, { weight }, index) => {
      const share = shares[index]?.get(suspect.node) ?? 0;
      return total + weight * Math.log(Math.max(share, EVIDENCE_SHARE_MIN));
    }, 0),
  }));
  const best = pooled.reduce((most, { score }) => Math.max(most, score), Number.NEGATIVE_INFINITY);
  const weighed = pooled.map(({ suspect, score }) => ({ suspect, share: Math.exp((score - best) * POOL_SHARPNESS) }));
  const total = weighed.reduce((sum, { share }) => sum + share, 0);
  const stated = statedProbabilities(
    weighed.map(({ suspect, share }) => ({ finding: suspect, share: stable(share / total) })),
    alertDeviations,
  );
  return weighed
    .map(({ suspect, share }, index) => ({ suspect, share: stable(share / total), score: stated[index] ?? 0 }))
    .toSorted((left, right) => right.score - left.score || moreTelling(left.suspect, right.suspect))
    .map(({ suspect, share, score }) => ({ node: suspect.node, share, score }));
}

/** `score` is the stated probability, `share` the part of the evidence. */
export type Fused = RankedNode & { readonly share: number };

function sharesOf({ nodes }: Ranking): ReadonlyMap<string, number> {
  const total = nodes.reduce((sum, { score }) => sum + score, 0);
  return new Map(nodes.map(({ node, score }) => [node, score / total]));
}

export function verdictOf(fused: readonly RankedNode[]): Verdict {
  return (fused[0]?.score ?? 0) >= VERDICT_PROBABILITY_MIN ? 'root-cause' : 'not-enough-evidence';
}

function moreTelling(left: NodeFinding, right: NodeFinding): number {
  return (
    right.residual - left.residual ||
    (right.distance ?? -1) - (left.distance ?? -1) ||
    right.severity - left.severity ||
    byName(left.node, right.node)
  );
}
