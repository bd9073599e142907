/**
 * How an agent votes on motions: honest and simple. It supports a moderate change inside the bounds that leaves itself
 * able to take part, and a small payment with a reason to somebody who is not the mover; it opposes what is not; where it
 * has an interest of its own or no rule, it abstains.
 */
import {
  type AccountRecord,
  type Address,
  changedParams,
  isParamProblem,
  type MotionRecord,
  type ParamChange,
  type Params,
  paramValue,
  type TreasuryRecord,
  type VoteOption,
} from '@dao-gov/node/protocol';
import type { Bilingual } from '../analysis/index.ts';
import { TRANSACTIONS_PER_INCIDENT } from './constants.ts';
import type { AgentPolicy } from './policy.ts';

export interface MotionCircumstances {
  readonly self: Address;
  readonly account: Pick<AccountRecord, 'balance' | 'stake' | 'locked'>;
  readonly params: Params;
  readonly treasury: Pick<TreasuryRecord, 'balance'>;
  readonly policy: AgentPolicy['motions'];
}

export interface MotionJudgement {
  readonly option: VoteOption;
  readonly reason: Bilingual;
}

/** Windows in which an agent must act itself, or lose its stake or its turn. */
const OWN_WINDOWS = ['commitWindowMs', 'revealWindowMs', 'stepDeadlineMs', 'government.motionWindowMs'];

const against = (en: string, zh: string): MotionJudgement => ({ option: 'Against', reason: { en, zh } });
const abstain = (en: string, zh: string): MotionJudgement => ({ option: 'Abstain', reason: { en, zh } });
const percent = (thousandths: number): string => `${thousandths / 10} %`;

export const judgeMotion = (motion: MotionRecord, circumstances: MotionCircumstances): MotionJudgement =>
  motion.kind === 'parameters' ? judgeChanges(motion, circumstances) : judgeSpending(motion, circumstances);

function judgeChanges({ changes }: MotionRecord, circumstances: MotionCircumstances): MotionJudgement {
  const { params, policy, account } = circumstances;
  const after = changedParams(params, changes);
  if (isParamProblem(after)) return against(`Out of bounds: ${after.detail}.`, `超出允许范围：${after.detail}。`);
  const objection = changes.map((change) => objectionTo(change, params, policy)).find((judged) => judged !== undefined);
  if (objection !== undefined) return objection;
  const neededFor = (incidents: number): number => incidents * incidentCost(after);
  const means = account.balance + account.stake - account.locked;
  if (incidentCost(after) > incidentCost(params) && neededFor(policy.incidentsAffordableMin) > means) {
    const least = policy.incidentsAffordableMin;
    return against(
      `My ${means} tokens would no longer pay for ${least} incidents (${neededFor(least)}).`,
      `我的 ${means} 代币将不足以参与 ${least} 次事件（需 ${neededFor(least)}）。`,
    );
  }
  const undecided = changes.find(({ value }) => typeof value === 'string' && value !== 'sealed');
  if (undecided !== undefined) {
    return abstain(`I have no rule for ${undecided.name}.`, `我对 ${undecided.name} 没有既定规则。`);
  }
  const named = changes.map(({ name, value }) => `${name} = ${value}`).join(', ');
  return {
    option: 'For',
    reason: {
      en: `Inside the bounds, no figure moves by more than ${percent(policy.changeMax)}, and I can still take part: ${named}.`,
      zh: `在允许范围内，变动不超过 ${percent(policy.changeMax)}，且不影响我参与：${named}。`,
    },
  };
}

function objectionTo(
  { name, value }: ParamChange,
  params: Params,
  { changeMax, windowMsMin }: AgentPolicy['motions'],
): MotionJudgement | undefined {
  const before = paramValue(params, name);
  if (name === 'votingMode' && value === 'open' && before === 'sealed') {
    return against('Open votes let the late follow the early.', '公开投票会让后投者跟随先投者。');
  }
  if (typeof value !== 'number' || typeof before !== 'number') return undefined;
  if (OWN_WINDOWS.includes(name) && value < windowMsMin && value < before) {
    return against(
      `${name} of ${value} ms leaves me no time to analyse; I need ${windowMsMin} ms.`,
      `${name} 为 ${value} 毫秒，不足以完成分析；至少需要 ${windowMsMin} 毫秒。`,
    );
  }
  const moved = (Math.abs(value - before) * 1_000) / Math.max(1, before);
  if (moved <= changeMax) return undefined;
  return against(
    `${name} from ${before} to ${value} is more than ${percent(changeMax)} at once.`,
    `${name} 由 ${before} 改为 ${value}，一次变动超过 ${percent(changeMax)}。`,
  );
}

/** Least tokens that taking part in one incident takes. */
const incidentCost = ({ gasPrice, gasLimitMin, voteStakeMin }: Params): number =>
  voteStakeMin + TRANSACTIONS_PER_INCIDENT * gasPrice * gasLimitMin;

function judgeSpending(
  { to, amount, proposer, reason }: MotionRecord,
  circumstances: MotionCircumstances,
): MotionJudgement {
  const { self, treasury, policy } = circumstances;
  if (to === self) return abstain('The payment is to myself.', '该支出的收款人是我自己。');
  if (to === proposer) return against('The mover would pay itself.', '提案者向自己付款。');
  const largest = Math.floor((treasury.balance * policy.treasuryShareMax) / 1_000);
  if (amount > largest) {
    const share = percent(policy.treasuryShareMax);
    return against(
      `${amount} is more than ${share} of the treasury (${largest}).`,
      `${amount} 超过国库的 ${share}（${largest}）。`,
    );
  }
  if (reason.en.trim().length < policy.reasonCharsMin) {
    return against('It does not say what the payment is for.', '未说明支出用途。');
  }
  return {
    option: 'For',
    reason: {
      en: `${amount} is within ${percent(policy.treasuryShareMax)} of the treasury, and a reason is given.`,
      zh: `${amount} 在国库的 ${percent(policy.treasuryShareMax)} 以内，且说明了用途。`,
    },
  };
}
