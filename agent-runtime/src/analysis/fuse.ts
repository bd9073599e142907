/**
 * Fusion: several independent orderings of the suspects become one probability each.
 *
 * Reciprocal-rank fusion needs no common scale between rankings and forgives one that is wrong. What is left to 1 is
 * the chance that nothing here is the cause.
 */
import {
  CERTAINTY_MAX,
  DOUBT_HALVING_SEVERITY,
  FUSION_RANK_OFFSET,
  FUSION_SHARPNESS,
  RANKING_WEIGHT,
  VERDICT_PROBABILITY_MIN,
} from './constants.ts';
import type { NodeFinding, RankedNode, Ranking, Verdict } from './findings.ts';
import { stable } from './statistics.ts';
import { byName } from './tidy-series.ts';

/** In trouble, and reachable from the alerting node; where nothing in reach is in trouble, anything in trouble. */
export function suspectsOf(nodes: readonly NodeFinding[]): readonly NodeFinding[] {
  const troubled = nodes.filter(({ status }) => status === 'anomalous');
  const inReach = troubled.filter(({ distance }) => distance !== null);
  return inReach.length > 0 ? inReach : troubled;
}

export function rankingsOf(suspects: readonly NodeFinding[]): readonly Ranking[] {
  const rank = (evidence: keyof typeof RANKING_WEIGHT, scoreOf: (node: NodeFinding) => number | null): Ranking => ({
    evidence,
    weight: RANKING_WEIGHT[evidence],
    nodes: suspects
      .flatMap((suspect): readonly RankedNode[] => {
        const score = scoreOf(suspect);
        return score === null ? [] : [{ node: suspect.node, score }];
      })
      .toSorted((left, right) => right.score - left.score || byName(left.node, right.node)),
  });
  const positive = (score: number): number | null => (score > 0 ? score : null);
  return [
    rank('residual', ({ residual }) => positive(residual)),
    rank('blame', ({ blame }) => positive(blame)),
    rank('severity', ({ metricSeverity }) => positive(metricSeverity)),
    rank('onset', ({ onsetMs }) => (onsetMs === null ? null : -onsetMs)),
    rank('spans', ({ spans }) => positive(spans?.strength ?? 0)),
    rank('logs', ({ logs }) => positive(logs?.strength ?? 0)),
  ].filter(({ nodes }) => nodes.length > 0);
}

/** Probability of each suspect, most probable first. Exact ties go to the deeper node, where causes usually are. */
export function fuse(suspects: readonly NodeFinding[], rankings: readonly Ranking[]): readonly RankedNode[] {
  const fused = suspects.map((suspect) => ({
    suspect,
    score: stable(rankings.reduce((total, ranking) => total + reciprocalRank(ranking, suspect.node), 0)),
  }));
  const best = fused.reduce((most, { score }) => Math.max(most, score), 0);
  if (best === 0) return [];
  const sharpened = fused.map(({ suspect, score }) => ({ suspect, share: (score / best) ** FUSION_SHARPNESS }));
  const total = stable(sharpened.reduce((sum, { share }) => sum + share, 0));
  return sharpened
    .map(({ suspect, share }) => ({ suspect, score: stable((share / total) * certaintyOf(suspect.severity)) }))
    .toSorted((left, right) => right.score - left.score || moreTelling(left.suspect, right.suspect))
    .map(({ suspect, score }) => ({ node: suspect.node, score }));
}

/** How sure `severity` makes us that there is a fault at all. */
export function certaintyOf(severity: number): number {
  return CERTAINTY_MAX * (1 - 2 ** (-severity / DOUBT_HALVING_SEVERITY));
}

export function verdictOf(fused: readonly RankedNode[]): Verdict {
  return (fused[0]?.score ?? 0) >= VERDICT_PROBABILITY_MIN ? 'root-cause' : 'not-enough-evidence';
}

/** Equal scores share the middle of the places that they take, so that no name decides. */
function reciprocalRank({ weight, nodes }: Ranking, node: string): number {
  const own = nodes.find((ranked) => ranked.node === node);
  if (own === undefined) return 0;
  const better = nodes.filter(({ score }) => score > own.score).length;
  const equal = nodes.filter(({ score }) => score === own.score).length;
  const place = better + (equal + 1) / 2;
  return weight / (FUSION_RANK_OFFSET + place);
}

function moreTelling(left: NodeFinding, right: NodeFinding): number {
  return (
    right.residual - left.residual ||
    (right.distance ?? -1) - (left.distance ?? -1) ||
    right.severity - left.severity ||
    byName(left.node, right.node)
  );
}
