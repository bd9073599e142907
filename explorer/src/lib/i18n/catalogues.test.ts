import { describe, expect, test } from 'vitest';
import { LOCALES } from '../preferences.ts';
import { catalogues, partsOf, pickLanguage, placeholdersOf, spacedName, translate } from './translate.ts';

const english: Readonly<Record<string, string>> = catalogues['en-US'];

describe.each(LOCALES)('catalogue %s', (locale) => {
  const messages: Readonly<Record<string, string>> = catalogues[locale];

  test('has exactly the keys of the English one', () => {
    expect(Object.keys(messages).toSorted()).toEqual(Object.keys(english).toSorted());
  });

  test('says something under every key', () => {
    expect(Object.entries(messages).filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  test('fills the same placeholders', () => {
    for (const [key, text] of Object.entries(messages)) {
      expect([key, ...placeholdersOf(text).toSorted()]).toEqual([
        key,
        ...placeholdersOf(english[key] ?? '').toSorted(),
      ]);
    }
  });
});

test('no English sentence was left untranslated', () => {
  const chinese: Readonly<Record<string, string>> = catalogues['zh-CN'];
  const sentences = Object.keys(english).filter((key) => /[a-z]{2,} [a-z]{2,}/i.test(english[key] ?? ''));
  expect(sentences.filter((key) => chinese[key] === english[key])).toEqual([]);
});

test('fills placeholders and leaves unknown ones as they are', () => {
  expect(translate('en-US', 'block.title', { height: 7 })).toBe('Block #7');
  expect(translate('en-US', 'block.title')).toBe('Block #{height}');
});

test.each([
  ['RootCauseProposed', 'Root cause proposed'],
  ['step_abandoned', 'Step abandoned'],
])('%s reads %s where the catalogue does not know it', (name, words) => {
  expect(spacedName(name)).toBe(words);
});

test('takes the other language rather than nothing', () => {
  expect(pickLanguage('zh-CN', { en: 'reason', zh: '理由' })).toBe('理由');
  expect(pickLanguage('zh-CN', { en: 'reason' })).toBe('reason');
  expect(pickLanguage('en-US', { zh: '理由' })).toBe('理由');
  expect(pickLanguage('en-US', null)).toBe('');
});

test('takes a message apart', () => {
  expect(partsOf('{to} was paid {amount} tokens.')).toEqual([
    { placeholder: 'to' },
    { text: ' was paid ' },
    { placeholder: 'amount' },
    { text: ' tokens.' },
  ]);
  expect(partsOf('Nothing.')).toEqual([{ text: 'Nothing.' }]);
});
