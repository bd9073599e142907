import type { EventView } from '@dao-gov/node/protocol';
import { useState } from 'react';
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

/** Entries drawn at first, and more with each request: an incident alone has some sixty. */
const ENTRIES_DRAWN = 20;

/** Events that moved something: what happened and why, when, and where on the chain it stands. */
export function LedgerList({ label, events, inIncident = false }: LedgerListProps) {
  const { t, format } = useI18n();
  const [drawn, setDrawn] = useState(ENTRIES_DRAWN);
  const rest = events.length - drawn;
  return (
    <>
      <ul aria-label={label}>
        {events.slice(0, drawn).map((event) => (
          <Entry key={event.id} event={event} inIncident={inIncident} />
        ))}
      </ul>
      {rest > 0 && (
        <button type="button" className={styles.more} onClick={() => setDrawn(drawn + ENTRIES_DRAWN)}>
          {t('ledger.more', { count: format.number(rest) })}
        </button>
      )}
    </>
  );
}

function Entry({ event, inIncident }: { readonly event: EventView; readonly inIncident: boolean }) {
  const { t, name } = useI18n();
  const incidentId = String(event.data.incidentId ?? '');
  return (
    <li className={styles.entry}>
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
}
