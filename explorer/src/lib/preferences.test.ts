import { describe, expect, test } from 'vitest';
import { addressOnNode, initialPreferences } from './preferences.ts';

describe('preferences at the start', () => {
  test('come from the browser when nothing else is known', () => {
    expect(initialPreferences('', null, ['zh-TW', 'en'])).toEqual({ locale: 'zh-CN', theme: 'system' });
    expect(initialPreferences('', null, ['de-DE'])).toEqual({ locale: 'en-US', theme: 'system' });
    expect(initialPreferences('', null, [])).toEqual({ locale: 'en-US', theme: 'system' });
  });

  test('are what was stored', () => {
    const stored = JSON.stringify({ locale: 'zh-CN', theme: 'dark' });
    expect(initialPreferences('', stored, ['en-US'])).toEqual({ locale: 'zh-CN', theme: 'dark' });
  });

  test('are what the address says above all', () => {
    const stored = JSON.stringify({ locale: 'zh-CN', theme: 'dark' });
    expect(initialPreferences('?lang=en-US&theme=light', stored, [])).toEqual({ locale: 'en-US', theme: 'light' });
  });

  test.each(['not json', '[]', 'null', '{"locale":"fr","theme":7}'])('survive the stored value %s', (stored) => {
    expect(initialPreferences('?lang=xx', stored, ['en-US'])).toEqual({ locale: 'en-US', theme: 'system' });
  });
});

test('go along to another node, and come out there as they were', () => {
  const chosen = { locale: 'zh-CN', theme: 'dark' } as const;
  const address = new URL(addressOnNode('http://127.0.0.1:4003', '/incidents?before=9', chosen));
  expect(address.origin + address.pathname).toBe('http://127.0.0.1:4003/incidents');
  expect(address.searchParams.get('before')).toBe('9');
  expect(initialPreferences(address.search, null, [])).toEqual(chosen);
});
