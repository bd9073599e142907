/**
 * Theme and component language for antd, kept equal to the tokens of `styles/tokens.css`. Who prefers less motion needs
 * nothing here: antd's styles honour that by themselves, and ours move only where it is not preferred.
 */
import { App, ConfigProvider, type ThemeConfig, theme } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { type ReactNode, useEffect, useMemo, useSyncExternalStore } from 'react';
import { useI18n } from '../lib/i18n/use-i18n.ts';
import { preferences } from '../lib/preferences.ts';
import { useStore } from '../lib/store.ts';

const SHARED = {
  borderRadius: 8,
  fontSize: 14,
  fontFamily: 'var(--sans)',
  fontFamilyCode: 'var(--mono)',
} as const;

/** Inline padding in pixels: columns of figures need air towards the texts beside them. */
const TABLE = { headerSplitColor: 'transparent', cellPaddingInlineSM: 16, cellPaddingBlockSM: 7 } as const;

const LIGHT: ThemeConfig = {
  algorithm: theme.defaultAlgorithm,
  token: {
    ...SHARED,
    colorPrimary: '#4a3fb0',
    colorInfo: '#1f62a8',
    colorSuccess: '#18704f',
    colorError: '#b3372a',
    colorWarning: '#8a5a00',
    colorText: '#1d1a30',
    colorTextSecondary: '#57536f',
    colorTextDescription: '#57536f',
    colorTextPlaceholder: '#6b6785',
    colorBorder: '#cbc8dc',
    colorBorderSecondary: '#e3e1ed',
    colorBgLayout: '#f3f3f8',
  },
  components: { Table: { ...TABLE, headerBg: '#f8f8fc', headerColor: '#57536f', rowHoverBg: '#f8f8fc' } },
};

const DARK: ThemeConfig = {
  algorithm: theme.darkAlgorithm,
  token: {
    ...SHARED,
    colorPrimary: '#8a80ee',
    colorInfo: '#78b4f0',
    colorSuccess: '#55c898',
    colorError: '#f28b7c',
    colorWarning: '#e5b45a',
    colorText: '#e9e7f4',
    colorTextSecondary: '#b0acc8',
    colorTextDescription: '#b0acc8',
    colorTextPlaceholder: '#918dac',
    colorBgBase: '#0f0e18',
    colorBgContainer: '#181725',
    colorBgElevated: '#211f33',
    colorBgLayout: '#0f0e18',
    colorBorder: '#423f5c',
    colorBorderSecondary: '#2c2a40',
  },
  components: { Table: { ...TABLE, headerBg: '#1d1c2c', headerColor: '#b0acc8', rowHoverBg: '#1d1c2c' } },
};

function useMedia(query: string): boolean {
  const list = useMemo(() => matchMedia(query), [query]);
  return useSyncExternalStore(
    (listener) => {
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    () => list.matches,
  );
}

export function ThemeProvider({ children }: { readonly children: ReactNode }) {
  const { locale } = useI18n();
  const chosen = useStore(preferences).theme;
  const systemDark = useMedia('(prefers-color-scheme: dark)');
  const dark = chosen === 'dark' || (chosen === 'system' && systemDark);
  useEffect(() => {
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
    document.documentElement.lang = locale;
  }, [dark, locale]);
  return (
    <ConfigProvider
      theme={dark ? DARK : LIGHT}
      locale={locale === 'zh-CN' ? zhCN : enUS}
      button={{ autoInsertSpace: false }}
    >
      <App component={false}>{children}</App>
    </ConfigProvider>
  );
}
