import { DesktopOutlined, GlobalOutlined, MoonOutlined, SunOutlined } from '@ant-design/icons';
import { Dropdown } from 'antd';
import type { ReactNode } from 'react';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { changePreferences, type Locale, preferences, THEMES, type Theme } from '../../lib/preferences.ts';
import { useStore } from '../../lib/store.ts';
import styles from './shell.module.css';

const THEME_ICONS: Readonly<Record<Theme, ReactNode>> = {
  light: <SunOutlined />,
  dark: <MoonOutlined />,
  system: <DesktopOutlined />,
};

export function ThemeSwitch() {
  const { t } = useI18n();
  const chosen = useStore(preferences).theme;
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        selectable: true,
        selectedKeys: [chosen],
        items: THEMES.map((theme) => ({ key: theme, label: t(`theme.${theme}`), icon: THEME_ICONS[theme] })),
        onClick: ({ key }) => changePreferences({ theme: key as Theme }),
      }}
    >
      <button type="button" className={styles.tool} aria-label={t('theme.choose')} title={t('theme.choose')}>
        {THEME_ICONS[chosen]}
      </button>
    </Dropdown>
  );
}

const LANGUAGE_NAMES: Readonly<Record<Locale, string>> = { 'zh-CN': '中文', 'en-US': 'English' };

/** Goes to the other language; it is named in itself, so that its readers find it. */
export function LanguageSwitch() {
  const { t, locale } = useI18n();
  const other: Locale = locale === 'zh-CN' ? 'en-US' : 'zh-CN';
  return (
    <button
      type="button"
      className={styles.tool}
      lang={other}
      aria-label={t('language.switch')}
      title={t('language.switch')}
      onClick={() => changePreferences({ locale: other })}
    >
      <GlobalOutlined />
      {LANGUAGE_NAMES[other]}
    </button>
  );
}
