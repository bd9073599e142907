/**
 * What governance may set parameters to. A vote can be bought or mistaken; no vote may stop the chain, make a claim free
 * of risk, or let somebody pay a fine with less than was staked. Each bound and each relation says why.
 */

import type { Params } from './genesis.ts';
import type { ParamChange } from './records.ts';

/** Inclusive range of an integer, or the texts that are allowed. */
export type ParamBound = { readonly min: number; readonly max: number } | { readonly oneOf: readonly string[] };

const between = (min: number, max: number): ParamBound => ({ min, max });
const SECOND_MS = 1_000;
const DAY_MS = 24 * 3_600 * SECOND_MS;
/** A vote window takes agents some seconds of analysis; a longer one than a day holds stakes for nothing. */
const voteWindow = between(SECOND_MS, DAY_MS);
/** Fifty times the report's bounty: beyond it a single incident could take the treasury. */
const tokens = between(0, 50_000);
/** A fifth of the scale: no single verdict makes or ruins an agent. */
const points = between(0, 20);
const share = between(0, 1_000);

/** Every parameter that a motion may change, by its path. What is not here is fixed by the genesis file. */
export const PARAM_BOUNDS: Readonly<Record<string, ParamBound>> = {
  /** Dearer gas than this prices an agent with the report's 20,000 tokens out of a single incident. */
  gasPrice: between(1, 20),
  gasLimitMin: between(1, 1_000),
  /** Below half a minority could pass a claim; at 1,000 not even all could. */
  alpha: between(500, 900),
  /** With two of seven dead five sevenths take part: more than 700 would need the dead. */
  beta: between(250, 700),
  votingMode: { oneOf: ['sealed', 'open'] },
  commitWindowMs: voteWindow,
  revealWindowMs: voteWindow,
  stepDeadlineMs: between(SECOND_MS, DAY_MS),
  challengeWindowMs: between(SECOND_MS, 7 * DAY_MS),
  roundsMax: between(1, 10),
  proposalStakeMin: between(1, 10_000),
  voteStakeMin: between(1, 10_000),
  'rewards.proposer': tokens,
  'rewards.bounty': tokens,
  'rewards.proposerReputation': points,
  'rewards.supporter': tokens,
  'rewards.supporterReputation': points,
  /** More than the gas that was paid would be a wage for voting at all. */
  'rewards.voteGasRebate': share,
  'penalties.opponent': tokens,
  'penalties.opponentReputation': points,
  'penalties.rejectedProposer': tokens,
  'penalties.rejectedProposerReputation': points,
  'penalties.rejectedSupporter': tokens,
  'penalties.rejectedSupporterReputation': points,
  /** Deadlines are met by heartbeats: a chain must not stand still for minutes, nor beat for nothing. */
  heartbeatMs: between(500, 60_000),
  incidentHeartbeatMs: between(100, 10_000),
  'confidence.proposalStakeMax': between(1, 100_000),
  'confidence.voteStakeMax': between(1, 100_000),
  'confidence.bonusShare': share,
  'confidence.lossShare': share,
  /** An overturned claim must cost its supporters something. */
  'falsification.supporterLoss': between(100, 1_000),
  'falsification.toChallenger': share,
  'falsification.failedBondTo': { oneOf: ['treasury', 'proposer'] },
  'falsification.proposerReputation': points,
  'falsification.supporterReputation': points,
  'falsification.challengerReputation': points,
  'falsification.failedChallengerReputation': points,
  /** With two of seven dead and the proposer barred, four can still report. */
  'falsification.outcomeReportsMin': between(1, 4),
  'work.stepReward': between(0, 1_000),
  'work.gasRebateMax': between(0, 2_000),
  'work.epochBudget': between(0, 1_000_000),
  'government.motionWindowMs': between(SECOND_MS, 7 * DAY_MS),
  'government.epochSpending': between(0, 100_000),
  'reboot.cooldownMs': between(SECOND_MS, 30 * DAY_MS),
};

interface Relation {
  readonly holds: (params: Params) => boolean;
  readonly detail: string;
}

