import { BookOutlined, FundOutlined } from '@ant-design/icons';
import { AgentsTable, RulesList, TreasuryStrip } from '../../components/economy-panels.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryBody } from '../../components/states.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { useEconomics } from '../../lib/queries.ts';

/** Who owns how much and is trusted how far, and by which rules. */
export function EconomyColumn() {
  const { t } = useI18n();
  const query = useEconomics();
  return (
    <>
      <Panel title={t('economy.board')} icon={<FundOutlined />} flush>
        <QueryBody query={query} rows={7}>
          {({ agents, treasury }) => (
            <>
              <AgentsTable agents={agents} />
              <TreasuryStrip treasury={treasury} />
            </>
          )}
        </QueryBody>
      </Panel>
      <Panel title={t('rules.title')} icon={<BookOutlined />} flush>
        <QueryBody query={query} rows={8}>
          {(economics) => <RulesList economics={economics} />}
        </QueryBody>
      </Panel>
    </>
  );
}
