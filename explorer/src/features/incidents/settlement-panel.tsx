import { AccountBookOutlined } from '@ant-design/icons';
import type { EventView } from '@dao-gov/node/protocol';
import { AddressName } from '../../components/address-name.tsx';
import { ExportMenu } from '../../components/export-menu.tsx';
import { LedgerList } from '../../components/ledger/ledger-list.tsx';
import { LEDGER_EVENTS } from '../../components/ledger/movements.ts';
import { sumsBy } from '../../components/ledger/sums.ts';
import { SumsTable } from '../../components/ledger/sums-table.tsx';
import { Panel } from '../../components/panel.tsx';
import { EmptyState, QueryBody } from '../../components/states.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { useEventsOf } from '../../lib/queries.ts';
import styles from './proposal-panel.module.css';

/** Movements of one incident: seven agents, three rounds and their challenges stay below it. */
const MOVEMENTS_MAX = 200;

const sumOf = (events: readonly EventView[], names: readonly string[], field: string): number =>
  events.reduce((sum, { name, data }) => (names.includes(name) ? sum + Number(data[field] ?? 0) : sum), 0);

/** What happened to the escrow and to burned stake, in one line. */
function Ends({ events, held }: { readonly events: readonly EventView[]; readonly held: number }) {
  const { t, format } = useI18n();
  const returned = sumOf(events, ['ClaimOverturned', 'IncidentInconclusive'], 'escrowReturned');
  const burned = sumOf(events, ['TokensBurned'], 'amount');
  const lines = [
    held > 0 && t('ledger.waiting', { amount: format.number(held) }),
    returned > 0 && t('ledger.returned', { amount: format.number(returned) }),
    burned > 0 && t('ledger.burnedHere', { amount: format.number(burned) }),
  ].filter((line) => line !== false);
  return <p className={styles.note}>{[...lines, t('ledger.noGas')].join(' ')}</p>;
}

function Settlement({ events, partial }: { readonly events: readonly EventView[]; readonly partial: boolean }) {
  const { t, format } = useI18n();
  const sums = sumsBy(events.toReversed(), (_, { address }) => address);
  const held = [...sums.values()].reduce((sum, one) => sum + one.held, 0);
  return (
    <>
      {partial && <p className={styles.note}>{t('ledger.partial', { count: format.number(events.length) })}</p>}
      <Ends events={events} held={held} />
      <SumsTable
        label={t('ledger.summary')}
        groupTitle={t('ledger.agent')}
        sums={sums}
        groupName={(address) => <AddressName address={address} />}
      />
      <details className={styles.movements}>
        <summary>{t('ledger.title')}</summary>
        <LedgerList label={t('ledger.title')} events={events} inIncident />
      </details>
    </>
  );
}

/** Who was paid, fined and slashed for this incident, and every single movement. */
export function SettlementPanel({ incidentId }: { readonly incidentId: string }) {
  const { t } = useI18n();
  const query = useEventsOf(LEDGER_EVENTS, { incidentId, limit: MOVEMENTS_MAX });
  return (
    <Panel
      title={t('ledger.incidentTitle')}
      icon={<AccountBookOutlined />}
      flush
      extra={<ExportMenu what="settlements" />}
    >
      <QueryBody query={query} rows={5}>
        {({ items, next }) =>
          items.length === 0 ? (
            <EmptyState title={t('ledger.incidentNone')} compact>
              {t('ledger.incidentNoneHint')}
            </EmptyState>
          ) : (
            <Settlement events={items} partial={next !== null} />
          )
        }
      </QueryBody>
    </Panel>
  );
}
