/**
 * The explorer over a chain on which everything happened that governance knows. The chain is executed and certified by
 * the real code, and the real gateway serves it; only consensus and network are not there, so it costs seconds.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ensureExplorer } from '../lib/explorer.ts';
import { EXPLORER_DIST, ROOT } from '../testnet/testnet.ts';
import { launchChromium } from './chromium.ts';

const GATEWAY = join(ROOT, 'node/src/testing/bin/governed-gateway.ts');
const WIDE = { width: 1_440, height: 950 };
const NARROW = { width: 390, height: 844 };
/** Generous: machines are shared, and nothing here asserts speed. */
const SHOWN_MS_MAX = 60_000;

const toldSchema = z.object({ port: z.int(), incidents: z.record(z.string(), z.string()) });
type Told = z.infer<typeof toldSchema>;

let gateway: ChildProcess | undefined;
let told: Told;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  await ensureExplorer(() => {});
  told = await startGateway();
  browser = await launchChromium();
  page = await browser.newPage({ viewport: WIDE, locale: 'en-US', colorScheme: 'light' });
  page.setDefaultTimeout(SHOWN_MS_MAX);
  page.on('console', (message) => {
    if (message.type() === 'error' || message.text().includes('[antd:')) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
});
afterAll(async () => {
  await browser?.close();
  gateway?.kill();
});

async function startGateway(): Promise<Told> {
  const child = spawn(process.execPath, [GATEWAY, EXPLORER_DIST], { stdio: ['pipe', 'pipe', 'inherit'] });
  gateway = child;
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return toldSchema.parse(JSON.parse(String(line)));
}

const go = (path: string): Promise<unknown> => page.goto(`http://127.0.0.1:${told.port}${path}`);
const region = (name: string | RegExp) => page.getByRole('region', { name });

describe('the explorer on a governed chain', () => {
  it('shows motions with what became of them, and which one changed a parameter', async () => {
    await go('/governance?lang=en-US&theme=light');
    await region('Motion 5 · Treasury spending').getByText('Being voted on').waitFor();
    for (const [title, fate] of [
      ['Motion 4 · Change of parameters', 'Passed, waiting'],
      ['Motion 3 · Change of parameters', 'Not passed'],
      ['Motion 2 · Treasury spending', 'Paid'],
      ['Motion 1 · Change of parameters', 'Enacted'],
    ] as const) {
      expect(await region(title).getByText(fate, { exact: true }).count(), title).toBe(1);
    }
    const bounty = page.getByRole('row', { name: /rewards\.bounty/ });
    for (const cell of ['1,200 tokens', '0 to 50,000 tokens', 'epoch 3, motion 1']) {
      expect(await bounty.getByRole('cell', { name: cell, exact: true }).count(), cell).toBe(1);
    }
  });

  it('shows an overturned verdict as overturned, and who was slashed for it', async () => {
    await go(`/incidents/${told.incidents.overturned}`);
    await page.getByText('The claim of round 1 was overturned').waitFor();
    await region('Challenge of round 1').getByText('Upheld').waitFor();
    await region('Reports of the outcome').getByText('Recovered', { exact: true }).first().waitFor();
    const settlement = region('Settlement');
    await settlement.getByText(/went back to the treasury/).waitFor();
    const proposer = settlement.getByRole('row', { name: /Probability Oracle/ });
    expect(await proposer.getByRole('cell', { name: '-100' }).count()).toBeGreaterThan(0);
  });

  it('shows a challenge as it is decided, without a reload', async () => {
    await go(`/incidents/${told.incidents.challenged}`);
    const challenge = region('Challenge of round 1');
    await challenge.getByText('Second vote').waitFor();
    await page.getByText(/stands still while a challenge is voted on/).waitFor();
    gateway?.stdin?.write('decide\n');
    await challenge.getByText('Upheld').waitFor();
    await page.getByText('The claim of round 1 was overturned').waitFor();
  });

  it('tells of reboots, of an agent’s ledger, and of slashes with their evidence', async () => {
    await go('/economy');
    await region('Reboots')
      .getByText(/was bankrupt and is rebooted \(number 1\)/)
      .waitFor();
    await page.getByRole('link', { name: 'Ledger of Probability Oracle' }).click();
    await page.getByRole('columnheader', { name: 'Incident' }).waitFor();
    await go('/validators');
    await page.getByText('Jailed').waitFor();
    await page.getByRole('link', { name: 'The two signed votes' }).click();
    await page.getByText(/signed two contradicting votes \(Notarization \+ Notarization\)/).waitFor();
  });

  it('draws these pages in Chinese and narrow, without a complaint', async () => {
    await page.setViewportSize(NARROW);
    const incident = `/incidents/${told.incidents.overturned}`;
    for (const path of ['/governance', incident, '/economy', '/validators', '/']) {
      await go(`${path}?lang=zh-CN&theme=dark`);
      await page.locator('main h1').waitFor();
      await expect.poll(() => page.locator('.ant-skeleton').count(), { timeout: SHOWN_MS_MAX }).toBe(0);
      const overflow = await page.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect(overflow, path).toBeLessThanOrEqual(0);
    }
    expect(complaints).toEqual([]);
  });
});
