/** Voting, as the deterministic reasoner does it: the evidence first, then the claim by the role's own view. */

import { DISCREPANCIES_NAMED_MAX } from '../../core/constants.ts';
import { AnalystError } from '../../core/errors.ts';
import { checkEvidence, judgeClaim, type ToolBox } from '../../tools/index.ts';
import type { ReasonedOf, ReasoningTask } from '../reasoner.ts';

/** Evidence that contradicts one's own measurement is reason enough to refuse. */
export const MISMATCH_CONFIDENCE = 900;

export async function vote(task: ReasoningTask, tools: ToolBox): Promise<ReasonedOf<'vote'>> {
  const { rootCause } = task;
  tools.thought({
    en: `${rootCause} is claimed to be the cause. I check the cited evidence against my own data, then judge by my own view.`,
    zh: `有提案主张根因为 ${rootCause}。先用自己的数据核对所引证据，再以本角色视角判断。`,
  });
  try {
    return await judged(task, tools);
  } catch (error) {
    if (!(error instanceof AnalystError)) throw error;
    const reason = {
      en: `I have no telemetry of this alert's source, so I cannot judge: ${error.message}`,
      zh: `本智能体没有该告警来源的遥测数据，无法判断：${error.message}`,
    };
    return concluded(tools, { purpose: 'vote', option: 'Abstain', confidence: 0, reason });
  }
}

/** The policy decides; there is nothing to measure. */
export async function voteOnMotion({ motion }: ReasoningTask, tools: ToolBox): Promise<ReasonedOf<'vote_motion'>> {
  if (motion === null) throw new Error('a vote on a motion without one');
  const { option, reason } = motion.policy;
  tools.thought({ en: `A motion is to be voted on: ${motion.reason}`, zh: `有动议待表决：${motion.reason}` });
  tools.answer({ en: `${option}. ${reason.en}`, zh: `${OPTION_ZH[option]}。${reason.zh}` });
  return { purpose: 'vote_motion', option, reason };
}

async function judged({ rootCause }: ReasoningTask, tools: ToolBox): Promise<ReasonedOf<'vote'>> {
  const { discrepancies } = await tools.use(checkEvidence, {});
  if (discrepancies.length > 0) {
    const named = discrepancies.slice(0, DISCREPANCIES_NAMED_MAX);
    const reason = {
      en: `The cited evidence does not match what I measure: ${named.map(({ en }) => en).join('; ')}`,
      zh: `所引证据与本智能体的测量不符：${named.map(({ zh }) => zh).join('；')}`,
    };
    return concluded(tools, { purpose: 'vote', option: 'Against', confidence: MISMATCH_CONFIDENCE, reason });
  }
  const { option, confidence, reason } = await tools.use(judgeClaim, { rootCause });
  return concluded(tools, { purpose: 'vote', option, confidence, reason });
}

export const OPTION_ZH = { For: '赞成', Against: '反对', Abstain: '弃权' } as const;

function concluded(tools: ToolBox, decision: ReasonedOf<'vote'>): ReasonedOf<'vote'> {
  const { option, reason } = decision;
  tools.answer({ en: `${option}. ${reason.en}`, zh: `${OPTION_ZH[option]}。${reason.zh}` });
  return decision;
}
