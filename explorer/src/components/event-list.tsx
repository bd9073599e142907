import type { EventView } from '@dao-gov/node/protocol';
import { useI18n } from '../lib/i18n/use-i18n.ts';
import { EventFields } from './event-fields.tsx';
import styles from './event-list.module.css';
import { EmptyState } from './states.tsx';

/** Events of a transaction or of a block, each with its name in words, its code and its fields. */
export function EventList({ events, empty }: { readonly events: readonly EventView[]; readonly empty: string }) {
  const { name } = useI18n();
  if (events.length === 0) return <EmptyState title={empty} compact />;
  return (
    <ul>
      {events.map((event) => (
        <li key={event.id} className={styles.event}>
          <div className={styles.head}>
            <span className={styles.title}>{name('event', event.name)}</span>
            <code className={styles.code}>{event.name}</code>
          </div>
          <EventFields data={event.data} />
        </li>
      ))}
    </ul>
  );
}
