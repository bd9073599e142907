/** Doubting what was agreed on, as the deterministic reasoner does it. */
import { DISCREPANCIES_NAMED_MAX } from '../../core/constants.ts';
import { AnalystError } from '../../core/errors.ts';
import { assessFaultProbability, checkEvidence, judgeClaim, type ToolBox } from '../../tools/index.ts';
import type { ReasonedOf, ReasoningTask } from '../reasoner.ts';
import { MISMATCH_CONFIDENCE, OPTION_ZH } from './vote.ts';

type ChallengeVote = ReasonedOf<'vote_challenge'>;

/** For and Against of a claim, turned round: who is for the challenge is against the claim. */
const TURNED = { For: 'Against', Against: 'For', Abstain: 'Abstain' } as const;

export async function challenge(
  { rootCause, probabilityMin }: ReasoningTask,
  tools: ToolBox,
): Promise<ReasonedOf<'challenge'>> {
  tools.thought({
    en: `${rootCause} was agreed on. There is newer telemetry by now: does it still point there?`,
    zh: `已就 ${rootCause} 达成共识。现在有了更新的遥测数据：它是否仍指向该处？`,
  });
  const { candidates } = await tools.use(assessFaultProbability, {});
  const { option, reason: doubt } = await tools.use(judgeClaim, { rootCause });
  const other = candidates.find(({ node }) => node !== rootCause);
  if (option !== 'Against' || other === undefined || other.probability < probabilityMin) {
    const reason = { en: 'The newer data does not refute the claim.', zh: '更新的数据不足以推翻该提案。' };
    tools.answer(reason);
    return { purpose: 'challenge', rootCause: null, reason };
  }
  const share = `${other.probability / 10} %`;
  const reason = {
    en: `Newer data speaks for ${other.node} (${share}) and not for ${rootCause}. ${other.reason.en} ${doubt.en}`,
    zh: `更新的数据指向 ${other.node}（${share}），而非 ${rootCause}。${other.reason.zh} ${doubt.zh}`,
  };
  tools.answer(reason);
  return { purpose: 'challenge', rootCause: other.node, reason };
}

export async function voteOnChallenge(task: ReasoningTask, tools: ToolBox): Promise<ChallengeVote> {
  const { rootCause } = task;
  tools.thought({
    en: `A challenge says that ${rootCause} is not the cause. I check its new evidence against my own data, and judge the claim again. For the challenge is against the claim.`,
    zh: `有质询认为 ${rootCause} 并非根因。核对其新证据，并重新评判该主张。赞成质询即反对该主张。`,
  });
  try {
    return await judged(task, tools);
  } catch (error) {
    if (!(error instanceof AnalystError)) throw error;
    const reason = {
      en: `I have no telemetry of this alert's source, so I cannot judge: ${error.message}`,
      zh: `本智能体没有该告警来源的遥测数据，无法判断：${error.message}`,
    };
    return concluded(tools, { purpose: 'vote_challenge', option: 'Abstain', confidence: 0, reason });
  }
}

async function judged({ rootCause }: ReasoningTask, tools: ToolBox): Promise<ChallengeVote> {
  const { discrepancies } = await tools.use(checkEvidence, {});
  if (discrepancies.length > 0) {
    const named = discrepancies.slice(0, DISCREPANCIES_NAMED_MAX);
    const reason = {
      en: `The challenge's evidence does not match what I measure: ${named.map(({ en }) => en).join('; ')}`,
      zh: `质询的证据与本智能体的测量不符：${named.map(({ zh }) => zh).join('；')}`,
    };
    return concluded(tools, { purpose: 'vote_challenge', option: 'Against', confidence: MISMATCH_CONFIDENCE, reason });
  }
  const { option, confidence, reason } = await tools.use(judgeClaim, { rootCause });
  return concluded(tools, { purpose: 'vote_challenge', option: TURNED[option], confidence, reason });
}

function concluded(tools: ToolBox, decision: ChallengeVote): ChallengeVote {
  const { option, reason } = decision;
  tools.answer({ en: `${option} the challenge. ${reason.en}`, zh: `对质询投${OPTION_ZH[option]}。${reason.zh}` });
  return decision;
}
