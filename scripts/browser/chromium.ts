/**
 * Finds the Chromium that this machine has and launches it for the browser tests. Playwright's own browser download
 * does not work everywhere, so only playwright-core is a dependency and the browser is the machine's.
 */
import { accessSync, constants, globSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const COMMANDS = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'chrome-headless-shell',
  'microsoft-edge',
] as const;

const LOCATIONS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: [
    '/usr/lib/chromium/chromium',
    '/usr/lib64/chromium-browser/chromium-browser',
    '/opt/google/chrome/chrome',
    '/snap/bin/chromium',
    '~/.cache/ms-playwright/chromium-*/chrome-linux*/chrome',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    '/opt/homebrew/bin/chromium',
    '~/Library/Caches/ms-playwright/chromium-*/chrome-mac*/Chromium.app/Contents/MacOS/Chromium',
  ],
};

/** No sandbox, because tests also run as root in containers; the rest keeps the browser off the network. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
] as const;

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The path of an installed Chromium-based browser, or undefined when there is none.
 * CHROMIUM_PATH, where set, is the only candidate: throws when nothing executable is there.
 */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const chosen = environment.CHROMIUM_PATH;
  if (chosen) {
    if (!isExecutable(chosen)) throw new Error(`CHROMIUM_PATH is set, but ${chosen} is not an executable file`);
    return chosen;
  }
  const directories = (environment.PATH ?? '').split(delimiter).filter((directory) => directory !== '');
  const inPath = COMMANDS.flatMap((command) => directories.map((directory) => join(directory, command)));
  const wellKnown = (LOCATIONS[process.platform] ?? []).flatMap((pattern) => {
    const path = pattern.replace(/^~/, homedir());
    return path.includes('*') ? globSync(path) : [path];
  });
  return [...inPath, ...wellKnown].find(isExecutable);
}

/** Launches the machine's browser, headless. Throws when there is none, naming the command that installs it. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('no Chromium on this machine: run `npm run install-chromium`');
  return chromium.launch({ executablePath, headless: true, args: [...FLAGS] });
}
