import { MenuOutlined } from '@ant-design/icons';
import { Drawer } from 'antd';
import { useState } from 'react';
import { Link, NavLink } from 'react-router';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { ConnectionBadge } from './connection.tsx';
import { NodeSwitcher } from './node-switcher.tsx';
import { LanguageSwitch, ThemeSwitch } from './preference-switches.tsx';
import { ResetButton } from './reset-button.tsx';
import { SCREENS } from './screens.ts';
import styles from './shell.module.css';

function Navigation({
  className,
  linkClass,
  onNavigate,
}: {
  readonly className: string | undefined;
  readonly linkClass: string | undefined;
  readonly onNavigate?: () => void;
}) {
  const { t } = useI18n();
  return (
    <nav className={className} aria-label={t('shell.navigation')}>
      {SCREENS.map(({ path, title }) => (
        <NavLink
          key={path}
          to={path}
          end={path === '/'}
          className={linkClass ?? ''}
          {...(onNavigate ? { onClick: onNavigate } : {})}
        >
          {t(title)}
        </NavLink>
      ))}
    </nav>
  );
}

function NavigationDrawer() {
  const { t } = useI18n();
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className={`${styles.tool} ${styles.menuButton}`}
        aria-label={t('shell.menu')}
        aria-expanded={open}
        onClick={() => setOpen(true)}
      >
        <MenuOutlined />
      </button>
      <Drawer open={open} onClose={() => setOpen(false)} placement="left" size={280} title="DAO-Gov AIOps">
        <Navigation className={styles.drawerNav} linkClass={styles.drawerLink} onNavigate={() => setOpen(false)} />
        <ResetButton inDrawer />
      </Drawer>
    </>
  );
}

export function Header() {
  return (
    <header className={styles.header}>
      <div className={styles.bar}>
        <NavigationDrawer />
        <Link to="/" className={styles.brand}>
          <img src="/favicon.svg" alt="" />
          <span className={styles.brandText}>DAO-Gov AIOps</span>
        </Link>
        <Navigation className={styles.nav} linkClass={styles.navLink} />
        <div className={styles.tools}>
          <ConnectionBadge />
          <NodeSwitcher />
          <span className={styles.wideOnly}>
            <ResetButton />
          </span>
          <ThemeSwitch />
          <LanguageSwitch />
        </div>
      </div>
    </header>
  );
}
