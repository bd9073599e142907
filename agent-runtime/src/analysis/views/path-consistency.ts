/**
 * A6, Fault Mapper: does one story fit? From the true cause the trouble reaches the alert without a healthy node in
 * between, whatever else is ill depends on it, and below it all is well.
 */

import type { NodeFinding } from '../findings.ts';
import { distancesFrom } from '../graph.ts';
import type { Lookup } from '../lookup.ts';
import { amountOf, figuresOf, inScope, keptOf, viewOf } from './view.ts';

/** An unobserved node on the way neither supports nor breaks the story. */
const SILENT_STEP = 0.6;
const HEALTHY_STEP = 0.2;

export const pathConsistencyView = viewOf('A6', 'path consistency', (finding, view) => {
  if (!inScope(finding)) return null;
  const path = view.pathTo(finding.node);
  const covered = coverage(view, finding);
  const figures = figuresOf(view, finding.node);
  const percent = Math.round(covered * 100);
  const route = path.join(' -> ');
  return {
    weight: covered * continuity(view, path) * keptOf(finding, view) * Math.sqrt(amountOf(finding, view)),
    why: {
      en: `${finding.node} accounts for ${percent} % of the trouble over ${route}: ${figures.en}`,
      zh: `${finding.node} 沿 ${route} 可解释 ${percent} % 的异常：${figures.zh}`,
    },
  };
});

/** Share of all trouble in scope that lies at this node or at nodes that call it, directly or not. */
function coverage(view: Lookup, finding: NodeFinding): number {
  const dependants = distancesFrom(view.graph.callers, finding.node);
  const troubled = view.findings.nodes.filter(inScope);
  const total = troubled.reduce((sum, item) => sum + amountOf(item, view), 0);
  const own = troubled.filter(({ node }) => dependants.has(node)).reduce((sum, item) => sum + amountOf(item, view), 0);
  return total > 0 ? own / total : 0;
}

/** Mean over the nodes from the alert to the one before the candidate; a candidate that alerted itself is continuous. */
function continuity(view: Lookup, path: readonly string[]): number {
  const between = path.slice(0, -1).map((node) => {
    const status = view.node(node)?.status ?? 'silent';
    return status === 'anomalous' ? 1 : status === 'silent' ? SILENT_STEP : HEALTHY_STEP;
  });
  return between.length === 0 ? 1 : between.reduce<number>((sum, step) => sum + step, 0) / between.length;
}
