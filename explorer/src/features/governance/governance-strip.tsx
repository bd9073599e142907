import type { MotionView } from '@dao-gov/node/protocol';
import { SummaryStrip } from '../../components/summary-strip.tsx';
import { motionStatus } from '../../components/tags.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { useChain, useEconomics, useValidators } from '../../lib/queries.ts';

/** The epoch, when the next one begins, and what self-government may still spend in this one. */
export function GovernanceStrip({ motions }: { readonly motions: readonly MotionView[] }) {
  const { t, format } = useI18n();
  const chain = useChain().data;
  const validators = useValidators().data;
  const economics = useEconomics().data;
  const ofMost = (amount: number, most: number): string =>
    t('governance.ofMost', { amount: format.number(amount), most: format.number(most) });
  const blocksLeft = validators && chain ? Math.max(0, validators.lastHeight - chain.height) + 1 : undefined;
  const open = motions.filter((motion) => motionStatus(motion) === 'open').length;
  return (
    <SummaryStrip
      label={t('governance.now')}
      items={[
        { label: t('governance.epoch'), value: validators && format.number(validators.epoch) },
        {
          label: t('governance.epochEnds'),
          value: blocksLeft !== undefined && t('governance.epochEndsIn', { blocks: format.number(blocksLeft) }),
        },
        { label: t('governance.openCount'), value: format.number(open) },
        { label: t('governance.waitingCount'), value: economics && format.number(economics.government.waiting.length) },
        {
          label: t('governance.spent'),
          value: economics && ofMost(economics.government.spent, economics.params.government.epochSpending),
        },
        {
          label: t('governance.rewarded'),
          value: economics && ofMost(economics.government.rewarded, economics.params.work.epochBudget),
        },
      ]}
    />
  );
}
