import type { CSSProperties, ReactNode } from 'react';
import styles from './field-list.module.css';

export interface Field {
  readonly label: string;
  readonly value: ReactNode;
  /** Takes a whole row, for hashes and long texts. */
  readonly wide?: boolean;
}

/** Labelled values in as many columns as fit. */
export function FieldList({
  fields,
  columnPx = 320,
}: {
  readonly fields: readonly Field[];
  readonly columnPx?: number;
}) {
  return (
    <dl className={styles.list} style={{ '--column': `${columnPx}px` } as CSSProperties}>
      {fields.map(({ label, value, wide }) => (
        <div key={label} className={wide ? `${styles.field} ${styles.wide}` : styles.field}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
