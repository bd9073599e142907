/** Looks messages up and fills their `{placeholders}`. Pure: the language is an argument. */
import type { Locale } from '../preferences.ts';
import { enUS, type MessageKey, type Messages } from './en-US/index.ts';
import { zhCN } from './zh-CN/index.ts';

/** A text in the languages of the product, as the chain and the evidence carry it; either may be absent. */
export interface SpokenText {
  readonly en?: string | undefined;
  readonly zh?: string | undefined;
}

export const catalogues: Readonly<Record<Locale, Messages>> = { 'zh-CN': zhCN, 'en-US': enUS };

export type MessageValues = Readonly<Record<string, string | number>>;

/** Names of the placeholders in a message, in order of appearance. */
export const placeholdersOf = (message: string): readonly string[] =>
  [...message.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');

export type MessagePart = { readonly text: string } | { readonly placeholder: string };

/** A message as the texts and placeholders that it is made of, in their order. */
export const partsOf = (message: string): readonly MessagePart[] =>
  message
    .split(/\{(\w+)\}/)
    .map((part, index) => (index % 2 === 0 ? { text: part } : { placeholder: part }))
    .filter((part) => !('text' in part) || part.text !== '');

export function translate(locale: Locale, key: MessageKey, values: MessageValues = {}): string {
  return catalogues[locale][key].replace(/\{(\w+)\}/g, (placeholder, name: string) =>
    String(values[name] ?? placeholder),
  );
}

/** The message under a key that came from the network, or undefined when the catalogue does not know it. */
export function translateUnknown(locale: Locale, key: string): string | undefined {
  const catalogue: Readonly<Record<string, string>> = catalogues[locale];
  return Object.hasOwn(catalogue, key) ? catalogue[key] : undefined;
}

/** `RootCauseProposed` -> `Root cause proposed`, for names that the catalogue does not know yet. */
export function spacedName(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The reader's language of a bilingual text, else the other one. */
export function pickLanguage(locale: Locale, text: SpokenText | null | undefined): string {
  const [first, second] = locale === 'zh-CN' ? [text?.zh, text?.en] : [text?.en, text?.zh];
  return first || second || '';
}
