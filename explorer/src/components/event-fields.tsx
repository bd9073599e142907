import { useI18n } from '../lib/i18n/use-i18n.ts';
import styles from './event-fields.module.css';
import { FieldValue } from './field-value.tsx';

/** The fields of an event in one flow of small labelled values. */
export function EventFields({ data }: { readonly data: Readonly<Record<string, unknown>> }) {
  const { name } = useI18n();
  return (
    <dl className={styles.fields}>
      {Object.entries(data).map(([field, value]) => (
        <div key={field} className={styles.field}>
          <dt>{name('field', field)}</dt>
          <dd>
            <FieldValue field={field} value={value} data={data} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
