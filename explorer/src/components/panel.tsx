import { type ReactNode, useId } from 'react';
import styles from './panel.module.css';

interface PanelProps {
  readonly title: ReactNode;
  readonly icon?: ReactNode;
  /** Controls at the right of the title. */
  readonly extra?: ReactNode;
  /** Without padding, for tables and lists that reach the edges. */
  readonly flush?: boolean;
  /** The body takes the height that is left. */
  readonly fill?: boolean;
  readonly className?: string | undefined;
  /** Name under which an address finds this region: `#name`. */
  readonly anchor?: string;
  readonly children: ReactNode;
}

/** A titled region of a screen. */
export function Panel({ title, icon, extra, flush = false, fill = false, className, anchor, children }: PanelProps) {
  const id = useId();
  const body = [styles.body, flush && styles.flush, fill && styles.fill].filter(Boolean).join(' ');
  return (
    <section
      className={className ? `${styles.panel} ${className}` : styles.panel}
      aria-labelledby={id}
      {...(anchor !== undefined && { id: anchor })}
    >
      <header className={styles.head}>
        <h2 id={id} className={styles.title}>
          {icon && <span className={styles.icon}>{icon}</span>}
          {title}
        </h2>
        {extra}
      </header>
      <div className={body}>{children}</div>
    </section>
  );
}
