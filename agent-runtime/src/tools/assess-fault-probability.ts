import { z } from 'zod';
import { type FaultKind, type Findings, faultAssessment, type ViewCandidate } from '../analysis/index.ts';
import { joined, percent } from './shared.ts';
import type { Tool, ToolContext } from './tool.ts';

export interface Assessment {
  /** False when nothing stands out: "not enough evidence" is an answer. */
  readonly conclusive: boolean;
  readonly candidates: readonly {
    readonly node: string;
    /** Thousandths. */
    readonly probability: number;
    readonly faultKind: FaultKind;
    readonly path: readonly string[];
    readonly reason: { readonly en: string; readonly zh: string };
  }[];
  /** The ranking of the role's own view. */
  readonly ownView: { readonly name: string; readonly candidates: readonly ViewCandidate[] };
}

const CANDIDATES_SHOWN = 5;

export const assessFaultProbability: Tool<Record<string, never>, Assessment> = {
  name: 'assess_fault_probability',
  description: {
    en: 'How probable each node is the root cause (thousandths), fused from metrics, spans, logs, timing and the call graph, with the ranking of your own view.',
    zh: '融合指标、调用链、日志、时序与依赖图，给出各节点为根因的概率（千分数），并附本角色视角的排序。',
  },
  schema: z.strictObject({}),
  run: async (_input, context) => {
    const findings = await context.findings();
    const data = assessmentOf(findings, context);
    const shown = data.candidates.slice(0, CANDIDATES_SHOWN).map(({ node, probability }) => ({
      en: `${node} ${percent(probability)}`,
      zh: `${node} ${percent(probability)}`,
    }));
    return { data, text: joined(shown, { en: 'nothing stands out', zh: '没有突出的异常节点' }) };
  },
};

function assessmentOf(findings: Findings, { view }: ToolContext): Assessment {
  const { candidates, verdict } = faultAssessment(findings);
  return {
    conclusive: verdict === 'root-cause',
    candidates: candidates.map(({ node, probability, faultKind, path, reason, reasonZh }) => ({
      node,
      probability,
      faultKind,
      path,
      reason: { en: reason, zh: reasonZh },
    })),
    ownView: { name: view.name, candidates: view.rank(findings).slice(0, CANDIDATES_SHOWN) },
  };
}
