import type { ReactNode } from 'react';
import styles from './summary-strip.module.css';

export interface Figure {
  readonly label: string;
  /** Undefined or false while it is not known. */
  readonly value: ReactNode;
}

interface SummaryStripProps {
  /** What the figures are about, for those who hear them. */
  readonly label: string;
  readonly items: readonly Figure[];
}

/** A few figures side by side at the head of a screen. */
export function SummaryStrip({ label, items }: SummaryStripProps) {
  return (
    <dl className={styles.strip} aria-label={label}>
      {items.map(({ label: title, value }) => (
        <div key={title} className={styles.item}>
          <dt>{title}</dt>
          <dd className="number">{value === undefined || value === false ? '–' : value}</dd>
        </div>
      ))}
    </dl>
  );
}
