import { SwapOutlined } from '@ant-design/icons';
import { CALL_TYPES } from '@dao-gov/node/protocol';
import { Select } from 'antd';
import { useSearchParams } from 'react-router';
import { CursorPager, usePageQuery } from '../../components/cursor-pager.tsx';
import { ExportMenu } from '../../components/export-menu.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { usePartyLabel } from '../../components/party-name.tsx';
import { EmptyState, QueryBody } from '../../components/states.tsx';
import { TransactionsTable } from '../../components/transactions-table.tsx';
import { PAGE_ROWS } from '../../lib/constants.ts';
import { shortHash } from '../../lib/format.ts';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { useParties } from '../../lib/parties.ts';
import { usePending, useTransactions } from '../../lib/queries.ts';
import { TransactionSearch } from './transaction-search.tsx';
import styles from './transactions-page.module.css';

const FILTERS = ['type', 'sender'] as const;
type Filter = (typeof FILTERS)[number];

/** Filters stand in the address; changing one goes back to the newest page. */
function useFilters() {
  const [query, setQuery] = useSearchParams();
  const chosen: Partial<Record<Filter, string>> = Object.fromEntries(
    FILTERS.flatMap((filter) => {
      const value = query.get(filter);
      return value === null ? [] : [[filter, value]];
    }),
  );
  const choose = (filter: Filter, value: string | undefined): void => {
    const next: Partial<Record<Filter, string>> = { ...chosen };
    if (value === undefined) delete next[filter];
    else next[filter] = value;
    setQuery(next);
  };
  return { chosen, choose };
}

function FilterBar({ chosen, choose }: ReturnType<typeof useFilters>) {
  const { t, name } = useI18n();
  const parties = useParties();
  const label = usePartyLabel();
  const senders = [...parties.values()].map((party) => ({ value: party.address, label: label(party) }));
  const unknownSender = chosen.sender !== undefined && !parties.has(chosen.sender);
  return (
    <div className={styles.filters}>
      <Select
        allowClear
        aria-label={t('transactions.filterType')}
        placeholder={t('transactions.filterType')}
        style={{ width: 210 }}
        value={chosen.type ?? null}
        onChange={(type: string | null | undefined) => choose('type', type ?? undefined)}
        options={CALL_TYPES.map((type) => ({ value: type as string, label: name('type', type) }))}
      />
      <Select
        allowClear
        aria-label={t('transactions.filterSender')}
        placeholder={t('transactions.filterSender')}
        style={{ width: 210 }}
        value={chosen.sender ?? null}
        onChange={(sender: string | null | undefined) => choose('sender', sender ?? undefined)}
        options={
          unknownSender && chosen.sender
            ? [...senders, { value: chosen.sender, label: shortHash(chosen.sender, 6, 4) }]
            : senders
        }
      />
      <ExportMenu what="transactions" />
    </div>
  );
}

/** What waits for a block; the panel is there only while something waits. */
function PendingPanel() {
  const { t, format } = useI18n();
  const { data } = usePending();
  if (!data || data.count === 0) return null;
  return (
    <Panel title={t('transactions.pending', { count: format.number(data.count) })} flush>
      <TransactionsTable transactions={data.items} empty={null} />
    </Panel>
  );
}

export function TransactionsPage() {
  const { t } = useI18n();
  const filters = useFilters();
  const query = useTransactions({ ...usePageQuery(PAGE_ROWS), ...filters.chosen });
  const filtered = Object.keys(filters.chosen).length > 0;
  return (
    <Page name={t('transactions.title')} intro={t('transactions.intro')}>
      <TransactionSearch />
      <PendingPanel />
      <Panel title={t('transactions.list')} icon={<SwapOutlined />} extra={<FilterBar {...filters} />} flush>
        <QueryBody query={query} rows={10}>
          {({ items, next }) => (
            <>
              <TransactionsTable
                transactions={items}
                empty={
                  <EmptyState title={t(filtered ? 'transactions.noMatch' : 'transactions.none')}>
                    {t(filtered ? 'transactions.noMatchHint' : 'transactions.noneHint')}
                  </EmptyState>
                }
              />
              <CursorPager next={next} shown={items.length} />
            </>
          )}
        </QueryBody>
      </Panel>
    </Page>
  );
}
