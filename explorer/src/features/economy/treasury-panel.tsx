import { BankOutlined } from '@ant-design/icons';
import { type Columns, DataTable } from '../../components/data-table.tsx';
import { FLOW_EVENTS, type FlowSum, flowTotals, treasuryFlow } from '../../components/ledger/treasury-flow.ts';
import { Panel } from '../../components/panel.tsx';
import { EmptyState, QueryBody } from '../../components/states.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { useEventsOf } from '../../lib/queries.ts';
import styles from './economy-page.module.css';

/** Movements that are summed: as many as one page of the API holds. */
const FLOW_ROWS = 200;

function FlowTable({ flows }: { readonly flows: readonly FlowSum[] }) {
  const { t, format } = useI18n();
  const amount = (value: number): string => (value > 0 ? format.number(value) : '–');
  const columns: Columns<FlowSum> = [
    { title: t('flow.kind'), key: 'kind', render: (_, { flow }) => t(`flow.${flow}`) },
    { title: t('flow.in'), key: 'in', align: 'right', render: (_, { in: into }) => amount(into) },
    { title: t('flow.out'), key: 'out', align: 'right', render: (_, { out }) => amount(out) },
    { title: t('flow.count'), key: 'count', align: 'right', render: (_, { count }) => format.number(count) },
  ];
  return <DataTable label={t('flow.title')} columns={columns} rows={flows} rowKey={({ flow }) => flow} />;
}

/** Where the treasury's tokens come from and go to, over the newest movements. */
export function TreasuryPanel() {
  const { t, format } = useI18n();
  const query = useEventsOf(FLOW_EVENTS, { limit: FLOW_ROWS });
  return (
    <Panel title={t('flow.title')} icon={<BankOutlined />} flush>
      <QueryBody query={query} rows={5}>
        {({ items, next }) => {
          const flows = treasuryFlow(items);
          const totals = flowTotals(flows);
          if (flows.length === 0) return <EmptyState title={t('flow.none')} compact />;
          return (
            <>
              <p className={styles.note}>
                {next === null ? t('flow.ofAll') : t('flow.of', { count: format.number(items.length) })}
                {': '}
                {t('flow.in')} <strong className="number">{format.number(totals.in)}</strong>, {t('flow.out')}{' '}
                <strong className="number">{format.number(totals.out)}</strong>, {t('flow.balance')}{' '}
                <strong className="number">{format.signed(totals.in - totals.out)}</strong>
              </p>
              <FlowTable flows={flows} />
              <p className={styles.note}>{t('flow.gas')}</p>
            </>
          );
        }}
      </QueryBody>
    </Panel>
  );
}
