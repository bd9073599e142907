/** A4, Dependency Explorer: whose trouble do its callees not explain, in the call graph and in the traces? */

import type { NodeFinding } from '../findings.ts';
import { decimalRounded } from '../format.ts';
import type { Lookup } from '../lookup.ts';
import { anyOf } from '../statistics.ts';
import type { Bilingual } from '../wording.ts';
import { amountOf, figuresOf, inScope, viewOf } from './view.ts';

export const tracesView = viewOf('A4', 'dependencies and traces', (finding, view) => {
  if (!inScope(finding)) return null;
  const traced = finding.spans?.strength ?? 0;
  const followed = finding.flow > 0 || amountOf(finding, view) === 0 ? finding.flow : finding.residual;
  return {
    weight: anyOf([followed, traced * (1 - finding.explained) * (1 - finding.excused)]),
    why: why(finding, view),
  };
});

function why(finding: NodeFinding, view: Lookup): Bilingual {
  const { node, explainedBy, spans } = finding;
  const figures = figuresOf(view, node);
  const self = spans !== null && spans.selfGrowthMs > 0 ? decimalRounded(spans.selfMsDuring ?? 0) : null;
  const traced =
    self === null
      ? { en: '', zh: '' }
      : { en: `; own time per span ${self} ms`, zh: `；每个 span 自身耗时 ${self} ms` };
  if (explainedBy !== null) {
    return {
      en: `${node} (${figures.en}) is explained by its callee ${explainedBy}${traced.en}`,
      zh: `${node}（${figures.zh}）可由其下游 ${explainedBy} 解释${traced.zh}`,
    };
  }
  return {
    en: `no callee explains ${node}: ${figures.en}${traced.en}`,
    zh: `没有下游能解释 ${node} 的异常：${figures.zh}${traced.zh}`,
  };
}
