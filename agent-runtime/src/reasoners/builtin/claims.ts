/** Assessing and claiming, as the deterministic reasoner does it. */
import { claimOf } from '../../analysis/index.ts';
import {
  assessFaultProbability,
  compareWithDownstream,
  queryLogs,
  queryTraces,
  type ToolBox,
} from '../../tools/index.ts';
import type { ReasonedOf, ReasoningTask } from '../reasoner.ts';

const percent = (thousandths: number): string => `${thousandths / 10} %`;

export async function assessFault(
  _task: ReasoningTask,
  tools: ToolBox,
): Promise<ReasonedOf<'submit_fault_assessment'>> {
  tools.thought({
    en: 'Metrics, traces, logs, timing and the call graph each point somewhere. Where do they agree?',
    zh: '指标、调用链、日志、时序与依赖图各有指向。它们在哪里一致？',
  });
  const { candidates, conclusive } = await tools.use(assessFaultProbability, {});
  const [first, second] = candidates;
  if (first === undefined) {
    tools.answer({ en: 'Nothing stands out: not enough evidence.', zh: '没有突出的异常：证据不足。' });
    return { purpose: 'submit_fault_assessment', summary: 'Nothing stands out: not enough evidence' };
  }
  await tools.use(compareWithDownstream, { node: first.node });
  const next =
    second === undefined
      ? { en: '', zh: '' }
      : {
          en: `, then ${second.node} ${percent(second.probability)}`,
          zh: `，其次 ${second.node} ${percent(second.probability)}`,
        };
  const doubt = conclusive ? { en: '', zh: '' } : { en: '; not conclusive', zh: '；尚不足以定论' };
  const summary = `${first.node} ${percent(first.probability)}${next.en}${doubt.en}`;
  tools.answer({ en: `${summary}.`, zh: `${first.node} ${percent(first.probability)}${next.zh}${doubt.zh}。` });
  return { purpose: 'submit_fault_assessment', summary };
}

export async function proposeRootCause(
  { rejectedCauses, probabilityMin }: ReasoningTask,
  tools: ToolBox,
): Promise<ReasonedOf<'propose_root_cause'>> {
  const before =
    rejectedCauses.length === 0
      ? { en: '', zh: '' }
      : {
          en: ` The others turned down ${rejectedCauses.join(', ')}.`,
          zh: `其他智能体已否决 ${rejectedCauses.join('、')}。`,
        };
  tools.thought({
    en: `A claim stakes my tokens: it must be more likely right than it is costly when wrong.${before.en}`,
    zh: `主张需要质押代币：只有胜算足够时才值得提出。${before.zh}`,
  });
  const { candidates, conclusive, ownView } = await tools.use(assessFaultProbability, {});
  const claim = claimOf({ conclusive, candidates, own: ownView.candidates }, rejectedCauses, probabilityMin);
  if (claim === null) {
    const reason = {
      en: `No cause is probable enough to stake on (at least ${percent(probabilityMin)} is needed).`,
      zh: `没有足够可信的根因值得质押（至少需要 ${percent(probabilityMin)}）。`,
    };
    tools.answer(reason);
    return { purpose: 'propose_root_cause', rootCause: null, faultKind: 'unknown', probability: 0, reason };
  }
  const { node, faultKind, probability } = claim;
  await tools.use(queryTraces, { node });
  await tools.use(queryLogs, { node });
  const { reason } = await tools.use(compareWithDownstream, { node });
  tools.answer({
    en: `Root cause: ${node}, probability ${percent(probability)}. ${reason.en}`,
    zh: `根因：${node}，概率 ${percent(probability)}。${reason.zh}`,
  });
  return { purpose: 'propose_root_cause', rootCause: node, faultKind, probability, reason };
}
