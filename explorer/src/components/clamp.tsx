import { type CSSProperties, type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { useI18n } from '../lib/i18n/use-i18n.ts';
import styles from './clamp.module.css';

/** Pixels by which glyphs may stand out of their lines without anything being cut. */
const ROUNDING_PX = 8;

/** A long text cut after some lines, with a button that shows the rest when there is a rest. */
export function Clamp({ lines, children }: { readonly lines: number; readonly children: ReactNode }) {
  const { t } = useI18n();
  const box = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  const [cut, setCut] = useState(false);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null || open) return;
    const measure = (): void => setCut(element.scrollHeight > element.clientHeight + ROUNDING_PX);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [open]);
  return (
    <div>
      <div ref={box} className={open ? undefined : styles.clamped} style={{ '--lines': lines } as CSSProperties}>
        {children}
      </div>
      {(cut || open) && (
        <button type="button" className={styles.toggle} aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(open ? 'clamp.less' : 'clamp.more')}
        </button>
      )}
    </div>
  );
}
