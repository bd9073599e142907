/** The frame around every screen: header, connection, and what the reader may change everywhere. */
import { Suspense, useEffect, useRef } from 'react';
import { Outlet, ScrollRestoration, useLocation, useNavigation } from 'react-router';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { isCurrent } from '../../lib/live/connection.ts';
import { useConnection } from '../../lib/live/use-live.ts';
import { ConnectionBanner } from './connection.tsx';
import { Header } from './header.tsx';
import styles from './shell.module.css';

/** Moves the keyboard to the new screen, so that it is read from its start. */
function useFocusOnNavigation() {
  const main = useRef<HTMLElement>(null);
  const shown = useRef<string>(undefined);
  const { pathname } = useLocation();
  useEffect(() => {
    if (shown.current !== undefined && shown.current !== pathname) main.current?.focus({ preventScroll: true });
    shown.current = pathname;
  }, [pathname]);
  return main;
}

export function Shell() {
  const { t } = useI18n();
  const main = useFocusOnNavigation();
  const { connection } = useConnection();
  const navigation = useNavigation();
  const stale = !isCurrent(connection) && connection !== 'connecting';
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        {t('shell.skip')}
      </a>
      <Header />
      {navigation.state === 'loading' && (
        <div className={styles.loading} role="status" aria-label={t('state.loading')} />
      )}
      <ConnectionBanner />
      <main id="main" ref={main} tabIndex={-1} className={stale ? `${styles.main} ${styles.stale}` : styles.main}>
        <Suspense fallback={null}>
          <Outlet />
        </Suspense>
      </main>
      <ScrollRestoration />
    </div>
  );
}
