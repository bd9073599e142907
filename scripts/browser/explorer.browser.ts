/** The real explorer of a real testnet in Chromium, as a person uses it. Screenshots of every page go to data/run/screenshots. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fixture, INCIDENT_MS_MAX, raiseIncident, startTestnet } from '../e2e/support.ts';
import { ensureExplorer } from '../lib/explorer.ts';
import { ROOT } from '../testnet/testnet.ts';
import { launchChromium } from './chromium.ts';

const SCREENSHOTS = join(ROOT, 'data/run/screenshots');
const WIDE = { width: 1_600, height: 1_000 };
const NARROW = { width: 390, height: 844 };

let fixture: Fixture;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  await ensureExplorer(() => {});
  mkdirSync(SCREENSHOTS, { recursive: true });
  fixture = await startTestnet();
  browser = await launchChromium();
  context = await browser.newContext({ viewport: WIDE, locale: 'en-US', colorScheme: 'light', acceptDownloads: true });
  page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' || message.text().includes('[antd:')) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
});
afterAll(async () => {
  await browser?.close();
  await fixture?.end();
});

const go = (path: string): Promise<unknown> => page.goto(`${fixture.testnet.url(3)}${path}`);
const shot = (name: string): Promise<Buffer> =>
  page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });

const themeShown = (): Promise<string | null> => page.locator('html').getAttribute('data-theme');

/** Chooses like a person: opens the menu again when a live update closed it under the pointer. */
async function chooseTheme(name: 'Light' | 'Dark'): Promise<void> {
  await expect
    .poll(
      async () => {
        if ((await themeShown()) === name.toLowerCase()) return true;
        const item = page.getByRole('menuitem', { name });
        if (!(await item.isVisible())) await page.getByRole('button', { name: 'Colour theme' }).click();
        await item.click({ timeout: 5_000 }).catch(() => {});
        return false;
      },
      { timeout: 60_000, interval: 1_000 },
    )
    .toBe(true);
}

describe('the explorer on a live testnet', () => {
  let incidentId: string;

  it('says what to do while nothing has happened', async () => {
    await go('/');
    await expect.poll(() => page.getByText(/no incident/i).count(), { timeout: 20_000 }).toBeGreaterThan(0);
    await shot('console-empty');
  });

  it('shows an incident live, from alert to solution, without a reload', async () => {
    incidentId = await raiseIncident(fixture.client(6));
    await page.getByText(incidentId).first().waitFor({ timeout: INCIDENT_MS_MAX });
    await page.getByText('food-buy', { exact: true }).first().waitFor({ timeout: INCIDENT_MS_MAX });
    await expect
      .poll(async () => (await fixture.client(6).incident(incidentId)).state, { timeout: INCIDENT_MS_MAX })
      .toBe('Finalized');
    const log = page.getByRole('log');
    await expect
      .poll(() => log.getByText(/RootCauseProposed|Root cause proposed/i).count(), { timeout: 20_000 })
      .toBeGreaterThan(0);
    await expect.poll(() => page.getByText('100').count(), { timeout: 20_000 }).toBeGreaterThan(0);
    await shot('console');
  });

  it('opens a block from the list, with its neighbours and transactions', async () => {
    await go('/blocks');
    const link = page.getByRole('link', { name: /^#[\d,]+$/ }).nth(2);
    const height = Number((await link.textContent())?.replaceAll(/\D/g, ''));
    const block = await fixture.client(3).block(height);
    await link.click();
    await page.waitForURL(`**/blocks/${height}`);
    await page.getByText(block.hash).first().waitFor();
    const neighbours = page.getByRole('navigation', { name: 'Place in the chain' });
    await neighbours.getByRole('link', { name: `#${height - 1}` }).click();
    await page.waitForURL(`**/blocks/${height - 1}`);
    await shot('block');
  });

  it('finds a transaction by its hash, and says what is wrong with what is none', async () => {
    const transactions = await fixture.client(3).transactions({ limit: 50 });
    const proposal = transactions.items.find(({ type }) => type === 'propose_root_cause');
    await go('/transactions');
    const search = page.getByRole('searchbox').or(page.getByRole('textbox')).first();
    await search.fill('not a hash');
    await search.press('Enter');
    await page.getByRole('alert').first().waitFor();
    await search.fill(proposal?.hash ?? '');
    await search.press('Enter');
    await page.waitForURL(`**/transactions/${proposal?.hash}`);
    await page.getByText('propose_root_cause').first().waitFor();
    await page.getByText('food-buy').first().waitFor();
    await shot('transaction');
  });

  it('verifies the audit bundle in the browser, from the person’s own files', async () => {
    const bundle = join(fixture.testnet.directory, 'bundle.json');
    writeFileSync(bundle, await fixture.client(1).bundleText(incidentId));
    await go('/verify');
    const inputs = page.locator('input[type=file]');
    await inputs.nth(0).setInputFiles(bundle);
    await inputs.nth(1).setInputFiles(join(fixture.testnet.directory, 'genesis.json'));
    await page.getByRole('button', { name: /Verify$/ }).click();
    await page.getByText('The bundle holds').first().waitFor({ timeout: 120_000 });
    await page.getByText('Payments and fines').first().waitFor();
    await shot('verify');
  });

  it('switches theme and language, and stays so', async () => {
    await go('/');
    await chooseTheme('Dark');
    await page.getByRole('button', { name: '切换为中文' }).click();
    await page.getByText('运维控制台').first().waitFor();
    await page.reload();
    await page.getByText('运维控制台').first().waitFor();
    await expect.poll(themeShown, { timeout: 20_000 }).toBe('dark');
  });

  it('draws every page: both themes, both languages, wide and narrow, without a complaint', async () => {
    const transactions = await fixture.client(3).transactions({ limit: 50 });
    const paths = [
      '/',
      '/blocks',
      '/blocks/5',
      '/transactions',
      `/transactions/${transactions.items[0]?.hash}`,
      '/incidents',
      `/incidents/${incidentId}`,
      '/economy',
      '/governance',
      '/validators',
      '/verify',
    ];
    for (const [theme, locale, viewport] of [
      ['dark', 'zh-CN', WIDE],
      ['light', 'en-US', NARROW],
    ] as const) {
      await page.setViewportSize(viewport);
      for (const path of paths) {
        await go(`${path}?lang=${locale}&theme=${theme}`);
        await page.locator('main').waitFor();
        await expect.poll(() => page.locator('.ant-skeleton, .ant-spin-spinning').count(), { timeout: 20_000 }).toBe(0);
        // Nothing may stick out sideways: the page itself never scrolls horizontally.
        const overflow = await page.evaluate<number>(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        expect(overflow, `${path} at ${viewport.width}`).toBeLessThanOrEqual(0);
        const name = path === '/' ? 'console' : path.slice(1).replaceAll('/', '-').slice(0, 30);
        await shot(`${name}-${theme}-${locale}-${viewport.width}`);
      }
    }
    expect(complaints).toEqual([]);
  });

  it('does not pass old data off as live when its node is gone', async () => {
    await page.setViewportSize(WIDE);
    await go('/');
    await page.locator('main').waitFor();
    await fixture.testnet.stop(3, 'SIGKILL');
    await expect.poll(() => page.getByText(/Node down|Reconnecting/).count(), { timeout: 60_000 }).toBeGreaterThan(0);
    await shot('node-down');
  });
});
