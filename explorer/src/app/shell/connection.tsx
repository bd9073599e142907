import { DisconnectOutlined, WarningOutlined } from '@ant-design/icons';
import { Ago } from '../../components/when.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { isCurrent } from '../../lib/live/connection.ts';
import { useConnection } from '../../lib/live/use-live.ts';
import { useChain } from '../../lib/queries.ts';
import styles from './shell.module.css';

/** Whether what is on the screen is live, in a word. */
export function ConnectionBadge() {
  const { t } = useI18n();
  const { connection } = useConnection();
  return (
    <span
      className={`${styles.connection} ${styles[connection]}`}
      role="status"
      title={t(`connection.hint.${connection}`)}
    >
      <span className={styles.dot} aria-hidden />
      {t(`connection.${connection}`)}
    </span>
  );
}

/** Says across the screen that it is not live, and how old it is. */
export function ConnectionBanner() {
  const { t } = useI18n();
  const { connection, lastContactMs } = useConnection();
  const { data: chain } = useChain();
  if (connection === 'stalled') {
    return (
      <div className={styles.banner} role="status">
        <WarningOutlined aria-hidden />
        <span>{t('connection.hint.stalled')}</span>
      </div>
    );
  }
  if (isCurrent(connection) || connection === 'connecting') {
    return chain?.ready === false ? (
      <div className={styles.banner} role="status">
        <WarningOutlined aria-hidden />
        <span>{t('connection.notReady')}</span>
      </div>
    ) : null;
  }
  const look = connection === 'down' ? `${styles.banner} ${styles.bannerDown}` : styles.banner;
  return (
    <div className={look} role="alert">
      <DisconnectOutlined aria-hidden />
      <span>{t(`connection.hint.${connection}`)}</span>
      {lastContactMs !== null && (
        <span>
          {t('connection.lastUpdate')} <Ago atMs={lastContactMs} />
        </span>
      )}
    </div>
  );
}
