import type { ProposalView } from '@dao-gov/node/protocol';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { Clamp } from '../clamp.tsx';
import { PartyName } from '../party-name.tsx';
import { ProposalStatusTag } from '../tags.tsx';
import styles from './proposal-claim.module.css';

/** What is claimed: the root cause, how sure, by whom, with how much at stake, and why. */
export function ProposalClaim({ proposal }: { readonly proposal: ProposalView }) {
  const { t, name, format, pick } = useI18n();
  const facts = [
    [t('proposal.faultKind'), name('faultKind', proposal.faultKind)],
    [t('proposal.probability'), format.percent(proposal.probability)],
    [t('proposal.proposer'), <PartyName key="proposer" party={proposal.proposer} />],
    [t('proposal.stake'), format.number(proposal.stake)],
    [t('proposal.round'), format.number(proposal.round)],
  ] as const;
  return (
    <div className={styles.claim}>
      <dl className={styles.facts}>
        <div className={styles.fact}>
          <dt>{t('proposal.rootCause')}</dt>
          <dd className={styles.cause}>
            {proposal.status === 'overturned' ? <s>{proposal.rootCause}</s> : proposal.rootCause}
          </dd>
        </div>
        <ProposalStatusTag status={proposal.status} />
      </dl>
      <dl className={styles.facts}>
        {facts.map(([label, value]) => (
          <div key={label} className={styles.fact}>
            <dt>{label}</dt>
            <dd className="number">{value}</dd>
          </div>
        ))}
      </dl>
      <Clamp lines={4}>
        <p className={styles.reason}>{pick(proposal.reason)}</p>
      </Clamp>
    </div>
  );
}
