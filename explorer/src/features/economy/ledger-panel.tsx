import { AccountBookOutlined } from '@ant-design/icons';
import type { EventView } from '@dao-gov/node/protocol';
import { Select } from 'antd';
import { Link, useSearchParams } from 'react-router';
import { AddressName } from '../../components/address-name.tsx';
import { CursorPager, usePageQuery } from '../../components/cursor-pager.tsx';
import { ExportMenu } from '../../components/export-menu.tsx';
import { incidentPath } from '../../components/hash-text.tsx';
import { LedgerList } from '../../components/ledger/ledger-list.tsx';
import { LEDGER_EVENTS, LEDGER_KINDS, type LedgerKind } from '../../components/ledger/movements.ts';
import { sumsBy } from '../../components/ledger/sums.ts';
import { SumsTable } from '../../components/ledger/sums-table.tsx';
import { Panel } from '../../components/panel.tsx';
import { usePartyLabel } from '../../components/party-name.tsx';
import { EmptyState, QueryBody } from '../../components/states.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { useParties } from '../../lib/parties.ts';
import { useEventsOf } from '../../lib/queries.ts';
import styles from './economy-page.module.css';

/** Movements of one page, which are summed: as many as one page of the API holds. */
const LEDGER_ROWS = 200;

const isKind = (text: string | null): text is LedgerKind => text !== null && Object.hasOwn(LEDGER_KINDS, text);

/** Filters stand in the address, so that an agent's ledger can be linked to; changing one goes back to the newest page. */
function useLedgerFilter() {
  const [query, setQuery] = useSearchParams();
  const agent = query.get('agent') ?? undefined;
  const text = query.get('kind');
  const kind = isKind(text) ? text : undefined;
  const choose = (next: { readonly agent?: string | undefined; readonly kind?: string | undefined }): void => {
    const chosen = { agent, kind, ...next };
    setQuery(Object.fromEntries(Object.entries(chosen).flatMap(([key, value]) => (value ? [[key, value]] : []))));
  };
  return { agent, kind, choose };
}

type LedgerFilter = ReturnType<typeof useLedgerFilter>;

function Filters({ agent, kind, choose }: LedgerFilter) {
  const { t } = useI18n();
  const label = usePartyLabel();
  const parties = [...useParties().values()];
  return (
    <div className={styles.filters}>
      <Select
        allowClear
        style={{ width: 200 }}
        aria-label={t('ledger.agent')}
        placeholder={t('ledger.allAgents')}
        value={agent ?? null}
        onChange={(value: string | null | undefined) => choose({ agent: value ?? undefined })}
        options={parties.map((party) => ({ value: party.address, label: label(party) }))}
      />
      <Select
        allowClear
        style={{ width: 170 }}
        aria-label={t('ledger.what')}
        placeholder={t('ledger.allKinds')}
        value={kind ?? null}
        onChange={(value: string | null | undefined) => choose({ kind: value ?? undefined })}
        options={Object.keys(LEDGER_KINDS).map((one) => ({ value: one, label: t(`ledger.kind.${one as LedgerKind}`) }))}
      />
      <ExportMenu what="settlements" />
    </div>
  );
}

/** Sums of the movements on this page: by agent, or by incident for one agent. */
function Sums({ events, agent }: { readonly events: readonly EventView[]; readonly agent: string | undefined }) {
  const { t } = useI18n();
  const oldestFirst = events.toReversed();
  if (agent === undefined) {
    return (
      <SumsTable
        label={t('ledger.summary')}
        groupTitle={t('ledger.agent')}
        sums={sumsBy(oldestFirst, (_, { address }) => address)}
        groupName={(address) => <AddressName address={address} />}
      />
    );
  }
  const sums = sumsBy(oldestFirst, ({ data }, { address }) =>
    address === agent ? String(data.incidentId ?? '') : undefined,
  );
  return (
    <SumsTable
      label={t('ledger.byIncident')}
      groupTitle={t('ledger.incident')}
      sums={sums}
      groupName={(incidentId) =>
        incidentId === '' ? t('ledger.outside') : <Link to={incidentPath(incidentId)}>{incidentId}</Link>
      }
    />
  );
}

/** Every payment, fine, slash and reboot, of all agents or of one, incident by incident. */
export function LedgerPanel() {
  const { t, format } = useI18n();
  const filter = useLedgerFilter();
  const { agent, kind } = filter;
  const page = usePageQuery(LEDGER_ROWS);
  const names = kind === undefined ? LEDGER_EVENTS : LEDGER_KINDS[kind];
  const query = useEventsOf(names, agent === undefined ? page : { ...page, account: agent });
  const filtered = agent !== undefined || kind !== undefined;
  return (
    <Panel
      anchor="ledger"
      title={t('ledger.title')}
      icon={<AccountBookOutlined />}
      flush
      extra={<Filters {...filter} />}
    >
      <p className={styles.note}>{t('ledger.intro')}</p>
      <QueryBody query={query} rows={8}>
        {({ items, next }) => (
          <>
            {items.length === 0 ? (
              <EmptyState title={t(filtered ? 'ledger.noMatch' : 'ledger.none')}>
                {t(filtered ? 'ledger.noMatchHint' : 'ledger.noneHint')}
              </EmptyState>
            ) : (
              <>
                <Sums events={items} agent={agent} />
                <p className={styles.note}>
                  {t('ledger.partial', { count: format.number(items.length) })} {t('ledger.noGas')}
                </p>
                <div className={styles.ledger}>
                  <LedgerList label={t('ledger.table')} events={items} />
                </div>
              </>
            )}
            <CursorPager next={next} shown={items.length} />
          </>
        )}
      </QueryBody>
    </Panel>
  );
}
