/** A7, Solution Engineer: where is there something concrete to repair, that repairing the callees would not cure? */
import type { FaultKind } from '../findings.ts';
import { FAULT_KIND_TEXT } from '../wording.ts';
import { amountOf, figuresOf, inScope, keptOf, viewOf } from './view.ts';

/** How directly each kind of fault names what to repair: a resource most, mere slowness least. */
const REPAIRABLE: Readonly<Record<FaultKind, number>> = {
  crash: 1,
  cpu: 1,
  memory: 1,
  saturation: 1,
  errors: 0.9,
  network: 0.8,
  load: 0.8,
  latency: 0.75,
  dependency: 0.6,
  unknown: 0.3,
};

export const fixPlausibilityView = viewOf('A7', 'fix plausibility', (finding, view) => {
  if (!inScope(finding)) return null;
  const kind = FAULT_KIND_TEXT[finding.faultKind];
  const figures = figuresOf(view, finding.node);
  return {
    weight: REPAIRABLE[finding.faultKind] * keptOf(finding, view) * amountOf(finding, view),
    why: {
      en: `a repair at ${finding.node} has a target, ${kind.en}: ${figures.en}`,
      zh: `在 ${finding.node} 上修复有明确目标（${kind.zh}）：${figures.zh}`,
    },
  };
});
