import { CoffeeOutlined } from '@ant-design/icons';
import { EmptyState } from '../../components/states.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { useChain } from '../../lib/queries.ts';
import styles from './procedure-panel.module.css';

/** What to send to raise an alert by hand; the node's agent then puts it on the chain. */
const alertCommand = (origin: string): string =>
  [
    `curl -X POST ${origin}/api/alerts \\`,
    '  -H \'content-type: application/json\' -H "authorization: Bearer $TOKEN" \\',
    '  -d \'{"node":"train-buy","metric":"latency_ms","at":"2023-10-15T14:00:00Z",',
    '       "source":"report-train-buy","title":"Response time of train-buy rises"}\'',
  ].join('\n');

export function NoIncident() {
  const { t } = useI18n();
  const { data: chain } = useChain();
  // An alert needs an agent to raise it: where none lives in this node, another one is named.
  const other = chain?.node.agent === null ? chain.gateways.find(({ role }) => role !== null) : undefined;
  const origin = other?.url ?? location.origin;
  return (
    <EmptyState title={t('console.noIncident')} icon={<CoffeeOutlined />}>
      <p>{t('console.noIncidentHint')}</p>
      <ol className={styles.howTo}>
        <li>
          {t('console.howSample')}
          <code className={styles.command}>npm start</code>
        </li>
        <li>
          {t('console.howAlertmanager')}
          <code className={styles.command}>POST {origin}/api/alerts/alertmanager</code>
        </li>
        <li>
          {t('console.howAlert')}
          <code className={styles.command}>{alertCommand(origin)}</code>
        </li>
      </ol>
    </EmptyState>
  );
}
