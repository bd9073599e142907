import styles from './meter.module.css';

type MeterTone = 'good' | 'accent' | 'warn' | 'bad';

interface MeterProps {
  readonly label: string;
  /** 0..1 */
  readonly part: number;
  readonly text: string;
  /** A threshold, 0..1. */
  readonly mark?: number;
  readonly tone?: MeterTone;
}

const percentage = (part: number): string => `${Math.min(100, Math.max(0, part * 100))}%`;

/** A labelled bar, with its value in words and a threshold where there is one. */
export function Meter({ label, part, text, mark, tone = 'accent' }: MeterProps) {
  return (
    <div className={styles[tone]}>
      <div className={styles.head}>
        <span className="soft">{label}</span>
        <span className={`number ${styles.value}`}>{text}</span>
      </div>
      <div className={styles.track} aria-hidden>
        <div className={styles.fill} style={{ width: percentage(part) }} />
        {mark !== undefined && <div className={styles.mark} style={{ left: percentage(mark) }} />}
      </div>
    </div>
  );
}

/** A bar with its value, for a cell of a table. */
export function InlineMeter({ part, text, tone = 'accent' }: Pick<MeterProps, 'part' | 'text' | 'tone'>) {
  return (
    <span className={`${styles.inline} ${styles[tone]}`}>
      <span className={styles.track} aria-hidden>
        <span className={styles.fill} style={{ display: 'block', width: percentage(part) }} />
      </span>
      <span className="number">{text}</span>
    </span>
  );
}
