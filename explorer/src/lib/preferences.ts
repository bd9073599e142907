/**
 * Language and theme of this reader. They are kept in the browser, and travel in the address when the reader goes to
 * another node, whose origin has a storage of its own.
 */
import { createStore } from './store.ts';

export const LOCALES = ['zh-CN', 'en-US'] as const;
export type Locale = (typeof LOCALES)[number];
export const THEMES = ['light', 'dark', 'system'] as const;
export type Theme = (typeof THEMES)[number];

export interface Preferences {
  readonly locale: Locale;
  readonly theme: Theme;
}

const STORAGE_KEY = 'dao-gov.preferences';
const LOCALE_PARAMETER = 'lang';
const THEME_PARAMETER = 'theme';

const oneOf = <T extends string>(known: readonly T[], value: unknown): T | undefined =>
  known.find((candidate) => candidate === value);

/**
 * What to start with: the address first, then what was stored, then what the browser speaks.
 *
 * @param search query string of the address
 * @param stored JSON text, null when nothing was stored
 * @param languages the browser's, best first
 */
export function initialPreferences(search: string, stored: string | null, languages: readonly string[]): Preferences {
  const query = new URLSearchParams(search);
  let kept: Partial<Record<keyof Preferences, unknown>> = {};
  try {
    kept = (JSON.parse(stored ?? '{}') ?? {}) as typeof kept;
  } catch {
    // unreadable: somebody else's value, or an older form
  }
  const spoken: Locale = languages[0]?.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en-US';
  return {
    locale: oneOf(LOCALES, query.get(LOCALE_PARAMETER)) ?? oneOf(LOCALES, kept.locale) ?? spoken,
    theme: oneOf(THEMES, query.get(THEME_PARAMETER)) ?? oneOf(THEMES, kept.theme) ?? 'system',
  };
}

/** The same page on another node, with this reader's preferences. */
export function addressOnNode(gateway: string, path: string, { locale, theme }: Preferences): string {
  const address = new URL(path, gateway);
  address.searchParams.set(LOCALE_PARAMETER, locale);
  address.searchParams.set(THEME_PARAMETER, theme);
  return address.href;
}

function readStorage(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY);
  } catch {
    return null; // storage may be switched off
  }
}

function writeStorage(preferences: Preferences): void {
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(preferences));
  } catch {
    // storage may be switched off: the choice then lasts as long as the page
  }
}

export const preferences = createStore<Preferences>({ locale: 'en-US', theme: 'system' });

/** Reads the preferences once, before the first render, and takes them out of the address. */
export function loadPreferences(): void {
  const chosen = initialPreferences(location.search, readStorage(), navigator.languages);
  const address = new URL(location.href);
  if (address.searchParams.has(LOCALE_PARAMETER) || address.searchParams.has(THEME_PARAMETER)) {
    writeStorage(chosen);
    address.searchParams.delete(LOCALE_PARAMETER);
    address.searchParams.delete(THEME_PARAMETER);
    history.replaceState(history.state, '', address);
  }
  preferences.set(chosen);
}

export function changePreferences(change: Partial<Preferences>): void {
  const next = { ...preferences.get(), ...change };
  preferences.set(next);
  writeStorage(next);
}
