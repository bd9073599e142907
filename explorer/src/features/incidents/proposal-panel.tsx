import { TeamOutlined } from '@ant-design/icons';
import type { ProposalView } from '@dao-gov/node/protocol';
import { FieldList } from '../../components/field-list.tsx';
import { HashText } from '../../components/hash-text.tsx';
import { Panel } from '../../components/panel.tsx';
import { PartyName } from '../../components/party-name.tsx';
import { PollWindow } from '../../components/poll-window.tsx';
import { ProposalClaim } from '../../components/proposal/proposal-claim.tsx';
import { VoteRing } from '../../components/proposal/vote-ring.tsx';
import { VoteTable } from '../../components/proposal/vote-table.tsx';
import { ToneTag } from '../../components/tags.tsx';
import { When } from '../../components/when.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { paymentsByParty } from './payments.ts';
import styles from './proposal-panel.module.css';

function Escrow({ proposal }: { readonly proposal: ProposalView }) {
  const { t, name, format } = useI18n();
  if (proposal.escrow.length === 0) return null;
  return (
    <div className={styles.escrow}>
      <h3>
        {t('proposal.escrow')}{' '}
        <ToneTag tone={proposal.released ? 'good' : 'warn'}>
          {t(proposal.released ? 'proposal.released' : 'proposal.held')}
        </ToneTag>
      </h3>
      <ul>
        {paymentsByParty(proposal.escrow).map(({ to, total, parts }) => (
          <li key={to.address}>
            <PartyName party={to} />
            <strong className="number">{format.signed(total)}</strong>
            <span className="soft number">
              {parts.map(({ amount, reason }) => `${format.signed(amount)} ${name('value', reason)}`).join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** One proposal of the incident with everybody's vote and reason. */
export function ProposalPanel({ proposal }: { readonly proposal: ProposalView }) {
  const { t } = useI18n();
  return (
    <Panel
      anchor={proposal.proposalId}
      className={proposal.status === 'overturned' ? styles.fallen : undefined}
      title={t('proposal.title', { round: proposal.round })}
      icon={<TeamOutlined />}
    >
      <div className={styles.columns}>
        <div className={styles.stack}>
          <ProposalClaim proposal={proposal} />
          <div className={styles.cites}>
            <span className="soft">{t('proposal.cites')}</span>
            {proposal.cites.map((hash) => (
              <HashText key={hash} value={hash} />
            ))}
          </div>
          <FieldList
            columnPx={300}
            fields={[
              { label: t('proposal.opened'), value: <When atMs={proposal.openedAtMs} /> },
              {
                label: t('proposal.decided'),
                value: proposal.decidedAtMs > 0 ? <When atMs={proposal.decidedAtMs} /> : '–',
              },
              { label: t('proposal.id'), value: <HashText value={proposal.proposalId} /> },
              { label: t('proposal.settled'), value: t(proposal.settled ? 'answer.yes' : 'answer.no') },
            ]}
          />
        </div>
        <div className={styles.stack}>
          <VoteRing proposal={proposal} />
          <PollWindow poll={proposal} />
        </div>
      </div>
      <div className={styles.flush}>
        <VoteTable proposal={proposal} reasons />
        <Escrow proposal={proposal} />
      </div>
    </Panel>
  );
}
