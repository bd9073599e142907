import { CoffeeOutlined } from '@ant-design/icons';
import { EmptyState } from '../../components/states.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
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
          <code className={styles.command}>POST {location.origin}/api/alerts/alertmanager</code>
        </li>
        <li>
          {t('console.howAlert')}
          <code className={styles.command}>{alertCommand(location.origin)}</code>
        </li>
      </ol>
    </EmptyState>
  );
}
