import type { EventView } from '@dao-gov/node/protocol';
import { useI18n } from '../lib/i18n/use-i18n.ts';
import { EventFields } from './event-fields.tsx';
import styles from './event-list.module.css';
import { EventSentence } from './event-sentence.tsx';
import { EmptyState } from './states.tsx';

/** Events of a transaction or of a block: each with its name, a sentence that tells it, its code, and all its fields. */
export function EventList({ events, empty }: { readonly events: readonly EventView[]; readonly empty: string }) {
  const { t, name } = useI18n();
  if (events.length === 0) return <EmptyState title={empty} compact />;
  return (
    <ul>
      {events.map((event) => (
        <li key={event.id} className={styles.event}>
          <div className={styles.head}>
            <span className={styles.title}>{name('event', event.name)}</span>
            <code className={styles.code}>{event.name}</code>
          </div>
          <EventSentence name={event.name} data={event.data} />
          <details className={styles.details}>
            <summary>{t('event.details')}</summary>
            <EventFields data={event.data} />
          </details>
        </li>
      ))}
    </ul>
  );
}
