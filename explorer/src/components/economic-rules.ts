/** The economic rules as rows for people, read from the parameters of the chain: nothing here is a figure of its own. */
import type { Economics } from '@dao-gov/node/protocol';
import type { I18n } from '../lib/i18n/use-i18n.ts';

export interface Rule {
  readonly label: string;
  readonly value: string;
}

export function economicRules(
  { params, genesisBalance }: Pick<Economics, 'params' | 'genesisBalance'>,
  { t, format }: Pick<I18n, 't' | 'format'>,
): readonly Rule[] {
  const { rewards, penalties } = params;
  const tokensAnd = (tokens: number, reputation: number): string =>
    t('rules.tokensAndReputation', { tokens: format.signed(tokens), reputation: format.signed(reputation) });
  return [
    { label: t('rules.genesisBalance'), value: format.number(genesisBalance) },
    {
      label: t('rules.gas'),
      value: `${format.number(params.gasPrice)} × ${format.number(params.gasLimitMin)}`,
    },
    { label: t('rules.proposer'), value: tokensAnd(rewards.proposer, rewards.proposerReputation) },
    { label: t('rules.bounty'), value: t('rules.tokens', { tokens: format.signed(rewards.bounty) }) },
    { label: t('rules.supporter'), value: tokensAnd(rewards.supporter, rewards.supporterReputation) },
    {
      label: t('rules.rebate'),
      value: t('rules.rebateOfGas', { share: format.percent(rewards.voteGasRebate) }),
    },
    { label: t('rules.opponent'), value: tokensAnd(-penalties.opponent, -penalties.opponentReputation) },
    {
      label: t('rules.rejectedProposer'),
      value: tokensAnd(-penalties.rejectedProposer, -penalties.rejectedProposerReputation),
    },
    {
      label: t('rules.rejectedSupporter'),
      value: tokensAnd(-penalties.rejectedSupporter, -penalties.rejectedSupporterReputation),
    },
    {
      label: t('rules.stakes'),
      value: `${format.number(params.proposalStakeMin)} / ${format.number(params.voteStakeMin)}`,
    },
    {
      label: t('rules.thresholds'),
      value: `> ${format.percent(params.alpha)} / ≥ ${format.percent(params.beta)}`,
    },
    { label: t('rules.votingMode'), value: t(`rules.votingMode.${params.votingMode}`) },
    {
      label: t('rules.windows'),
      value: [params.commitWindowMs, params.revealWindowMs, params.challengeWindowMs].map(format.duration).join(' / '),
    },
    { label: t('rules.stepDeadline'), value: format.duration(params.stepDeadlineMs) },
    { label: t('rules.rounds'), value: format.number(params.roundsMax) },
  ];
}
