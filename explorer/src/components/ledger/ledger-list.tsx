import type { EventView } from '@dao-gov/node/protocol';
import { Link } from 'react-router';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { EventSentence } from '../event-sentence.tsx';
import { BlockHeight, incidentPath, TransactionHash } from '../hash-text.tsx';
import { isSystemTransaction } from '../system-transaction.ts';
import { When } from '../when.tsx';
import styles from './ledger.module.css';

interface LedgerListProps {
  readonly label: string;
  readonly events: readonly EventView[];
  /** Within one incident its name says nothing. */
  readonly inIncident?: boolean;
}

/** Events that moved something: what happened and why, when, and where on the chain it stands. */
export function LedgerList({ label, events, inIncident = false }: LedgerListProps) {
  const { t, name } = useI18n();
  return (
    <ul aria-label={label}>
      {events.map((event) => {
        const incidentId = String(event.data.incidentId ?? '');
        return (
          <li key={event.id} className={styles.entry}>
            <div className={styles.head}>
              <span className={styles.name}>{name('event', event.name)}</span>
              <span className={styles.time}>
                <When atMs={event.timestampMs} />
              </span>
            </div>
            <EventSentence name={event.name} data={event.data} />
            <div className={styles.anchor}>
              <BlockHeight height={event.height} />
              {isSystemTransaction(event.transaction) ? (
                <span>{t('log.byChain')}</span>
              ) : (
                <TransactionHash hash={event.transaction} copy={false} />
              )}
              {!inIncident && incidentId !== '' && <Link to={incidentPath(incidentId)}>{incidentId}</Link>}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
