import { ExperimentOutlined } from '@ant-design/icons';
import type { IncidentDetail } from '@dao-gov/node/protocol';
import { type Columns, DataTable } from '../../components/data-table.tsx';
import { EvidenceList } from '../../components/evidence/evidence-list.tsx';
import { TransactionHash } from '../../components/hash-text.tsx';
import { Panel } from '../../components/panel.tsx';
import { PartyName, usePartyLabel } from '../../components/party-name.tsx';
import { EmptyState } from '../../components/states.tsx';
import { RecoveredTag } from '../../components/tags.tsx';
import { When } from '../../components/when.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { useEconomics } from '../../lib/queries.ts';
import styles from './proposal-panel.module.css';

type Report = IncidentDetail['outcomeReports'][number];

/** What each agent measured after the fix; enough equal reports outrank every vote. */
export function OutcomeReports({ reports }: { readonly reports: readonly Report[] }) {
  const { t, format } = useI18n();
  const label = usePartyLabel();
  const needed = useEconomics().data?.params.falsification.outcomeReportsMin;
  const columns: Columns<Report> = [
    { title: t('outcome.by'), key: 'by', render: (_, { by }) => <PartyName party={by} link /> },
    { title: t('outcome.found'), key: 'found', render: (_, report) => <RecoveredTag recovered={report.recovered} /> },
    { title: t('proposal.round'), key: 'round', align: 'right', render: (_, { round }) => format.number(round) },
    { title: t('outcome.at'), key: 'at', render: (_, { atMs }) => <When atMs={atMs} /> },
    {
      title: t('outcome.transaction'),
      key: 'transaction',
      render: (_, { transaction }) => <TransactionHash hash={transaction} />,
    },
  ];
  return (
    <Panel title={t('outcome.title')} icon={<ExperimentOutlined />} flush>
      {needed !== undefined && <p className={styles.note}>{t('outcome.needs', { needed: format.number(needed) })}</p>}
      {reports.length === 0 ? (
        <EmptyState title={t('outcome.none')} compact />
      ) : (
        <>
          <DataTable
            label={t('outcome.title')}
            columns={columns}
            rows={reports}
            rowKey={({ transaction }) => transaction}
          />
          <div className={styles.escrow}>
            <EvidenceList
              entries={reports.map(({ metrics, by }) => ({
                hash: metrics,
                title: t('outcome.metrics', { agent: label(by) }),
              }))}
            />
          </div>
        </>
      )}
    </Panel>
  );
}
