/** The reader's language as a hook: messages, names of the protocol's codes, numbers and times. */
import { createContext, use, useMemo } from 'react';
import { createFormatters, type Formatters } from '../format.ts';
import { type Locale, preferences } from '../preferences.ts';
import { useStore } from '../store.ts';
import type { MessageKey } from './en-US/index.ts';
import {
  type MessagePart,
  type MessageValues,
  partsOf,
  pickLanguage,
  type SpokenText,
  spacedName,
  translate,
  translateUnknown,
} from './translate.ts';

export interface I18n {
  readonly locale: Locale;
  readonly format: Formatters;
  t(key: MessageKey, values?: MessageValues): string;
  /** The reader's language of a bilingual text. */
  pick(text: SpokenText | null | undefined): string;
  /** A name of the protocol (`event`, `type`, `faultKind`, …) in words; spaced out when it is not known. */
  name(group: NameGroup, name: string): string;
  /** The parts of a message under a key that came from the network; undefined when it is not known. */
  parts(key: string): readonly MessagePart[] | undefined;
  /** What an error code means, or an empty text for an unknown code. */
  error(code: string): string;
}

export type NameGroup =
  | 'event'
  | 'type'
  | 'faultKind'
  | 'step'
  | 'stage'
  | 'role'
  | 'evidence'
  | 'field'
  | 'value'
  | 'audit'
  | 'decider'
  | 'param.of'
  | 'param.choice'
  | 'finality.kind';

export function createI18n(locale: Locale): I18n {
  return {
    locale,
    format: createFormatters(locale),
    t: (key, values) => translate(locale, key, values),
    pick: (text) => pickLanguage(locale, text),
    name: (group, name) => translateUnknown(locale, `${group}.${name}`) ?? spacedName(name),
    parts: (key) => {
      const message = translateUnknown(locale, key);
      return message === undefined ? undefined : partsOf(message);
    },
    error: (code) => translateUnknown(locale, `error.${code}`) ?? '',
  };
}

const I18nContext = createContext<I18n>(createI18n('en-US'));
export const I18nProvider = I18nContext.Provider;

export const useI18n = (): I18n => use(I18nContext);

/** The translator for the language that the reader chose; for the provider at the root. */
export function useChosenI18n(): I18n {
  const { locale } = useStore(preferences);
  return useMemo(() => createI18n(locale), [locale]);
}
