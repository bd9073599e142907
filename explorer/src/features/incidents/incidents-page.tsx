import { AlertOutlined } from '@ant-design/icons';
import type { IncidentSummary } from '@dao-gov/node/protocol';
import { Link } from 'react-router';
import { CursorPager, usePageQuery } from '../../components/cursor-pager.tsx';
import { type Columns, DataTable } from '../../components/data-table.tsx';
import { ExportMenu } from '../../components/export-menu.tsx';
import { incidentPath } from '../../components/hash-text.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { EmptyState, QueryBody } from '../../components/states.tsx';
import { PriorityTag, SopStateTag } from '../../components/tags.tsx';
import { When } from '../../components/when.tsx';
import { PAGE_ROWS } from '../../lib/constants.ts';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { useIncidents } from '../../lib/queries.ts';

function IncidentsTable({ incidents }: { readonly incidents: readonly IncidentSummary[] }) {
  const { t, name, format } = useI18n();
  const columns: Columns<IncidentSummary> = [
    {
      title: t('incident.id'),
      key: 'id',
      render: (_, { incidentId }) => (
        <Link to={incidentPath(incidentId)} className="mono">
          {incidentId}
        </Link>
      ),
    },
    {
      title: t('incident.priority'),
      key: 'priority',
      render: (_, { priority }) => <PriorityTag priority={priority} />,
    },
    { title: t('incident.state'), key: 'state', render: (_, { state }) => <SopStateTag state={state} /> },
    { title: t('incident.name'), key: 'title', render: (_, { title }) => title },
    {
      title: t('incident.alert'),
      key: 'alert',
      render: (_, { alert }) => (
        <span className="mono">
          {alert.node} · {alert.metric}
        </span>
      ),
    },
    {
      title: t('proposal.rootCause'),
      key: 'cause',
      render: (_, { rootCause, faultKind }) =>
        rootCause === '' ? (
          <span className="soft">{t('incident.noRootCause')}</span>
        ) : (
          <>
            <span className="mono">{rootCause}</span> <span className="soft">{name('faultKind', faultKind)}</span>
          </>
        ),
    },
    { title: t('incident.opened'), key: 'opened', render: (_, { openedAtMs }) => <When atMs={openedAtMs} /> },
    {
      title: t('incident.duration'),
      key: 'duration',
      align: 'right',
      render: (_, { openedAtMs, closedAtMs }) => (
        <span className="number">{closedAtMs > 0 ? format.duration(closedAtMs - openedAtMs) : '–'}</span>
      ),
    },
  ];
  return (
    <DataTable
      label={t('incidents.title')}
      columns={columns}
      rows={incidents}
      rowKey={({ incidentId }) => incidentId}
      empty={<EmptyState title={t('console.noIncident')}>{t('incidents.noneHint')}</EmptyState>}
    />
  );
}

export function IncidentsPage() {
  const { t } = useI18n();
  const query = useIncidents(usePageQuery(PAGE_ROWS));
  return (
    <Page name={t('incidents.title')} intro={t('incidents.intro')}>
      <Panel title={t('incidents.list')} icon={<AlertOutlined />} extra={<ExportMenu what="settlements" />} flush>
        <QueryBody query={query} rows={6}>
          {({ items, next }) => (
            <>
              <IncidentsTable incidents={items} />
              <CursorPager next={next} shown={items.length} />
            </>
          )}
        </QueryBody>
      </Panel>
    </Page>
  );
}
