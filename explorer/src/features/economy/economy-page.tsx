import { BookOutlined, FundOutlined } from '@ant-design/icons';
import { AgentsTable, RulesList, TreasuryStrip } from '../../components/economy-panels.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryBody } from '../../components/states.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { useEconomics } from '../../lib/queries.ts';
import styles from './economy-page.module.css';
import { SupplyPanel } from './supply-panel.tsx';

export function EconomyPage() {
  const { t } = useI18n();
  const query = useEconomics();
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
              <SupplyPanel economics={economics} />
              <Panel title={t('rules.title')} icon={<BookOutlined />} flush>
                <RulesList economics={economics} />
              </Panel>
            </div>
          </>
        )}
      </QueryBody>
    </Page>
  );
}
