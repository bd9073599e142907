import { z } from 'zod';
import { judge, type VoteOption } from '../analysis/index.ts';
import { nodeName, percent } from './shared.ts';
import type { Tool } from './tool.ts';

export interface ClaimJudgement {
  readonly rootCause: string;
  readonly option: VoteOption;
  /** Thousandths. */
  readonly confidence: number;
  readonly reason: { readonly en: string; readonly zh: string };
}

const OPTION_ZH: Readonly<Record<VoteOption, string>> = { For: '赞成', Against: '反对', Abstain: '弃权' };

export const judgeClaim: Tool<{ rootCause: string }, ClaimJudgement> = {
  name: 'judge_claim',
  description: {
    en: 'What your own view of the data says of a claimed root cause: For, Against or Abstain, with confidence and reason.',
    zh: '以本角色视角评判所主张的根因：赞成、反对或弃权，并给出置信度与理由。',
  },
  schema: z.strictObject({ rootCause: nodeName }),
  run: async ({ rootCause }, { findings, view }) => {
    const { option, confidence, reason, reasonZh } = judge(view, await findings(), rootCause);
    return {
      data: { rootCause, option, confidence, reason: { en: reason, zh: reasonZh } },
      text: {
        en: `by ${view.name}: ${option}, confidence ${percent(confidence)}: ${reason}`,
        zh: `本视角：${OPTION_ZH[option]}，置信度 ${percent(confidence)}：${reasonZh}`,
      },
    };
  },
};
