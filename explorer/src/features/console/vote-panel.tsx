import { CheckCircleFilled, CloseCircleFilled, SolutionOutlined, TeamOutlined } from '@ant-design/icons';
import type { IncidentDetail, ProposalView } from '@dao-gov/node/protocol';
import { Panel } from '../../components/panel.tsx';
import { PollWindow } from '../../components/poll-window.tsx';
import { ProposalClaim } from '../../components/proposal/proposal-claim.tsx';
import { VoteRing } from '../../components/proposal/vote-ring.tsx';
import { VoteTable } from '../../components/proposal/vote-table.tsx';
import { EmptyState } from '../../components/states.tsx';
import { ToneTag } from '../../components/tags.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import styles from './vote-panel.module.css';

function ConsensusBadge({ status }: Pick<ProposalView, 'status'>) {
  const { t } = useI18n();
  if (status === 'passed') {
    return (
      <ToneTag tone="good" icon={<CheckCircleFilled />}>
        {t('vote.reached')}
      </ToneTag>
    );
  }
  if (status === 'rejected') {
    return (
      <ToneTag tone="bad" icon={<CloseCircleFilled />}>
        {t('vote.rejected')}
      </ToneTag>
    );
  }
  if (status === 'overturned') {
    return (
      <ToneTag tone="bad" icon={<CloseCircleFilled />}>
        {t('proposal.status.overturned')}
      </ToneTag>
    );
  }
  return <ToneTag tone="info">{t('vote.open')}</ToneTag>;
}

/** The newest proposal of the incident with its vote. */
export function VotePanel({ incident }: { readonly incident: IncidentDetail | null }) {
  const { t } = useI18n();
  const proposal = incident?.proposals.at(-1);
  return (
    <Panel
      title={t('vote.title')}
      icon={<TeamOutlined />}
      extra={proposal && <ConsensusBadge status={proposal.status} />}
    >
      {proposal === undefined ? (
        <EmptyState title={t('vote.noProposal')} icon={<SolutionOutlined />}>
          {t('vote.noProposalHint')}
        </EmptyState>
      ) : (
        <div className={styles.stack}>
          <div className={styles.claim}>
            <ProposalClaim proposal={proposal} />
          </div>
          <VoteRing proposal={proposal} />
          <PollWindow poll={proposal} />
          <div className={styles.table}>
            <VoteTable proposal={proposal} />
          </div>
        </div>
      )}
    </Panel>
  );
}