/** Parameters that are safe only together. */
const RELATIONS: readonly Relation[] = [
  {
    holds: ({ voteStakeMin, penalties }) => voteStakeMin > penalties.opponent,
    detail: 'voteStakeMin must be more than penalties.opponent: the stake answers for the fine',
  },
  {
    holds: ({ confidence, proposalStakeMin }) => confidence.proposalStakeMax >= proposalStakeMin,
    detail: 'confidence.proposalStakeMax must not be below proposalStakeMin',
  },
  {
    holds: ({ confidence, voteStakeMin }) => confidence.voteStakeMax >= voteStakeMin,
    detail: 'confidence.voteStakeMax must not be below voteStakeMin',
  },
  {
    // Break-even of a further token: bonus / (bonus + loss) of the guesses wrong, so two thirds must be right at least.
    holds: ({ confidence }) => confidence.lossShare >= 2 * confidence.bonusShare,
    detail: 'confidence.lossShare must be at least twice confidence.bonusShare: a guess must not pay',
  },
  {
    holds: ({ heartbeatMs, incidentHeartbeatMs }) => incidentHeartbeatMs <= heartbeatMs,
    detail: 'incidentHeartbeatMs must not be more than heartbeatMs',
  },
  {
    holds: ({ staking, challengeWindowMs }) => staking.unbondDelayMs >= challengeWindowMs + staking.evidenceAgeMs,
    detail: 'staking.unbondDelayMs must cover the challenge window and the age of evidence: a bond answers until then',
  },
  {
    holds: ({ incidentHeartbeatMs, commitWindowMs, revealWindowMs, stepDeadlineMs, challengeWindowMs }) =>
      2 * incidentHeartbeatMs <= Math.min(commitWindowMs, revealWindowMs, stepDeadlineMs, challengeWindowMs),
    detail: 'every window must last two incident heartbeats: a deadline is met by a block',
  },
  {
    holds: ({ work, rewards }) => work.epochBudget >= rewards.proposer + rewards.bounty,
    detail: 'work.epochBudget must pay for one claim at least',
  },
  {
    holds: ({ rewards, falsification }) => falsification.proposerReputation >= rewards.proposerReputation,
    detail: 'a falsified claim must cost at least the reputation that a right one earns',
  },
];

export interface ParamProblem {
  readonly code: 'PARAMETER_UNKNOWN' | 'PARAMETER_OUT_OF_BOUNDS' | 'PARAMETERS_INCONSISTENT';
  readonly detail: string;
}

function boundProblem({ name, value }: ParamChange): ParamProblem | undefined {
  const bound = Object.hasOwn(PARAM_BOUNDS, name) ? PARAM_BOUNDS[name] : undefined;
  if (bound === undefined) return { code: 'PARAMETER_UNKNOWN', detail: `${name} is no parameter that can be changed` };
  const out = (allowed: string): ParamProblem => ({
    code: 'PARAMETER_OUT_OF_BOUNDS',
    detail: `${name} may be ${allowed}`,
  });
  if ('oneOf' in bound) return bound.oneOf.includes(String(value)) ? undefined : out(bound.oneOf.join(' or '));
  const inside = typeof value === 'number' && value >= bound.min && value <= bound.max;
  return inside ? undefined : out(`${bound.min} to ${bound.max}`);
}

/** The parameters with one of them set. Paths have one or two parts, and exist: they stand in the table above. */
function withChange(params: Params, { name, value }: ParamChange): Params {
  const [first = '', second] = name.split('.');
  if (second === undefined) return { ...params, [first]: value };
  const group = params[first as keyof Params] as object;
  return { ...params, [first]: { ...group, [second]: value } };
}

/** What a parameter of the table is set to. */
export const paramValue = (params: Params, name: string): number | string =>
  name.split('.').reduce<unknown>((value, part) => (value as Record<string, unknown>)[part], params) as number;

/** What a motion would make of the parameters, or the first reason why it may not. */
export function changedParams(params: Params, changes: readonly ParamChange[]): Params | ParamProblem {
  for (const [index, change] of changes.entries()) {
    const problem = boundProblem(change);
    if (problem) return problem;
    const again = changes.findIndex(({ name }) => name === change.name) !== index;
    if (again) return { code: 'PARAMETERS_INCONSISTENT', detail: `${change.name} stands there twice` };
  }
  const changed = changes.reduce(withChange, params);
  const broken = RELATIONS.find(({ holds }) => !holds(changed));
  return broken ? { code: 'PARAMETERS_INCONSISTENT', detail: broken.detail } : changed;
}

export const isParamProblem = (result: Params | ParamProblem): result is ParamProblem => 'code' in result;
