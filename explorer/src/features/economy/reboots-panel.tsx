import { ReloadOutlined } from '@ant-design/icons';
import { LedgerList } from '../../components/ledger/ledger-list.tsx';
import { LEDGER_KINDS } from '../../components/ledger/movements.ts';
import { Panel } from '../../components/panel.tsx';
import { EmptyState, QueryBody } from '../../components/states.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { useEventsOf } from '../../lib/queries.ts';

/** The newest reboots; all of them are in the ledger. */
const REBOOTS_SHOWN = 10;

/** Agents that went bankrupt: with what grant they started afresh, after which incident. */
export function RebootsPanel() {
  const { t } = useI18n();
  const query = useEventsOf(LEDGER_KINDS.reboots, { limit: REBOOTS_SHOWN });
  return (
    <Panel title={t('reboots.title')} icon={<ReloadOutlined />} flush>
      <QueryBody query={query} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t('reboots.none')} compact>
              {t('reboots.noneHint')}
            </EmptyState>
          ) : (
            <LedgerList label={t('reboots.title')} events={items} />
          )
        }
      </QueryBody>
    </Panel>
  );
}
