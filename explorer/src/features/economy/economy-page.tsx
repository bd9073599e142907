import { BookOutlined, FundOutlined } from '@ant-design/icons';
import { AgentsTable, RulesList, TreasuryStrip } from '../../components/economy-panels.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryBody } from '../../components/states.tsx';
import { useAnchor } from '../../lib/anchor.ts';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { useEconomics } from '../../lib/queries.ts';
import styles from './economy-page.module.css';
import { LedgerPanel } from './ledger-panel.tsx';
import { RebootsPanel } from './reboots-panel.tsx';
import { SupplyPanel } from './supply-panel.tsx';
import { TreasuryPanel } from './treasury-panel.tsx';

export function EconomyPage() {
  const { t } = useI18n();
  const query = useEconomics();
  useAnchor(query.data !== undefined);
  return (
    <Page name={t('economy.title')} intro={t('economy.intro')}>
      <QueryBody query={query} rows={10}>
        {(economics) => (
          <>
            <Panel title={t('economy.board')} icon={<FundOutlined />} flush>
              <AgentsTable agents={economics.agents} full />
              <TreasuryStrip treasury={economics.treasury} />
            </Panel>
            <div className={styles.columns}>
              <div className={styles.stack}>
                <SupplyPanel economics={economics} />
                <TreasuryPanel />
                <RebootsPanel />
              </div>
              <Panel title={t('rules.title')} icon={<BookOutlined />} flush>
                <RulesList economics={economics} />
              </Panel>
            </div>
          </>
        )}
      </QueryBody>
      <LedgerPanel />
    </Page>
  );
}
