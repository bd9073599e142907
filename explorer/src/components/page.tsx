import type { ReactNode } from 'react';
import styles from './page.module.css';

interface PageProps {
  /** Name of the page in the browser's tab. */
  readonly name: string;
  readonly heading?: ReactNode;
  readonly intro?: ReactNode;
  readonly extra?: ReactNode;
  readonly children: ReactNode;
}

/** The frame of every screen: tab title, heading, one sentence of what it is, content. */
export function Page({ name, heading = name, intro, extra, children }: PageProps) {
  return (
    <div className={styles.page}>
      <title>{`${name} · DAO-Gov AIOps`}</title>
      <div className={styles.head}>
        <div className={styles.titles}>
          <h1>{heading}</h1>
          {intro && <p className={styles.intro}>{intro}</p>}
        </div>
        {extra}
      </div>
      {children}
    </div>
  );
}
