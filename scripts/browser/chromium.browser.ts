import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from './chromium.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

/** Draws one character and returns the picture; without a font, every Chinese character is the same empty box. */
async function picture(character: string): Promise<string> {
  const page = await browser.newPage();
  try {
    await page.setContent(`<meta charset="utf-8"><p style="font: 48px sans-serif">${character}</p>`);
    return (await page.locator('p').screenshot()).toString('base64');
  } finally {
    await page.close();
  }
}

test('Chinese text has glyphs of its own', async () => {
  const [cause, proof, space] = [await picture('因'), await picture('证'), await picture('&nbsp;')];
  expect(cause).not.toBe(proof);
  expect(cause).not.toBe(space);
});
